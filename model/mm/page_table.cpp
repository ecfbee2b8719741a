// SPDX-License-Identifier: Apache-2.0
#include "model/mm/page_table.hpp"

#include "sim/assert.hpp"
#include "sim/current.hpp"

namespace model {

void PageTables::boot(unsigned bits_per_level) { bits_ = bits_per_level; }

PageTable* PageTables::make_table() {
  ++in_use_;
  sim::touch(this, sizeof *this, sim::Access::write);
  if (free_) {
    PageTable* table = free_;
    sim::touch(table, sizeof *table, sim::Access::write);
    free_ = table->next_free;
    table->next_free = nullptr;
    return table;
  }
  const std::size_t entries = std::size_t{1} << bits_;
  auto* table = sim::current.arena->make<PageTable>();
  table->entries = static_cast<sim::Cell<std::uint64_t>*>(
      sim::current.arena->allocate(entries * sizeof(sim::Cell<std::uint64_t>), 8));
  sim::touch(table, sizeof *table, sim::Access::write);
  return table;
}

void PageTables::free_table(PageTable* table) {
  --in_use_;
  sim::touch(this, sizeof *this, sim::Access::write);
  sim::touch(table, sizeof *table, sim::Access::write);
  table->next_free = free_;
  free_ = table;
}

PageTable* PageTables::leaf(VirtAddr address) const {
  sim::touch(&root_, sizeof root_, sim::Access::read);
  PageTable* table = address < limit() ? root_ : nullptr;
  for (unsigned level = 0; table && level + 1 < kLevels; ++level)
    table = child(*table, index(address, level));
  return table;
}

PageTable& PageTables::alloc_leaf(VirtAddr address) {
  SIM_ASSERT(page_table_lock_.held_by_me());
  SIM_ASSERT(address < limit());
  if (!root_) root_ = make_table();
  PageTable* table = root_;
  for (unsigned level = 0; level + 1 < kLevels; ++level) {
    sim::Cell<std::uint64_t>& entry = table->entries[index(address, level)];
    if (entry.read() == 0) entry.write(reinterpret_cast<std::uint64_t>(make_table()));
    table = reinterpret_cast<PageTable*>(entry.read());
  }
  return *table;
}

Pte PageTables::get(const PageTable& leaf, VirtAddr address) const {
  return Pte::from_bits(leaf.entries[index(address, kLevels - 1)].read());
}

void PageTables::set(PageTable& leaf, VirtAddr address, Pte pte) {
  SIM_ASSERT(leaf.ptl.held_by_me());
  leaf.entries[index(address, kLevels - 1)].write(pte.bits());
}

Pte PageTables::set_dirty(VirtAddr address) {
  PageTable& table = *leaf(address);
  const Pte dirty = get(table, address).pte_mkdirty();
  table.entries[index(address, kLevels - 1)].write(dirty.bits());
  return dirty;
}

Pte PageTables::walk(VirtAddr address) const {
  const PageTable* table = leaf(address);
  return table ? get(*table, address) : Pte{};
}

VirtAddr PageTables::next_leaf(VirtAddr address) const {
  sim::touch(&root_, sizeof root_, sim::Access::read);
  if (!root_ || address >= limit()) return {kPageMask};
  const PageTable* table = root_;
  unsigned level = 0;
  for (; table && level + 1 < kLevels; ++level) table = child(*table, index(address, level));
  const std::uint64_t span = std::uint64_t{1} << shift(level - 1);  // of the entry that was looked at last
  return {(address.value / span + 1) * span};
}

void PageTables::free_tables(AddrRange range) {
  if (root_ && free_below(root_, 0, VirtAddr{0}, range)) {
    sim::touch(this, sizeof *this, sim::Access::write);
    root_ = nullptr;
  }
}

// Frees what lies in `range` below and including `table`; true if `table` itself is gone.
bool PageTables::free_below(PageTable* table, unsigned level, VirtAddr base, AddrRange range) {
  const bool leaf_table = level + 1 == kLevels;
  const std::uint64_t span = std::uint64_t{1} << shift(level);
  bool empty = true;
  for (std::uint64_t i = 0; i < std::uint64_t{1} << bits_; ++i) {
    sim::Cell<std::uint64_t>& entry = table->entries[i];
    if (entry.read() == 0) continue;
    const VirtAddr at{base.value + i * span};
    const bool overlaps = range.overlaps({at, {at.value + span}});
    if (!leaf_table && overlaps &&
        free_below(reinterpret_cast<PageTable*>(entry.read()), level + 1, at, range)) {
      entry.write(0);
    }
    empty = empty && entry.read() == 0;
  }
  const AddrRange covered{base, {base.value + (span << bits_)}};
  const bool inside = range.start <= covered.start && covered.end <= range.end;
  if (!empty || !inside) return false;
  free_table(table);
  return true;
}

}  // namespace model
