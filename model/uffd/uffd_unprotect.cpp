// SPDX-License-Identifier: Apache-2.0
// Follows mm/userfaultfd.c: userfaultfd_clear_vma.
#include "model/uffd/uffd_unprotect.hpp"

#include "model/fault/change_protection.hpp"
#include "model/uffd/uffd_wp_range.hpp"

namespace model {

sim::Task<void> uffd_unprotect(Mm& mm, Vma& vma, AddrRange range) {
  if (vma.userfaultfd_wp()) co_await uffd_wp_range(mm, vma, range, WpChange::resolve);
  if (!vma.userfaultfd_rwp()) co_return;
  const ProtectionChange resolve{.kind = ProtectionChange::Kind::rwp_resolve, .vm_flags = vma.flags()};
  co_await change_protection(mm, range, resolve);
}

}  // namespace model
