// SPDX-License-Identifier: Apache-2.0
// UFFDIO_COPY. Follows mm/userfaultfd.c: mfill_atomic_copy.
#include <array>

#include "model/fault/access.hpp"
#include "model/kernels/kernel.hpp"
#include "model/uffd/hugetlb_mfill.hpp"
#include "model/uffd/mfill.hpp"
#include "model/uffd/mfill_page.hpp"
#include "model/uffd/range.hpp"

namespace model {
namespace {

struct CopyInFlight {
  UserfaultfdCtx* ctx = nullptr;
  Mm* caller = nullptr;
  CopySource source;
  AddrRange range;
  UffdWp wp = UffdWp::clear;       // of the pages it fills
  PageSize size = PageSize::base;  // of the next one, once the destination is locked
  std::array<char, 6> padding{};   // named, so that an assignment writes it
  std::uint64_t filled = 0;        // bytes
  Folio* folio = nullptr;          // has the next page's bytes, read while no lock was held
};

VirtAddr source_address(const CopyInFlight& copy) { return {copy.source.start.value + copy.filled}; }
VirtAddr source_end(const CopyInFlight& copy) { return {source_address(copy).value + bytes_of(copy.size)}; }

// Where the source's next page begins. A source that is not aligned reaches into one page more.
VirtAddr next_source_page(const CopyInFlight& copy, VirtAddr at) {
  const Vma* vma = copy.size == PageSize::huge ? copy.caller->vmas.vma_lookup(at) : nullptr;
  const bool huge = vma && vma->is_vm_hugetlb_page();
  return huge ? at.huge_page() + PageCount{kPagesPerHugePage} : at.page() + PageCount{1};
}

// Puts the source's bytes into the folio without taking page faults; false if one would be needed.
// Simplified: a page has one content, so a source in several pages gives that of the first.
sim::Task<bool> copy_from_user_atomic(const CopyInFlight& copy, Folio& folio) {
  if (copy.source.kind == CopySource::Kind::letters) {
    folio.state.modify().content = copy.source.letter(copy.filled / bytes_of(copy.source.letter_for));
    co_return true;
  }
  char content = 0;
  for (VirtAddr at = source_address(copy); at < source_end(copy); at = next_source_page(copy, at)) {
    const Touched read = co_await touch_memory_atomic(*copy.caller, at, Access::read, 0);
    if (read.how != Touched::How::done) co_return false;
    if (at == source_address(copy)) content = read.content;
  }
  folio.state.modify().content = content;
  co_return true;
}

// The next page, with the destination locked. ENOENT: the source has to be faulted in first, and the folio
// waits in `copy` for its bytes.
sim::Task<Errno> mfill_atomic_pte_copy(CopyInFlight& copy, Vma& vma) {
  Mm& mm = *copy.ctx->mm;
  const VirtAddr address{copy.range.start.value + copy.filled};
  Folio* folio = copy.folio;
  copy.folio = nullptr;
  if (!folio) {
    folio = co_await mfill_alloc_folio(mm, vma, address);
    if (!folio) co_return Errno::nomem;
    const bool copied = co_await copy_from_user_atomic(copy, *folio);
    if (!copied) {
      copy.folio = folio;
      co_return Errno::noent;
    }
  }
  const Errno error = co_await mfill_atomic_new_folio(mm, vma, address, *folio, copy.wp);
  if (error != Errno::none) mm.system->memory.folio_put(*folio);
  co_return error;
}

sim::Task<bool> read_huge_page(const void* copy, Folio& folio) {
  return copy_from_user_atomic(*static_cast<const CopyInFlight*>(copy), folio);
}

// The next huge page; as mfill_atomic_pte_copy. What is staged is no page of the pool's.
sim::Task<Errno> mfill_huge_page(CopyInFlight& copy, Vma& vma) {
  Memory& memory = copy.ctx->mm->system->memory;
  const VirtAddr address{copy.range.start.value + copy.filled};
  Folio* staged = copy.folio;
  copy.folio = nullptr;
  const HugeSource source{read_huge_page, &copy, staged};
  const Errno error = co_await hugetlb_mfill_copy(*copy.ctx->mm, vma, address, source, copy.wp);
  if (staged) memory.folio_put(*staged);
  if (error == Errno::noent) {
    copy.folio = memory.alloc_folio();
    if (!copy.folio) co_return Errno::nomem;
  }
  co_return error;
}

// Fills pages until one is refused or all are filled. Called with the destination locked.
sim::Task<Errno> fill_pages(CopyInFlight& copy, Vma& vma) {
  while (copy.filled < copy.range.bytes()) {
    Errno error = Errno::none;
    if (copy.size == PageSize::huge) {
      error = co_await mfill_huge_page(copy, vma);
    } else {
      error = co_await mfill_atomic_pte_copy(copy, vma);
    }
    if (error != Errno::none) co_return error;
    copy.filled += bytes_of(copy.size);
    if (sim::current_thread().fatal_signal) co_return Errno::intr;
  }
  co_return Errno::none;
}

// With every lock dropped, the source may fault, and even become a userfault.
sim::Task<Errno> copy_from_user(CopyInFlight& copy) {
  char content = 0;
  for (VirtAddr at = source_address(copy); at < source_end(copy); at = next_source_page(copy, at)) {
    const Touched read = co_await touch_memory(*copy.caller, at, Access::read, Mode::kernel, 0);
    if (read.how != Touched::How::done) co_return Errno::fault;
    if (at == source_address(copy)) content = read.content;
  }
  copy.folio->state.modify().content = content;
  co_return Errno::none;
}

// Whether the copy can be made, or go on, into this mapping. A huge page that was being copied when the locks
// were dropped must still be one.
Errno mfill_validate(CopyInFlight& copy, const Vma& vma) {
  if (copy.wp == UffdWp::set && !vma.userfaultfd_wp()) return Errno::inval;
  const PageSize before = copy.size;
  copy.size = vma.page_size();
  if (copy.folio && before == PageSize::huge && copy.size != before) return Errno::noent;
  return is_aligned(copy.range, copy.size) ? Errno::none : Errno::inval;
}

sim::Task<Errno> mfill_atomic(CopyInFlight& copy) {
  const Kernel& kernel = *copy.ctx->mm->system->kernel;
  for (;;) {
    const MfillLock lock = co_await kernel.mfill_lock(*copy.ctx, copy.range);
    if (lock.error != Errno::none) co_return lock.error;
    Errno error = mfill_validate(copy, *lock.vma);
    const bool goes_on = error == Errno::none;
    if (goes_on) error = co_await fill_pages(copy, *lock.vma);
    kernel.mfill_unlock(*copy.ctx, lock);
    if (!goes_on || !copy.folio) co_return error;
    // Everything is looked up again afterwards: the layout may have changed meanwhile.
    const Errno faulted = co_await copy_from_user(copy);
    if (faulted != Errno::none) co_return faulted;
  }
}

}  // namespace

sim::Task<IoctlReply> userfaultfd_copy(UserfaultfdCtx& ctx, Mm& caller, RangeRequest request,
                                       CopySource source) {
  constexpr std::uint64_t kModes = UFFDIO_COPY_MODE_DONTWAKE | UFFDIO_COPY_MODE_WP;
  const IoctlReply refused = co_await mfill_gate(ctx, request, kModes);
  if (refused.error != Errno::none) co_return refused;
  if (source.kind == CopySource::Kind::memory) {
    const Errno valid = validate_unaligned_range(source.start, request.length);
    if (valid != Errno::none) co_return IoctlReply::of(valid);
  }
  CopyInFlight copy{.ctx = &ctx,
                    .caller = &caller,
                    .source = source,
                    .range = range_of(request.start, request.length),
                    .wp = request.mode & UFFDIO_COPY_MODE_WP ? UffdWp::set : UffdWp::clear};
  const Errno error = co_await mfill_atomic(copy);
  if (copy.folio) ctx.mm->system->memory.folio_put(*copy.folio);
  const IoctlReply reply = co_await mfill_reply(ctx, copy.range, copy.filled, error, request.mode);
  co_return reply;
}

}  // namespace model
