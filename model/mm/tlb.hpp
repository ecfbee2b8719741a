// SPDX-License-Identifier: Apache-2.0
// Tlb: what one CPU remembers of the page table. Every load and store goes through it. Clearing a page
// table entry leaves TLBs as they are until somebody flushes them; that window is where bugs lived.
//
// Simplified: each simulated thread runs on a CPU of its own. An entry may vanish at any time on real
// hardware; here a CPU may drop an entry just when it would use it, if that makes a difference (access.cpp).
#pragma once
#include <array>
#include <cstdint>

#include "model/mm/address.hpp"
#include "model/mm/pte.hpp"
#include "sim/cell.hpp"

namespace model {

class Tlb {
 public:
  struct Entry {
    std::uint64_t page = 0;  // page number, of a huge page's first, + 1; 0 for an empty entry
    Pte pte;
    // What it translates. Of an entry that is not empty.
    AddrRange range() const {
      const VirtAddr start{(page - 1) << kPageShift};
      return {start, start + PageCount{pte.pte_huge() ? kPagesPerHugePage : 1}};
    }
  };
  static constexpr std::size_t kEntries = 4;

  // The remembered leaf for the page, none if there is none.
  Pte lookup(VirtAddr address) const;
  void fill(VirtAddr address, Pte pte);
  void flush(AddrRange range);

  // For looking from outside the simulation.
  const std::array<Entry, kEntries>& peek() const { return entries_.peek(); }

 private:
  sim::Cell<std::array<Entry, kEntries>> entries_;
};

}  // namespace model
