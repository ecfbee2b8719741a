// SPDX-License-Identifier: Apache-2.0
// The checks that every ioctl makes of the range it is given (uffd-semantics §4).
#pragma once
#include "model/errno.hpp"
#include "model/mm/address.hpp"

namespace model {

// One past the last address of a process: x86-64 with four-level page tables.
inline constexpr VirtAddr kTaskSize{0x7fff'ffff'f000};

// EINVAL unless start and length are multiples of a page, the length is not 0, and the range lies below
// kTaskSize without wrapping.
Errno validate_range(VirtAddr start, std::uint64_t length);
// The same without the alignment of `start`: the source of a COPY.
Errno validate_unaligned_range(VirtAddr start, std::uint64_t length);

// Whether a range consists of whole pages of that size.
inline bool is_aligned(AddrRange range, PageSize size) {
  return range.start.value % bytes_of(size) == 0 && range.end.value % bytes_of(size) == 0;
}

inline AddrRange range_of(VirtAddr start, std::uint64_t length) { return {start, {start.value + length}}; }

}  // namespace model
