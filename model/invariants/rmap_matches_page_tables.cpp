// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

// Whether the folio's anon_vma leads to a mapping in which its index is this address.
bool rmap_finds(const Folio::State& folio, VirtAddr address) {
  if (!folio.anon_vma) return false;
  for (const Vma& vma : folio.anon_vma->vmas.peek()) {
    const Vma::State& state = vma.state.peek();
    if (state.range.contains(address) &&
        state.pgoff + (address.page_number() - state.range.start.page_number()) == folio.index) {
      return true;
    }
  }
  return false;
}

std::string broken(Process& process) {
  const Memory& memory = process.system.memory;
  std::string how;
  process.mm.page_tables.for_each_present([&](VirtAddr address, Pte pte) {
    if (!how.empty() || memory.is_zero_page(pte.pte_pfn())) return;
    if (!rmap_finds(memory.peek(pte.pte_pfn()).state.peek(), address)) {
      how = "the folio mapped at page " + std::to_string(address.page_number()) + " does not lead back there";
    }
  });
  return how;
}

}  // namespace

constinit const Invariant rmap_matches_page_tables{
    "rmap-matches-page-tables", "From every mapped folio the reverse map leads back to where it is mapped.", broken};

}  // namespace model
