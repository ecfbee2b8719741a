// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

std::string broken_in(Process& process) {
  std::string how;
  process.mm.page_tables.for_each_leaf([&](VirtAddr address, Pte pte) {
    if (!how.empty()) return;
    const std::string page = "page " + std::to_string(address.page_number());
    const bool marker = pte.is_marker(PteMarker::uffd_wp) || pte.is_poisoned() || pte.is_guard();
    if (pte.pte_present() == marker) how = page + " is neither present nor a marker that is known, or both";
    if (!process.mm.vmas.vma_lookup(address)) how = page + " is mapped and lies in no mapping";
  });
  return process.mm.mmap_lock.idle() ? how : std::string{};
}

std::string broken(Machine& machine) {
  for (Process& process : machine.all()) {
    if (std::string how = broken_in(process); !how.empty()) return how;
  }
  return {};
}

}  // namespace

constinit const Invariant leaves_are_of_one_kind{"leaves-are-of-one-kind",
                                                 "What a page table holds is a present page or one marker, "
                                                 "and lies in a mapping when nobody changes mappings.",
                                                 broken};

}  // namespace model
