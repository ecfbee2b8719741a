// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "model/invariants/invariant.hpp"

namespace model {
namespace {

std::string broken(Machine& machine) {
  std::map<std::uint32_t, unsigned> mapped;
  for (const Process& process : machine.all()) {
    process.mm.page_tables.for_each_present([&](VirtAddr, Pte pte) { ++mapped[pte.pte_pfn().value]; });
  }
  const Memory& memory = machine.system.memory;
  for (std::uint32_t pfn = 1; pfn < memory.frame_count(); ++pfn) {
    const Folio::State& folio = memory.peek({pfn}).state.peek();
    if (folio.mapcount != mapped[pfn]) {
      return "frame " + std::to_string(pfn) + " counts " + std::to_string(folio.mapcount) +
             " mappings and has " + std::to_string(mapped[pfn]);
    }
    if (folio.anon_exclusive && folio.mapcount > 1)
      return "frame " + std::to_string(pfn) + " is exclusive and mapped twice";
    if (folio.refcount < folio.mapcount)
      return "frame " + std::to_string(pfn) + " is mapped without a reference";
  }
  return {};
}

}  // namespace

constinit const Invariant map_counts{"map-counts",
                                     "A folio counts the page table entries that map it, and each holds a "
                                     "reference; an exclusive one is mapped once.",
                                     broken};

}  // namespace model
