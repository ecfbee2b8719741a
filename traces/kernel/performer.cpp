// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/performer.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <new>

#include "traces/kernel/descriptor_calls.hpp"
#include "traces/kernel/file_calls.hpp"
#include "traces/kernel/fill.hpp"
#include "traces/kernel/scan_call.hpp"
#include "traces/kernel/system_call.hpp"
#include "traces/kernel/touch.hpp"
#include "traces/kernel/uffd_calls.hpp"

namespace traces {
namespace {

static_assert(kProtRead == PROT_READ && kProtWrite == PROT_WRITE);

// The raw system calls: libc and the sanitizers have opinions of their own about absurd ranges.
Value call_munmap(const Call& call) {
  return Value::of(outcome(syscall(SYS_munmap, call.range.start, call.range.length)));
}
Value call_mprotect(const Call& call) {
  return Value::of(outcome(syscall(SYS_mprotect, call.range.start, call.range.length, call.protection)));
}
// What a child moves elsewhere goes with the child.
Value call_mremap(const Call& call, const Subject& subject) {
  Board& board = subject.board;
  const std::int64_t at = syscall(SYS_mremap, call.range.start, call.range.length, call.target.length,
                                  call.flags, call.target.start);
  const model::Errno error = outcome(at);
  const auto start = static_cast<std::uint64_t>(at);
  const bool elsewhere = error == model::Errno::none && (start < window::kBase || start >= window::kTop);
  const bool first_process = &subject.descriptors == &board.descriptors.front();
  if (elsewhere && first_process) {
    const std::size_t index = board.moved_elsewhere++;
    if (index < kMaxNames) {
      board.elsewhere_bytes[index] = call.target.length;
      board.elsewhere[index] = start;
    }
  }
  return Value::of(error);
}
Value call_madvise(const Call& call, std::uint64_t advice) {
  return Value::of(outcome(syscall(SYS_madvise, call.range.start, call.range.length, advice)));
}

[[noreturn]] void end_process() {
  for (;;) syscall(SYS_exit_group, kProgramExit);
}

}  // namespace

Performer::Performer(Subject subject) : subject_(subject) {}

Value Performer::store(const Call& call) {
  if (call.extent == Call::Extent::pages) return fill_pages(call);
  return touch_store(call.range.start, call.letter(0));
}

// The bytes of a copy, one letter a page. No more of them than the program has address space: a longer
// copy is refused by the kernel before it reads any.
std::uint64_t Performer::staged_source(const Call& call) {
  const std::uint64_t bytes = std::min(call.range.length, subject_.board.address_space);
  const std::size_t pages = bytes / model::kPageSize + 1;
  if (pages > source_pages_) {
    source_.reset(static_cast<char*>(std::aligned_alloc(model::kPageSize, pages * model::kPageSize)));
    if (!source_) throw std::bad_alloc();
    source_pages_ = pages;
  }
  for (std::size_t page = 0; page < pages; ++page) {
    std::memset(source_.get() + page * model::kPageSize, call.letter(page), model::kPageSize);
  }
  return reinterpret_cast<std::uint64_t>(source_.get());
}

Value Performer::copy(const Call& call) {
  return call_copy(call, descriptor(call), call.has_source ? call.source : staged_source(call));
}

Value Performer::counts(const Call& call) const {
  const auto counts = subject_.view.counts(descriptor(call));
  if (!counts) return Value::of(model::Errno::badf);
  return {.kind = ValueKind::counts, .start = counts->pending, .end = counts->total};
}

Value Performer::perform(const Call& call) {
  std::atomic<std::uint64_t>& variable = subject_.board.variables[call.variable];
  switch (call.kind) {
    case OperationKind::load:
      return touch_load(call.range.start);
    case OperationKind::store:
      return store(call);
    case OperationKind::copy_from_user:
      return pipe_.copy_from_user(call.range.start);
    case OperationKind::copy_to_user:
      return pipe_.copy_to_user(call.range.start, call.letter(0));
    case OperationKind::mmap:
      return call_mmap(call);
    case OperationKind::munmap:
      return call_munmap(call);
    case OperationKind::mprotect:
      return call_mprotect(call);
    case OperationKind::dontneed:
      return call_madvise(call, MADV_DONTNEED);
    case OperationKind::remove:
      return call_madvise(call, MADV_REMOVE);
    case OperationKind::madvise:
      return call_madvise(call, call.mode);
    case OperationKind::mremap:
      return call_mremap(call, subject_);
    case OperationKind::fork:
      return {};  // FreeThreads does that: a child needs code to run
    case OperationKind::truncate:
      return call_truncate(call);
    case OperationKind::punch:
      return call_punch(call);
    case OperationKind::pwrite:
      return call_pwrite(call);
    case OperationKind::exit:
      end_process();
    case OperationKind::userfaultfd:
      return call_userfaultfd(call, subject_.board.privilege, subject_.descriptors);
    case OperationKind::api:
      return call_api(call, descriptor(call));
    case OperationKind::register_:
      return call_register(call, descriptor(call));
    case OperationKind::unregister:
      return call_unregister(call, descriptor(call));
    case OperationKind::copy:
      return copy(call);
    case OperationKind::zeropage:
      return call_zeropage(call, descriptor(call));
    case OperationKind::wake:
      return call_wake(call, descriptor(call));
    case OperationKind::writeprotect:
      return call_writeprotect(call, descriptor(call));
    case OperationKind::rwprotect:
      return call_rwprotect(call, descriptor(call));
    case OperationKind::set_mode:
      return call_set_mode(call, descriptor(call));
    case OperationKind::poison:
      return call_poison(call, descriptor(call));
    case OperationKind::continue_:
      return call_continue(call, descriptor(call));
    case OperationKind::move:
      return call_move(call, descriptor(call));
    case OperationKind::read:
      return call_read(call, subject_.board, subject_.descriptors, left_);
    case OperationKind::next:
      return take_next(left_);
    case OperationKind::poll:
      return call_poll(call, descriptor(call));
    case OperationKind::close:
      return call_close(call, subject_.descriptors);
    case OperationKind::dup:
      return call_dup(call, subject_.descriptors);
    case OperationKind::setfl:
      return call_setfl(call, descriptor(call));
    case OperationKind::epoll_add:
      return call_epoll_add(call, descriptor(call));
    case OperationKind::epoll_del:
      return call_epoll_del(call, descriptor(call));
    case OperationKind::epoll_wait:
      return call_epoll_wait(call);
    case OperationKind::send:
      return call_send(call, descriptor(call));
    case OperationKind::receive:
      return call_receive(call, subject_.descriptors);
    case OperationKind::lock:
      return subject_.mutexes.lock(call.mutex);
    case OperationKind::unlock:
      return subject_.mutexes.unlock(call.mutex);
    case OperationKind::get:
      return Value::number(variable);
    case OperationKind::set:
      variable = call.number;
      return Value::ok();
    case OperationKind::pagemap:
      return {.kind = ValueKind::page,
              .small = static_cast<std::uint8_t>(subject_.view.page_state(call.range.start))};
    case OperationKind::fdinfo:
      return counts(call);
    case OperationKind::vma:
      return {.kind = ValueKind::mapping, .small = subject_.view.mapping(call.range.start)};
    case OperationKind::scan:
      return call_scan(call, subject_.view.pagemap());
  }
  return Value::of(model::Errno::nosys);
}

}  // namespace traces
