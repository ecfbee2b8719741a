// SPDX-License-Identifier: Apache-2.0
// Program addresses: where the regions of a program lie. Both machines use the same numbers (a real
// kernel adds one constant), so adjacency, holes and misalignment mean the same on both. Addresses at or
// above kTaskSize belong to no process: both machines pass them to the kernel as they are. Regions of huge
// pages begin at a multiple of those.
#pragma once
#include <string>
#include <vector>

#include "traces/program.hpp"

namespace traces {

class Layout {
 public:
  explicit Layout(const Program& program);

  model::AddrRange region(std::size_t index) const { return regions_[index]; }
  // The size of the pages of the region that the address lies in; base outside every region.
  model::PageSize page_size_at(model::VirtAddr address) const;
  // One past the last address used; everything lies in [kFirstPage, end).
  model::VirtAddr end() const { return end_; }

  // The address range an expression names. `message` is the value of its register for Base::message.
  // The sum wraps as 64-bit arithmetic does: bad ranges are for the kernel to refuse.
  struct Resolved {
    model::VirtAddr start;
    std::uint64_t length = 0;
  };
  Resolved resolve(const RangeExpression& range, const Value& message) const;

  // An address as a person writes it: "x", "r[2]", "x+0x123", "@0x7000" outside every region.
  std::string name_of(model::VirtAddr address) const;
  // A page-aligned range: "x", "r[0..2]", or "@0x1000..@0x3000".
  std::string name_of(model::AddrRange range) const;

  static constexpr model::VirtAddr kFirstPage{model::kPageSize};
  static constexpr model::VirtAddr kTaskSize{0x7fff'ffff'f000};  // x86-64, four-level page tables
  // What stands in a REMAP message for wherever the kernel moved something that was free to go: no program
  // address, and no two machines choose the same.
  static constexpr model::VirtAddr kElsewhere = kTaskSize;
  // Where something was moved to, as a message tells it.
  model::VirtAddr moved_to(model::VirtAddr to) const { return to < end_ ? to : kElsewhere; }

 private:
  std::vector<model::AddrRange> regions_;
  std::vector<std::string> names_;
  std::vector<model::PageSize> page_sizes_;
  std::vector<bool> single_;
  model::VirtAddr end_ = kFirstPage;
};

}  // namespace traces
