// SPDX-License-Identifier: Apache-2.0
#include "model/invariants/invariant.hpp"

namespace model {
namespace {

std::string broken_in(const Process& process) {
  VirtAddr end{0};
  for (const Vma& vma : process.mm.vmas.peek()) {
    const Vma::State& state = vma.state.peek();
    if (state.range.empty()) return "a mapping is empty";
    if (state.range.start < end) return "two mappings overlap";
    if ((state.ctx != nullptr) != ((state.flags & kUffdModes) != 0)) {
      return "a mapping has a context without a mode, or a mode without a context";
    }
    if (!vma.may_split(state.range.start) || !vma.may_split(state.range.end))
      return "a mapping of huge pages begins or ends within one";
    end = state.range.end;
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

constinit const Invariant mappings_are_well_formed{
    "mappings-are-well-formed", "Mappings do not overlap, and are registered with a context or with no mode.",
    broken};

}  // namespace model
