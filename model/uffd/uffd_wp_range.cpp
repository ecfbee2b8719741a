// SPDX-License-Identifier: Apache-2.0
// Follows mm/userfaultfd.c: uffd_wp_range, and userfaultfd_wp_use_markers.
#include "model/uffd/uffd_wp_range.hpp"

#include "model/fault/change_protection.hpp"
#include "model/kernels/kernel.hpp"

namespace model {
namespace {

bool userfaultfd_wp_use_markers(const Vma& vma) {
  if (!vma.userfaultfd_wp()) return false;
  const UserfaultfdCtx* ctx = vma.state.read().ctx;
  return !vma.vma_is_anonymous() || ctx->has_feature(abi::kFeatureWpUnpopulated);
}

}  // namespace

sim::Task<void> uffd_wp_range(Mm& mm, Vma& vma, AddrRange range, WpChange change) {
  const bool protects = change == WpChange::protect;
  const bool marks = protects && userfaultfd_wp_use_markers(vma);
  const ProtectionChange leaves{
      .kind = protects ? ProtectionChange::Kind::protect : ProtectionChange::Kind::resolve,
      .vm_flags = vma.flags(),
      .unpopulated = marks ? Unpopulated::becomes_marker : Unpopulated::stays_none,
      .write_after_resolve = mm.system->kernel->write_after_resolve};
  if (vma.is_vm_hugetlb_page()) {
    co_await hugetlb_change_protection(vma, range, leaves);
  } else {
    co_await change_protection(mm, range, leaves);
  }
}

}  // namespace model
