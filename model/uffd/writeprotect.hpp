// SPDX-License-Identifier: Apache-2.0
// mwriteprotect_range: what UFFDIO_WRITEPROTECT does once its argument has been checked.
#pragma once
#include "model/uffd/api.hpp"
#include "model/uffd/uffd_wp_range.hpp"

namespace model {

// The checks of WRITEPROTECT and RWPROTECT before the address space is touched, which stays from then on.
// There is no output field that a refusal could be stored in. Their mode bits are the same numbers.
sim::Task<Errno> protect_gate(UserfaultfdCtx& ctx, const RangeRequest& request);

// Changes every mapping of the range, up to the first that is not registered for WP (ENOENT; what was changed
// before it stays so). Holes are passed over; a range of nothing else is ENOENT. EAGAIN while the layout is
// changing. Called with no lock held.
sim::Task<Errno> mwriteprotect_range(UserfaultfdCtx& ctx, AddrRange range, WpChange change);
// Before 6.3: the range lies in one mapping, or ENOENT.
sim::Task<Errno> mwriteprotect_one_mapping(UserfaultfdCtx& ctx, AddrRange range, WpChange change);

}  // namespace model
