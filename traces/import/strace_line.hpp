// SPDX-License-Identifier: Apache-2.0
// A line of strace's output taken apart: who, when, which call, its arguments as text, its result. Knows
// strace's way of writing, nothing of userfaultfd.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traces {

struct StraceLine {
  enum class Shape : std::uint8_t {
    whole,       // name(arguments) = result
    unfinished,  // name(arguments <unfinished ...>
    resumed,     // <... name resumed>rest of arguments) = result
    remark,      // +++ exited with 0 +++, --- SIGSEGV … ---, strace: Process 5 attached
    unknown,
  };
  Shape shape = Shape::unknown;
  std::uint32_t thread = 0;  // 0: not written (no -f)
  std::uint64_t clock = 0;   // nanoseconds; 0: not written (no -t, -tt or -ttt)
  std::string_view name;     // of the call
  std::string_view
      rest;  // whole, resumed: everything behind "(" or "resumed>"; unfinished: the arguments so far
};

StraceLine parse_strace_line(std::string_view text);

// What stands behind the "(" of a call that returned.
struct StraceCall {
  std::vector<std::string_view> arguments;  // without the spaces around them
  std::optional<std::int64_t> result;       // none: "?"
  std::string_view error;                   // "EAGAIN", empty if there was none
  std::uint64_t duration = 0;               // nanoseconds; 0: not written (no -T)
};

// The call, or why the text is none.
std::optional<StraceCall> parse_strace_call(std::string_view rest);

// The arguments alone, of text without the closing parenthesis.
std::vector<std::string_view> split_arguments(std::string_view text);

// The value of "key=" among the members of a struct written {a=1, b={c=2}}; empty if it is not there.
std::string_view member_of(std::string_view braces, std::string_view key);

// "13<anon_inode:[userfaultfd]>": the number, and what -y wrote about it.
struct StraceDescriptor {
  std::uint32_t number = 0;
  std::string_view what;  // empty without -y
};
std::optional<StraceDescriptor> parse_descriptor(std::string_view text);

}  // namespace traces
