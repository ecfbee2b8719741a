// SPDX-License-Identifier: Apache-2.0
// A call: one operation made ready for a real kernel. Its addresses are the kernel's and it is plain
// bytes, so that one process can hand it to another through shared memory.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "traces/kernel/window.hpp"
#include "traces/operation.hpp"
#include "traces/program.hpp"

namespace traces {

struct Call {
  enum class Extent : std::uint8_t {
    byte,   // a store touches one byte
    pages,  // it fills whole pages, one letter each: how initial contents are written, also a file's
    // Of `receive` and `epoll_wait`: the socket pair or epoll instance itself is made.
    creation,
  };
  OperationKind kind = OperationKind::load;
  Extent extent = Extent::byte;
  model::PageSize letter_for = model::PageSize::base;  // what one letter is for
  std::uint8_t uffd = 0;
  std::uint8_t protection = 0;
  std::uint8_t file = 0;  // what an operation on a file acts on; its range is one of the file
  Backing backing{};
  std::uint8_t mutex = 0;
  std::uint8_t variable = 0;
  std::uint8_t epoll = 0;
  std::uint8_t socket = 0;
  Door door = Door::system_call;
  Trigger trigger = Trigger::level;
  Wait wait = Wait::forever;
  Argument argument = Argument::readable;
  std::uint8_t opens = Operation::kOpensNothing;
  std::uint8_t child = 0;  // fork: number of the thread
  bool has_source = false;
  std::uint32_t letter_count = 0;
  const char* letters = nullptr;  // not owned; one a page, the last repeated
  window::Range range{};
  std::uint64_t source = 0;
  bool has_target = false;
  window::Range target{};  // mremap: without a place only the length counts
  std::uint64_t number = 0;
  std::uint64_t mode = 0;
  std::uint64_t flags = 0;
  std::uint64_t api = 0;
  std::uint64_t features = 0;
  std::uint64_t disabled = 0;
  Scan scan{};
  std::uint64_t room = 0;

  // Of the base page so many pages behind the start.
  char letter(std::size_t page) const {
    if (letter_count == 0) return '\0';
    const std::size_t one = model::bytes_of(letter_for) / model::kPageSize;
    return letters[std::min<std::size_t>(page / one, letter_count - 1)];
  }
};
static_assert(std::is_trivially_copyable_v<Call>);

// The letters point into `operation`, which must outlive the call. `message` is the value that
// Base::message means.
Call to_call(const Operation& operation, const Layout& layout, const Value& message);

// What must be done before the threads start, in order: files, regions, initial contents, userfaultfds.
struct SetupStep {
  Call call;
  std::string what;  // "region x", "userfaultfd u: UFFDIO_API": for reports
};
// The letters point into `letters`, which must outlive the steps.
std::vector<SetupStep> setup_steps(const Program& program, const Layout& layout,
                                   std::vector<std::string>& letters);

}  // namespace traces
