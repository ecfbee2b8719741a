// SPDX-License-Identifier: Apache-2.0
#include "model/mm/page_table.hpp"

#include "sim/assert.hpp"
#include "sim/current.hpp"

namespace model {

void PageTables::boot(unsigned bits_per_level, unsigned leaf_bits) {
  bits_ = bits_per_level;
  leaf_bits_ = leaf_bits;
}

PageTable* PageTables::make_table(unsigned level) {
  ++in_use_;
  sim::touch(this, sizeof *this, sim::Access::write);
  if (PageTable*& free = free_list(level)) {
    PageTable* table = free;
    sim::touch(table, sizeof *table, sim::Access::write);
    free = table->next_free;
    table->next_free = nullptr;
    return table;
  }
  const std::size_t entries = entry_count(level);
  auto* table = sim::current.arena->make<PageTable>();
  table->entries = static_cast<sim::Cell<std::uint64_t>*>(
      sim::current.arena->allocate(entries * sizeof(sim::Cell<std::uint64_t>), 8));
  sim::touch(table, sizeof *table, sim::Access::write);
  return table;
}

void PageTables::free_table(PageTable* table, unsigned level) {
  --in_use_;
  sim::touch(this, sizeof *this, sim::Access::write);
  sim::touch(table, sizeof *table, sim::Access::write);
  table->next_free = free_list(level);
  free_list(level) = table;
}

PageTable* PageTables::table_at(VirtAddr address, unsigned level) const {
  sim::touch(&root_, sizeof root_, sim::Access::read);
  PageTable* table = address < limit() ? root_ : nullptr;
  for (unsigned above = 0; table && above < level; ++above) table = child(*table, index(address, above));
  return table;
}

PageTable& PageTables::alloc_table_at(VirtAddr address, unsigned level) {
  SIM_ASSERT(page_table_lock_.held_by_me());
  SIM_ASSERT(address < limit());
  if (!root_) root_ = make_table(0);
  PageTable* table = root_;
  for (unsigned above = 0; above < level; ++above) {
    sim::Cell<std::uint64_t>& entry = table->entries[index(address, above)];
    SIM_ASSERT(!is_huge(entry.read()));
    if (entry.read() == 0) entry.write(reinterpret_cast<std::uint64_t>(make_table(above + 1)));
    table = reinterpret_cast<PageTable*>(entry.read());
  }
  return *table;
}

PageTable* PageTables::leaf(VirtAddr address) const { return table_at(address, kLeafLevel); }
PageTable& PageTables::alloc_leaf(VirtAddr address) { return alloc_table_at(address, kLeafLevel); }
PageTable* PageTables::huge_pte_offset(VirtAddr address) const { return table_at(address, kHugeLevel); }
PageTable& PageTables::huge_pte_alloc(VirtAddr address) { return alloc_table_at(address, kHugeLevel); }

Pte PageTables::huge_ptep_get(const PageTable& table, VirtAddr address) const {
  return Pte::from_bits(table.entries[index(address, kHugeLevel)].read());
}

void PageTables::set_huge_pte_at(PageTable& table, VirtAddr address, Pte pte) {
  SIM_ASSERT(table.ptl.held_by_me());
  table.entries[index(address, kHugeLevel)].write(pte.pte_none() ? 0 : pte.pte_mkhuge().bits());
}

Pte PageTables::get(const PageTable& leaf, VirtAddr address) const {
  return Pte::from_bits(leaf.entries[index(address, kLevels - 1)].read());
}

void PageTables::set(PageTable& leaf, VirtAddr address, Pte pte) {
  SIM_ASSERT(leaf.ptl.held_by_me());
  leaf.entries[index(address, kLevels - 1)].write(pte.bits());
}

Pte PageTables::set_dirty(VirtAddr address) {
  const Pte dirty = walk(address).pte_mkdirty();
  const unsigned level = dirty.pte_huge() ? kHugeLevel : kLeafLevel;
  table_at(address, level)->entries[index(address, level)].write(dirty.bits());
  return dirty;
}

Pte PageTables::walk(VirtAddr address) const {
  const PageTable* above = table_at(address, kHugeLevel);
  if (!above) return {};
  const std::uint64_t entry = above->entries[index(address, kHugeLevel)].read();
  if (entry == 0 || is_huge(entry)) return Pte::from_bits(entry);
  return get(*reinterpret_cast<const PageTable*>(entry), address);
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
  for (std::uint64_t i = 0; i < entry_count(level); ++i) {
    sim::Cell<std::uint64_t>& entry = table->entries[i];
    if (entry.read() == 0) continue;
    const VirtAddr at{base.value + i * span};
    const bool overlaps = range.overlaps({at, {at.value + span}});
    if (!leaf_table && overlaps && !is_huge(entry.read()) &&
        free_below(reinterpret_cast<PageTable*>(entry.read()), level + 1, at, range)) {
      entry.write(0);
    }
    empty = empty && entry.read() == 0;
  }
  const AddrRange covered{base, {base.value + span * entry_count(level)}};
  const bool inside = range.start <= covered.start && covered.end <= range.end;
  if (!empty || !inside) return false;
  free_table(table, level);
  return true;
}

}  // namespace model
