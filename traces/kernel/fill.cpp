// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/fill.hpp"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "traces/kernel/system_call.hpp"

namespace traces {
namespace {

// /proc/self/mem reaches private memory whatever its protection.
model::Errno write_through_proc(const Call& call) {
  const int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
  if (memory < 0) return outcome(memory);
  model::Errno error = model::Errno::none;
  std::vector<char> page(model::kPageSize);
  for (std::uint64_t at = 0; at < call.range.length && error == model::Errno::none; at += page.size()) {
    std::memset(page.data(), call.letter(at / page.size()), page.size());
    error = outcome(pwrite(memory, page.data(), page.size(), static_cast<off_t>(call.range.start + at)));
  }
  close(memory);
  return error;
}

}  // namespace

Value fill_pages(const Call& call) {
  if ((call.protection & kProtWrite) == 0) return Value::of(write_through_proc(call));
  for (std::uint64_t at = 0; at < call.range.length; at += model::kPageSize) {
    char* const page = reinterpret_cast<char*>(call.range.start + at);
    std::memset(page, call.letter(at / model::kPageSize), model::kPageSize);
  }
  return Value::ok();
}

}  // namespace traces
