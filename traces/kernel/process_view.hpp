// SPDX-License-Identifier: Apache-2.0
// A process as /proc shows it: which pages are present and what they hold, its mappings, the queues of its
// userfaultfds. Looking never faults a page in. Sources: Documentation/admin-guide/mm/pagemap.rst,
// Documentation/filesystems/proc.rst.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/mm/address.hpp"
#include "traces/final_state.hpp"
#include "traces/value.hpp"

namespace traces {

class ProcessView {
 public:
  // Throws std::system_error where /proc does not show that much of the process.
  explicit ProcessView(pid_t pid);
  ~ProcessView();
  ProcessView(const ProcessView&) = delete;
  ProcessView& operator=(const ProcessView&) = delete;

  // State and content of the pages that begin in a range of kernel addresses. What RWP protects has no
  // content: to read it, even from outside, would be an access.
  std::vector<FinalState::Page> pages(model::AddrRange range, model::PageSize size) const;
  // The first pages of a file that the process has open: what it holds, `missing` for a hole, `unmapped`
  // beyond the end.
  std::vector<FinalState::Page> pages_of_file(int descriptor, std::uint64_t count,
                                              model::PageSize size) const;
  // A page in swap is taken for a poisoned one: nothing of a program's is ever swapped out.
  PageState page_state(std::uint64_t address) const;
  // VmaState bits of the mapping at an address; 0 if there is none.
  std::uint8_t mapping(std::uint64_t address) const;
  // The queue lengths of a userfaultfd; none if the number is not one.
  struct Counts {
    std::uint32_t pending = 0;
    std::uint32_t total = 0;
  };
  std::optional<Counts> counts(int descriptor) const;

  // /proc/PID/pagemap, open for reading.
  int pagemap() const { return pagemap_; }

 private:
  std::vector<model::AddrRange> mappings(model::AddrRange range) const;
  // The bit is the same for WP and RWP: only the mapping tells which it is.
  PageState with_mode(PageState state, std::uint64_t address) const;

  std::string directory_;  // "/proc/PID/"
  int pagemap_ = -1;
  int memory_ = -1;
};

}  // namespace traces
