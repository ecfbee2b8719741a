// SPDX-License-Identifier: Apache-2.0
// Where a mapping can be put.
#pragma once
#include "model/errno.hpp"
#include "model/mm/mm.hpp"

namespace model {

// One past the last address of the process.
VirtAddr address_limit(const Mm& mm);

// `hint` if it is page-aligned and free for so many bytes, else the highest gap that is large enough; ENOMEM
// if there is none. Called with mmap_lock held.
Result<VirtAddr> get_unmapped_area(Mm& mm, VirtAddr hint, std::uint64_t length);

}  // namespace model
