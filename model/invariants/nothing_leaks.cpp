// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

std::string broken(Process& process) {
  if (process.mm.users.peek() > 0 || sim::current.world->condition() != sim::Condition::finished) return {};
  if (process.system.memory.used_frames() > 0) return "frames are still in use";
  if (process.mm.page_tables.tables_in_use() > 0) return "page tables are still in use";
  if (process.system.vma_cache.alive() > 0) return "mappings are still allocated";
  if (process.system.anon_vma_cache.alive() > 0) return "anon_vmas are still allocated";
  if (process.contexts.alive() > 0) return "userfaultfd contexts are still allocated";
  if (process.files.alive() > 0) return "files are still open";
  return {};
}

}  // namespace

constinit const Invariant nothing_leaks{
    "nothing-leaks", "When the last thread of a process has ended, nothing of it is left.", broken};

}  // namespace model
