// SPDX-License-Identifier: Apache-2.0
// Follows mm/mmap.c: arch_get_unmapped_area_topdown.
//
// Simplified: the address space ends where the page tables of this world do.
#include "model/syscalls/unmapped_area.hpp"

#include <algorithm>

#include "model/uffd/range.hpp"

namespace model {
namespace {

// Between the highest mapping and the end of the address space, for the stack.
constexpr PageCount kStackGap{std::uint64_t{128} << (20 - kPageShift)};

}  // namespace

VirtAddr address_limit(const Mm& mm) { return std::min(mm.page_tables.limit(), kTaskSize); }

Result<VirtAddr> get_unmapped_area(Mm& mm, VirtAddr hint, std::uint64_t length) {
  const VirtAddr limit = address_limit(mm);
  if (length > limit.value) return error(Errno::nomem);
  const bool fits = hint.value <= limit.value - length;
  if (hint.page_aligned() && fits && !mm.vmas.find_intersection(range_of(hint, length))) return hint;
  VirtAddr ceiling = limit.value > 2 * kStackGap.bytes() ? limit - kStackGap : limit;
  for (;;) {
    Vma* below = mm.vmas.last_before(ceiling);
    const VirtAddr floor = below ? below->end() : VirtAddr{kPageSize};
    if (floor <= ceiling && ceiling - floor >= length) return VirtAddr{ceiling.value - length};
    if (!below) return error(Errno::nomem);
    ceiling = below->start();
  }
}

}  // namespace model
