// SPDX-License-Identifier: Apache-2.0
// PageTables: the radix tree from page numbers to leaves, of one process. Four levels, as on x86-64; the
// number of bits a level is a parameter: 9 is the real machine, 2 keeps a world small enough to explore.
//
// Simplified: all levels that a leaf needs are allocated together, under page_table_lock.
#pragma once
#include <cstdint>

#include "model/mm/address.hpp"
#include "model/mm/locks.hpp"
#include "model/mm/pte.hpp"
#include "sim/cell.hpp"
#include "sim/lock.hpp"

namespace model {

// One table. The lock is the split page table lock of a leaf table; upper tables do not use it.
struct PageTable {
  sim::Lock ptl{locks::kPte};
  sim::Cell<std::uint64_t>* entries = nullptr;  // leaf: Pte bits; above: PageTable*, 0 for none
  PageTable* next_free = nullptr;
};

class PageTables {
 public:
  static constexpr unsigned kLevels = 4;

  void boot(unsigned bits_per_level);

  unsigned bits_per_level() const { return bits_; }
  // One past the last address that these tables can map.
  VirtAddr limit() const { return {std::uint64_t{1} << (kLevels * bits_ + kPageShift)}; }

  // The leaf table that covers `address`; null if it was never allocated. Read without a lock.
  PageTable* leaf(VirtAddr address) const;
  // The same, allocating what is missing. Called with page_table_lock held.
  PageTable& alloc_leaf(VirtAddr address);

  Pte get(const PageTable& leaf, VirtAddr address) const;
  // Called with leaf.ptl held.
  void set(PageTable& leaf, VirtAddr address, Pte pte);
  // What the hardware does at the first write through a leaf that allows it: it is dirty now. Takes no lock.
  Pte set_dirty(VirtAddr address);
  // Leaf lookup and read in one: the hardware's walk, and the kernel's lockless ones. None where no table is.
  Pte walk(VirtAddr address) const;

  // Frees the tables that lie wholly in [floor, ceiling); every leaf of them must be none. Called with
  // mmap_lock held and no VMA in that range (free_pgtables).
  void free_tables(AddrRange range);

  // Where the next leaf table begins behind the one of `address`, or may begin: what has no tables is
  // skipped, at one step if a whole table of a higher level is missing.
  VirtAddr next_leaf(VirtAddr address) const;

  sim::Lock& page_table_lock() { return page_table_lock_; }
  std::uint32_t tables_in_use() const { return in_use_; }

  // Calls visit(address, Pte) for every leaf that is not none, in order. Leaves no footprint.
  template <class Visit>
  void for_each_leaf(Visit visit) const {
    for_each_in(root_, 0, VirtAddr{0}, visit);
  }
  // The same for present leaves.
  template <class Visit>
  void for_each_present(Visit visit) const {
    for_each_leaf([&](VirtAddr address, Pte pte) {
      if (pte.pte_present()) visit(address, pte);
    });
  }

 private:
  unsigned shift(unsigned level) const { return kPageShift + (kLevels - 1 - level) * bits_; }
  std::uint64_t index(VirtAddr address, unsigned level) const {
    return address.value >> shift(level) & ((std::uint64_t{1} << bits_) - 1);
  }
  PageTable* child(const PageTable& table, std::uint64_t at) const {
    return reinterpret_cast<PageTable*>(table.entries[at].read());
  }
  PageTable* make_table();
  void free_table(PageTable* table);
  bool free_below(PageTable* table, unsigned level, VirtAddr base, AddrRange range);

  template <class Visit>
  void for_each_in(const PageTable* table, unsigned level, VirtAddr base, const Visit& visit) const {
    if (!table) return;
    for (std::uint64_t i = 0; i < std::uint64_t{1} << bits_; ++i) {
      const std::uint64_t entry = table->entries[i].peek();
      if (entry == 0) continue;
      const VirtAddr at{base.value + (i << shift(level))};
      if (level + 1 == kLevels) {
        visit(at, Pte::from_bits(entry));
      } else {
        for_each_in(reinterpret_cast<const PageTable*>(entry), level + 1, at, visit);
      }
    }
  }

  sim::Lock page_table_lock_{locks::kPageTable};
  PageTable* root_ = nullptr;
  PageTable* free_ = nullptr;
  std::uint32_t bits_ = 0;
  std::uint32_t in_use_ = 0;
};

}  // namespace model
