// SPDX-License-Identifier: Apache-2.0
// Folio: one page frame of the simulated machine and what the kernel knows about it.
//
// Simplified: a folio is one base page, or one huge page; and its content is one letter, whatever its size.
#pragma once
#include <cstdint>
#include <type_traits>

#include "model/mm/locks.hpp"
#include "sim/cell.hpp"
#include "sim/lock.hpp"

namespace model {

struct AnonVma;
struct Inode;

struct Folio {
  struct State {
    std::uint16_t refcount = 0;  // 0: the frame is free
    std::uint16_t mapcount = 0;  // page table entries that map it
    char content = 0;
    bool anon_exclusive = false;   // no other process maps it (PageAnonExclusive)
    bool hugetlb = false;          // a huge page: it goes back to the pool when it is freed…
    bool restore_reserve = false;  // …and the reservation that it was taken from with it
    AnonVma* anon_vma = nullptr;   // rmap: who may map an anonymous folio…
    Inode* mapping = nullptr;      // …or the file in whose page cache it is; null once it was truncated…
    std::uint64_t index = 0;       // …and at which page offset of those mappings, or of the file
  };
  static_assert(std::has_unique_object_representations_v<State>, "padding would tell equal worlds apart");
  sim::Cell<State> state;
  sim::Lock lock{locks::kFolio};  // of a file's folio: held while it is looked up, mapped or truncated

  bool folio_test_anon() const { return state.read().anon_vma != nullptr; }
};

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::Folio> = true;
