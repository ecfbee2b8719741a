// SPDX-License-Identifier: Apache-2.0
// What MOVE locks, and what it asks of the two mappings. Since 6.8.
#pragma once
#include <array>

#include "model/errno.hpp"
#include "model/uffd/context.hpp"

namespace model {

struct MoveAreas {
  AddrRange to, from;  // equally long
};

struct MoveLock {
  Errno error = Errno::none;
  std::array<std::uint8_t, 7> padding{};  // named, so that a copy takes it along
  Vma* to = nullptr;
  Vma* from = nullptr;  // may be the same
};

// Read-locks the mappings in which the two areas begin, the destination's first and with an anon_vma. ENOENT
// if there is none. Called with no lock held; released by uffd_move_unlock.
sim::Task<MoveLock> uffd_move_lock(Mm& mm, MoveAreas areas);
void uffd_move_unlock(MoveLock lock);

// EINVAL unless both areas lie in their mapping, both mappings are writable and allow the same, and the
// destination is registered with this context. Called with both locked.
Errno validate_move_areas(const UserfaultfdCtx& ctx, const MoveLock& lock, MoveAreas areas);

}  // namespace model
