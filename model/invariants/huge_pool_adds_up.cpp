// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

std::string broken(Machine& machine) {
  const Memory& memory = machine.system.memory;
  const HugePool& pool = memory.peek_huge_pool();
  std::uint32_t taken = 0;
  for (std::uint32_t pfn = 1; pfn < memory.frame_count(); ++pfn) {
    const Folio::State& folio = memory.peek({pfn}).state.peek();
    if (folio.hugetlb && folio.refcount > 0) ++taken;
  }
  if (taken + pool.free != pool.total) {
    return std::to_string(taken) + " huge pages are taken and " + std::to_string(pool.free) + " free, of " +
           std::to_string(pool.total);
  }
  return pool.available() < 0 ? "more huge pages are promised than are free" : std::string{};
}

}  // namespace

constinit const Invariant huge_pool_adds_up{
    "huge-pool-adds-up", "Every huge page is taken or free, and no more are promised than are free.", broken};

}  // namespace model
