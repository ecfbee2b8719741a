// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/range.hpp"

namespace model {

Errno validate_unaligned_range(VirtAddr start, std::uint64_t length) {
  if (length == 0 || (length & ~kPageMask)) return Errno::inval;
  if (start >= kTaskSize || length > kTaskSize - start) return Errno::inval;
  return start.value + length <= start.value ? Errno::inval : Errno::none;
}

Errno validate_range(VirtAddr start, std::uint64_t length) {
  return start.page_aligned() ? validate_unaligned_range(start, length) : Errno::inval;
}

}  // namespace model
