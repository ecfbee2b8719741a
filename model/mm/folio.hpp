// SPDX-License-Identifier: Apache-2.0
// Folio: one page frame of the simulated machine and what the kernel knows about it.
//
// Simplified: a folio is one base page, and its content one letter.
#pragma once
#include <cstdint>

#include "model/mm/list.hpp"
#include "sim/cell.hpp"

namespace model {

struct AnonVma;

struct Folio {
  struct State {
    std::uint16_t refcount = 0;  // 0: the frame is free
    std::uint16_t mapcount = 0;  // page table entries that map it
    char content = 0;
    AnonVma* anon_vma = nullptr;  // rmap: who may map it…
    std::uint64_t index = 0;      // …and at which page offset of those mappings
  };
  sim::Cell<State> state;
  ListHook gathered;  // on a TlbGather, unmapped but not yet freed
};

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::Folio> = true;
