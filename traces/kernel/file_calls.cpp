// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/file_calls.hpp"

#include <fcntl.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "traces/kernel/system_call.hpp"

namespace traces {
namespace {

model::Errno make_file(int number, model::PageSize page_size) {
  const unsigned huge = page_size == model::PageSize::huge ? MFD_HUGETLB | MFD_HUGE_2MB : 0;
  const int first = memfd_create("program", MFD_CLOEXEC | huge);
  if (first < 0) return outcome(first);
  const model::Errno error = outcome(dup3(first, number, O_CLOEXEC));
  close(first);
  return error;
}

// hugetlbfs has no write(2).
Value fill_huge_pages(const Call& call) {
  void* const at = mmap(nullptr, call.range.length, PROT_READ | PROT_WRITE, MAP_SHARED,
                        memfd_number(call.file), static_cast<off_t>(call.range.start));
  if (at == MAP_FAILED) return Value::of(outcome(-1));
  std::memset(at, call.letter(0), call.range.length);
  munmap(at, call.range.length);
  return Value::ok();
}

}  // namespace

// The raw system call: libc and the sanitizers have opinions of their own about absurd ranges.
Value call_mmap(const Call& call) {
  const Backing& backing = call.backing;
  int flags = MAP_FIXED | (backing.shared() ? MAP_SHARED : MAP_PRIVATE);
  if (!backing.has_file) flags |= MAP_ANONYMOUS;
  const bool huge = backing.page_size == model::PageSize::huge;
  if (huge && !backing.has_file) flags |= MAP_HUGETLB | MAP_HUGE_2MB;
  if (backing.reserve == Backing::Reserve::no) flags |= MAP_NORESERVE;
  const int descriptor = backing.has_file ? memfd_number(backing.file) : -1;
  return Value::of(outcome(syscall(SYS_mmap, call.range.start, call.range.length, call.protection, flags,
                                   descriptor, backing.page * model::kPageSize)));
}

Value call_truncate(const Call& call) {
  const int number = memfd_number(call.file);
  if (fcntl(number, F_GETFD) < 0) {
    const model::Errno error = make_file(number, call.backing.page_size);
    if (error != model::Errno::none) return Value::of(error);
  }
  return Value::of(outcome(ftruncate(number, static_cast<off_t>(call.number * model::kPageSize))));
}

Value call_punch(const Call& call) {
  return Value::of(
      outcome(fallocate(memfd_number(call.file), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                        static_cast<off_t>(call.range.start), static_cast<off_t>(call.range.length))));
}

Value call_pwrite(const Call& call) {
  if (call.extent == Call::Extent::pages && call.letter_for == model::PageSize::huge)
    return fill_huge_pages(call);
  std::vector<char> bytes(call.range.length);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = call.letter(i / model::kPageSize);
  return Value::of(outcome(
      pwrite(memfd_number(call.file), bytes.data(), bytes.size(), static_cast<off_t>(call.range.start))));
}

}  // namespace traces
