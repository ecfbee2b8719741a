// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

std::string broken(Machine& machine) {
  // A child that was never born is not finished, and never will be.
  const sim::Condition condition = sim::current.world->condition();
  if (condition != sim::Condition::finished && condition != sim::Condition::blocked) return {};
  for (const Process& process : machine.all()) {
    if (process.mm.users.peek() > 0) return {};
  }
  if (machine.system.memory.used_frames() > 0) return "frames are still in use";
  for (const Process& process : machine.all()) {
    if (process.mm.page_tables.tables_in_use() > 0) return "page tables are still in use";
  }
  if (machine.system.vma_cache.alive() > 0) return "mappings are still allocated";
  if (machine.system.anon_vma_cache.alive() > 0) return "anon_vmas are still allocated";
  const HugePool& pool = machine.system.memory.peek_huge_pool();
  if (pool.free != pool.total || pool.reserved != 0) return "huge pages are still taken, or promised";
  if (machine.system.resv_map_cache.alive() > 0) return "promises of huge pages are still remembered";
  if (machine.system.hugetlb_vma_cache.alive() > 0) return "what a mapping of huge pages had is still there";
  if (machine.system.inode_cache.alive() > 0) return "files in shared memory are still there";
  if (machine.system.page_cache_nodes.alive() > 0) return "a page cache is still allocated";
  if (machine.contexts.alive() > 0) return "userfaultfd contexts are still allocated";
  if (machine.files.alive() > 0) return "files are still open";
  if (machine.epoll_items.alive() > 0) return "an epoll instance still watches a file";
  return {};
}

}  // namespace

constinit const Invariant nothing_leaks{
    "nothing-leaks", "When the last thread of the last process has ended, nothing is left.", broken};

}  // namespace model
