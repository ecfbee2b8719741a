// SPDX-License-Identifier: Apache-2.0
// PageTables: the radix tree from page numbers to leaves, of one process. Four levels, as on x86-64; the
// number of bits a level is a parameter: 9 is the real machine, 2 keeps a world small enough to explore.
//
// An entry of the level above the leaf tables is a leaf itself where a huge page is mapped.
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

// One table. The lock is the split page table lock of a leaf table, or of one whose entries are huge pages;
// other tables do not use it.
struct PageTable {
  sim::Lock ptl{locks::kPte};
  sim::Cell<std::uint64_t>* entries = nullptr;  // leaf: Pte bits; above: PageTable*, 0 for none
  PageTable* next_free = nullptr;
};

class PageTables {
 public:
  static constexpr unsigned kLevels = 4;

  // `leaf_bits` are those of the leaf tables; 9, so that the level above maps pages of 2 MiB, where huge
  // pages are wanted.
  void boot(unsigned bits_per_level, unsigned leaf_bits);

  // Bytes that one leaf table maps.
  std::uint64_t leaf_table_span() const { return kPageSize << leaf_bits_; }
  // One past the last address that these tables can map.
  VirtAddr limit() const { return {std::uint64_t{1} << ((kLevels - 1) * bits_ + leaf_bits_ + kPageShift)}; }

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

  // The same for huge pages: the table whose entries map them, what it holds for the address, and its change.
  PageTable* huge_pte_offset(VirtAddr address) const;
  PageTable& huge_pte_alloc(VirtAddr address);  // called with page_table_lock held
  Pte huge_ptep_get(const PageTable& table, VirtAddr address) const;
  void set_huge_pte_at(PageTable& table, VirtAddr address, Pte pte);  // called with table.ptl held

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
  static constexpr unsigned kLeafLevel = kLevels - 1;
  static constexpr unsigned kHugeLevel = kLevels - 2;
  unsigned shift(unsigned level) const {
    return level == kLeafLevel ? kPageShift : kPageShift + leaf_bits_ + (kHugeLevel - level) * bits_;
  }
  std::uint64_t entry_count(unsigned level) const {
    return std::uint64_t{1} << (level == kLeafLevel ? leaf_bits_ : bits_);
  }
  std::uint64_t index(VirtAddr address, unsigned level) const {
    return address.value >> shift(level) & (entry_count(level) - 1);
  }
  static bool is_huge(std::uint64_t entry) { return Pte::from_bits(entry).pte_huge(); }
  // The table below; null if there is none, or a huge page instead.
  static PageTable* child(const PageTable& table, std::uint64_t at) {
    const std::uint64_t entry = table.entries[at].read();
    return is_huge(entry) ? nullptr : reinterpret_cast<PageTable*>(entry);
  }
  // The table of a level that covers the address; null if there is none. Made, if it is missing.
  PageTable* table_at(VirtAddr address, unsigned level) const;
  PageTable& alloc_table_at(VirtAddr address, unsigned level);
  PageTable* make_table(unsigned level);
  void free_table(PageTable* table, unsigned level);
  PageTable*& free_list(unsigned level) { return level == kLeafLevel ? free_leaves_ : free_; }
  bool free_below(PageTable* table, unsigned level, VirtAddr base, AddrRange range);

  template <class Visit>
  void for_each_in(const PageTable* table, unsigned level, VirtAddr base, const Visit& visit) const {
    if (!table) return;
    for (std::uint64_t i = 0; i < entry_count(level); ++i) {
      const std::uint64_t entry = table->entries[i].peek();
      if (entry == 0) continue;
      const VirtAddr at{base.value + (i << shift(level))};
      if (level == kLeafLevel || is_huge(entry)) {
        visit(at, Pte::from_bits(entry));
      } else {
        for_each_in(reinterpret_cast<const PageTable*>(entry), level + 1, at, visit);
      }
    }
  }

  sim::Lock page_table_lock_{locks::kPageTable};
  PageTable* root_ = nullptr;
  PageTable* free_ = nullptr;         // above the leaf tables
  PageTable* free_leaves_ = nullptr;  // leaf tables, which may be of another size
  std::uint32_t bits_ = 0;
  std::uint32_t leaf_bits_ = 0;
  std::uint32_t in_use_ = 0;
};

}  // namespace model
