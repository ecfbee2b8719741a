// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/snapshot.hpp"

#include "traces/kernel/file_calls.hpp"

namespace traces {
namespace {

FinalState with_variables(const Program& program, const Board& board) {
  FinalState state;
  state.threads.resize(program.threads.size());
  for (std::size_t i = 0; i < program.variables.size(); ++i) state.variables.push_back(board.variables[i]);
  return state;
}

}  // namespace

FinalState snapshot(const Program& program, const Layout& layout, const Board& board,
                    const ProcessView& view) {
  FinalState state = with_variables(program, board);
  for (std::size_t i = 0; i < program.regions.size(); ++i) {
    const model::AddrRange range = layout.region(i);
    state.pages.push_back(view.pages({{window::to_kernel(range.start)}, {window::to_kernel(range.end)}},
                                     program.regions[i].backing.page_size));
  }
  for (std::size_t i = 0; i < program.files.size(); ++i) {
    state.files.push_back(
        view.pages_of_file(memfd_number(i), pages_of_file(program, i), program.files[i].page_size));
  }
  for (std::size_t i = 0; i < program.uffds.size(); ++i) {
    const auto counts = view.counts(board.descriptors[0][i]);
    state.uffds.push_back(counts ? FinalState::Uffd{true, counts->pending, counts->total}
                                 : FinalState::Uffd{});
  }
  return state;
}

FinalState snapshot_after_exit(const Program& program, const Board& board) {
  FinalState state = with_variables(program, board);
  for (const Region& region : program.regions) state.pages.emplace_back(region.count());
  for (std::size_t i = 0; i < program.files.size(); ++i) state.files.emplace_back(pages_of_file(program, i));
  state.uffds.resize(program.uffds.size());
  state.exited = true;
  return state;
}

}  // namespace traces
