// SPDX-License-Identifier: Apache-2.0
// UFFDIO_COPY. Follows mm/userfaultfd.c: mfill_atomic_copy.
#include "model/fault/access.hpp"
#include "model/kernels/kernel.hpp"
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
  UffdWp wp = UffdWp::clear;  // of the pages it fills
  std::uint64_t filled = 0;   // bytes
  Folio* folio = nullptr;     // filled with the next page's bytes while no lock was held
};

VirtAddr source_address(const CopyInFlight& copy) { return {copy.source.start.value + copy.filled}; }
// A source that is not page-aligned reaches into a second page.
VirtAddr source_last_byte(const CopyInFlight& copy) { return {source_address(copy).value + kPageSize - 1}; }
bool spans_two_pages(const CopyInFlight& copy) { return !source_address(copy).page_aligned(); }

// Puts the source's bytes into the folio without taking page faults; false if one would be needed.
sim::Task<bool> copy_from_user_atomic(const CopyInFlight& copy, Folio& folio) {
  if (copy.source.kind == CopySource::Kind::letters) {
    folio.state.modify().content = copy.source.letter(copy.filled / kPageSize);
    co_return true;
  }
  const Touched read = co_await touch_memory_atomic(*copy.caller, source_address(copy), Access::read, 0);
  if (read.how != Touched::How::done) co_return false;
  if (spans_two_pages(copy)) {
    const Touched rest = co_await touch_memory_atomic(*copy.caller, source_last_byte(copy), Access::read, 0);
    if (rest.how != Touched::How::done) co_return false;
  }
  // Simplified: a page has one content, so a source in two pages gives that of the first.
  folio.state.modify().content = read.content;
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

// Fills pages until one is refused or all are filled. Called with the destination locked.
sim::Task<Errno> fill_pages(CopyInFlight& copy, Vma& vma) {
  while (copy.filled < copy.range.bytes()) {
    const Errno error = co_await mfill_atomic_pte_copy(copy, vma);
    if (error != Errno::none) co_return error;
    copy.filled += kPageSize;
    if (sim::current_thread().fatal_signal) co_return Errno::intr;
  }
  co_return Errno::none;
}

// With every lock dropped, the source may fault, and even become a userfault.
sim::Task<Errno> copy_from_user(CopyInFlight& copy) {
  const Touched read =
      co_await touch_memory(*copy.caller, source_address(copy), Access::read, Mode::kernel, 0);
  if (read.how != Touched::How::done) co_return Errno::fault;
  if (spans_two_pages(copy)) {
    const Touched rest =
        co_await touch_memory(*copy.caller, source_last_byte(copy), Access::read, Mode::kernel, 0);
    if (rest.how != Touched::How::done) co_return Errno::fault;
  }
  copy.folio->state.modify().content = read.content;
  co_return Errno::none;
}

sim::Task<Errno> mfill_atomic(CopyInFlight& copy) {
  const Kernel& kernel = *copy.ctx->mm->system->kernel;
  for (;;) {
    const MfillLock lock = co_await kernel.mfill_lock(*copy.ctx, copy.range);
    if (lock.error != Errno::none) co_return lock.error;
    Errno error = Errno::inval;  // UFFDIO_COPY_MODE_WP into a mapping that is not registered for WP
    const bool allowed = copy.wp == UffdWp::clear || lock.vma->userfaultfd_wp();
    if (allowed) error = co_await fill_pages(copy, *lock.vma);
    kernel.mfill_unlock(*copy.ctx, lock);
    if (!copy.folio) co_return error;
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
