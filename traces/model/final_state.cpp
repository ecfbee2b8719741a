// SPDX-License-Identifier: Apache-2.0
// Looking at a world from outside: no step is taken, no footprint left.
#include "traces/model/world.hpp"

namespace traces {
namespace {

ThreadEnd end_of(const ProgramWorld& world, const sim::World& sim_world, std::size_t id,
                 std::uint8_t spinning) {
  const ProgramWorld::ThreadState& state = world.threads[id];
  if (!state.born) return ThreadEnd::unborn;
  if (state.killed) return ThreadEnd::killed;
  if (state.ended && sim_world.finished(static_cast<sim::ThreadId>(id))) return ThreadEnd::done;
  return spinning >> id & 1 ? ThreadEnd::spins : ThreadEnd::blocked;
}

FinalState::Page page_at(model::Process& process, model::VirtAddr address) {
  const model::Vma* vma = process.mm.vmas.vma_lookup(address);
  if (!vma) return {};
  const model::Pte pte = process.mm.page_tables.walk(address);
  const PageState state = page_state(vma->flags(), pte);
  if (!pte.pte_present() || state == PageState::present_rwp) return {.state = state};
  return {.state = state, .content = process.machine->system.memory.peek(pte.pte_pfn()).state.peek().content};
}

// Nothing of a file is left once the process has exited.
FinalState::Page page_of_file(const model::Process& process, std::size_t file, std::uint64_t index) {
  const model::Inode* inode = process.memfds[file].peek();
  const std::uint64_t size_of_page = inode && inode->hugetlb ? model::kPagesPerHugePage : 1;
  if (!inode || index >= inode->i_size.peek() / size_of_page) return {};
  const model::Folio* folio = inode->i_pages.peek(index);
  if (!folio) return {.state = PageState::missing};
  return {.state = PageState::present, .content = folio->state.peek().content};
}

FinalState::Uffd uffd_at(const model::File* file) {
  if (!file) return {};
  const auto pending = static_cast<std::uint32_t>(file->ctx->fault_pending_wqh.length());
  const auto read = static_cast<std::uint32_t>(file->ctx->fault_wqh.length());
  return {.open = true, .pending = pending, .total = pending + read};
}

}  // namespace

PageState page_state(model::VmFlagBits vm_flags, model::Pte pte) {
  if (pte.pte_none()) return PageState::missing;
  const bool wp =
      pte.is_pte_marker() && (pte.is_marker(model::PteMarker::uffd_wp) || pte != pte.without_scans_wp());
  if (wp) return PageState::missing_wp;
  // Of a huge page pagemap does not show it.
  if (pte.is_marker(model::PteMarker::poisoned))
    return pte.pte_huge() ? PageState::missing : PageState::poisoned;
  if (pte.is_marker(model::PteMarker::guard)) return PageState::guarded;
  if (pte.pte_uffd_wp() == model::UffdWp::clear) return PageState::present;
  return vm_flags & model::VM_UFFD_RWP ? PageState::present_rwp : PageState::present_wp;
}

FinalState final_state(const sim::World& sim_world, std::uint8_t spinning) {
  const ProgramWorld& world = program_world(sim_world);
  const Program& program = world.prepared->program;
  FinalState state;
  model::Process& process = world.machine->processes[0];
  for (std::size_t id = 0; world.threads && id < program.threads.size(); ++id) {
    const Value* registers = world.threads[id].registers;
    state.threads.push_back({.end = end_of(world, sim_world, id, spinning),
                             .registers = {registers, registers + program.threads[id].registers.size()}});
  }
  for (std::size_t region = 0; region < program.regions.size(); ++region) {
    const model::AddrRange range = world.prepared->layout.region(region);
    std::vector<FinalState::Page>& pages = state.pages.emplace_back();
    const model::PageCount page{program.regions[region].page_bytes() / model::kPageSize};
    for (model::VirtAddr at = range.start; at < range.end; at = at + page) {
      pages.push_back(page_at(process, at));
    }
  }
  for (std::size_t file = 0; file < program.files.size(); ++file) {
    std::vector<FinalState::Page>& pages = state.files.emplace_back();
    const std::uint64_t count = pages_of_file(program, file);
    for (std::uint64_t i = 0; i < count; ++i) pages.push_back(page_of_file(process, file, i));
  }
  for (std::size_t i = 0; i < program.uffds.size(); ++i) {
    state.uffds.push_back(uffd_at(world.peek_file(i)));
  }
  for (std::size_t i = 0; i < program.variables.size(); ++i)
    state.variables.push_back(world.variables[i].peek());
  state.exited = process.exiting.peek();
  if (sim_world.bug()) state.kernel_bug = sim_world.bug();
  return state;
}

}  // namespace traces
