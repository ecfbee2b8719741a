// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

bool descends_from(const AnonVma* anon_vma, const AnonVma* ancestor) {
  while (anon_vma && anon_vma != ancestor) anon_vma = anon_vma->parent;
  return anon_vma != nullptr;
}

bool maps(const Vma& vma, const Process& process, std::uint64_t index, VirtAddr address) {
  const Vma::State& state = vma.state.peek();
  return vma.vm_mm == &process.mm && state.range.contains(address) &&
         state.pgoff + (address.page_number() - state.range.start.page_number()) == index;
}

// Whether the folio's anon_vma, or one below it, or its file, leads to a mapping of this process in which its
// index is this address.
bool rmap_finds(const Folio::State& folio, Process& process, VirtAddr address) {
  bool found = false;
  process.machine->system.anon_vma_cache.for_each([&](const AnonVma& anon_vma) {
    if (found || !folio.anon_vma || !descends_from(&anon_vma, folio.anon_vma)) return;
    for (const Vma& vma : anon_vma.vmas.peek()) found = found || maps(vma, process, folio.index, address);
  });
  if (!folio.mapping) return found;
  for (const Vma& vma : folio.mapping->i_mmap.peek())
    found = found || maps(vma, process, folio.index, address);
  return found;
}

std::string broken_in(Process& process) {
  const Memory& memory = process.machine->system.memory;
  std::string how;
  process.mm.page_tables.for_each_present([&](VirtAddr address, Pte pte) {
    if (!how.empty() || memory.is_zero_page(pte.pte_pfn())) return;
    if (!rmap_finds(memory.peek(pte.pte_pfn()).state.peek(), process, address)) {
      how = "the folio mapped at page " + std::to_string(address.page_number()) + " does not lead back there";
    }
  });
  return how;
}

std::string broken(Machine& machine) {
  for (Process& process : machine.all()) {
    if (std::string how = broken_in(process); !how.empty()) return how;
  }
  return {};
}

}  // namespace

constinit const Invariant rmap_matches_page_tables{
    "rmap-matches-page-tables", "From every mapped folio the reverse map leads back to where it is mapped.",
    broken};

}  // namespace model
