// SPDX-License-Identifier: Apache-2.0
// uffd_wp_range: write-protects a range of one mapping, or lifts the protection.
#pragma once
#include "model/uffd/context.hpp"

namespace model {

enum class WpChange : std::uint8_t { protect, resolve };

// Called with mmap_lock held. Wakes nobody. Source: uffd-semantics §13.6.
sim::Task<void> uffd_wp_range(Mm& mm, Vma& vma, AddrRange range, WpChange change);

}  // namespace model
