// SPDX-License-Identifier: Apache-2.0
// What files and mappings of huge pages have besides what others have.
//
// A huge page is promised (reserved) when it is mapped and taken when it is touched. To whom: a file
// remembers the pages that were promised to its shared mappings, and does not forget them when they are
// taken; a private mapping remembers which of its promises it has used up.
//
// Simplified: page tables are never shared between processes (huge_pmd_share), which Linux does for shared
// mappings of a whole GiB; the locks against that are taken all the same.
#pragma once
#include <array>
#include <cstdint>

#include "model/mm/locks.hpp"
#include "sim/cell.hpp"
#include "sim/lock.hpp"
#include "sim/rw_lock.hpp"
#include "sim/slab.hpp"

namespace model {

// Simplified: no file is longer, in huge pages, and nothing larger can be mapped.
inline constexpr std::uint64_t kMaxHugePages = 64;

// Pages of a private mapping whose promise was used up, a bit a page of its file (resv_map). The halves of a
// mapping that was split share it.
struct ResvMap {
  sim::Cell<std::uint64_t> consumed;
  sim::Cell<std::uint32_t> refs;
};

struct HugetlbVma {
  sim::RwLock lock{locks::kHugetlbVma};  // hugetlb_vma_lock
  ResvMap* resv = nullptr;  // null: it is shared, or nothing was promised, or the promise was the parent's
  // A page was taken away from it for its parent: it may not find zeros there (HPAGE_RESV_UNMAPPED).
  sim::Cell<bool> robbed;
};

struct HugetlbInode {
  // Simplified: each file has a table of its own. In Linux there is one, by file and page.
  static constexpr std::size_t kFaultMutexes = 4;
  std::array<sim::Lock, kFaultMutexes> fault_mutex_table{
      sim::Lock{locks::kHugetlbFault}, sim::Lock{locks::kHugetlbFault}, sim::Lock{locks::kHugetlbFault},
      sim::Lock{locks::kHugetlbFault}};
  sim::Cell<std::uint64_t> promised;  // pages, a bit each: reserved by a shared mapping, or taken

  sim::Lock& fault_mutex(std::uint64_t index) { return fault_mutex_table[index % kFaultMutexes]; }
};

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::ResvMap> = true;
template <>
inline constexpr bool sim::dropped_with_its_world<model::HugetlbVma> = true;
template <>
inline constexpr bool sim::dropped_with_its_world<model::HugetlbInode> = true;
