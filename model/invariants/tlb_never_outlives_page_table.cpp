// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

std::string broken_in(const Process& process) {
  // fork flushes once, before it releases mmap_lock.
  if (process.mm.tlb_flush_pending.peek() > 0 || process.mm.mmap_lock.write_held()) return {};
  for (unsigned rest = process.mm.cpus, cpu = 0; rest != 0; rest >>= 1, ++cpu) {
    if (!(rest & 1)) continue;
    for (const Tlb::Entry& entry : process.machine->system.tlbs[cpu].peek()) {
      if (entry.page == 0) continue;
      const PageTable* leaf = process.mm.page_tables.leaf({(entry.page - 1) << kPageShift});
      if (leaf && leaf->ptl.owner() != sim::kNoThread) continue;  // mremap flushes before it lets go
      const Pte now = process.mm.page_tables.walk({(entry.page - 1) << kPageShift});
      const bool covered =
          now.pte_present() && now.pte_pfn() == entry.pte.pte_pfn() && entry.pte.access() <= now.access();
      if (!covered)
        return "CPU " + std::to_string(cpu) + " still allows page " + std::to_string(entry.page - 1);
    }
  }
  return {};
}

std::string broken(Machine& machine) {
  for (const Process& process : machine.all()) {
    if (std::string how = broken_in(process); !how.empty()) return how;
  }
  return {};
}

}  // namespace

constinit const Invariant tlb_never_outlives_page_table{
    "tlb-never-outlives-page-table",
    "A TLB allows what the page table allows, or a flush is owed, or a pte lock is held.", broken};

}  // namespace model
