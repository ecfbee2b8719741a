// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

std::string broken(Process& process) {
  if (process.mm.tlb_flush_pending.peek() > 0) return {};
  for (int cpu = 0; cpu < process.system.cpus; ++cpu) {
    for (const Tlb::Entry& entry : process.system.tlbs[cpu].peek()) {
      if (entry.page == 0) continue;
      const Pte now = process.mm.page_tables.walk({(entry.page - 1) << kPageShift});
      const bool covered = now.pte_present() && now.pte_pfn() == entry.pte.pte_pfn() && entry.pte.access() <= now.access();
      if (!covered) return "CPU " + std::to_string(cpu) + " still allows page " + std::to_string(entry.page - 1);
    }
  }
  return {};
}

}  // namespace

constinit const Invariant tlb_never_outlives_page_table{
    "tlb-never-outlives-page-table", "A TLB allows what the page table allows, or a flush is pending.", broken};

}  // namespace model
