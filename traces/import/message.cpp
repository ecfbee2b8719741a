// SPDX-License-Identifier: Apache-2.0
#include "traces/import/message.hpp"

#include <fmt/format.h>

#include <cstring>

#include "model/uffd/abi.hpp"
#include "traces/format/names.hpp"

namespace traces {
namespace {

static_assert(sizeof(uffd_msg) == kMessageSize);

int digit(char c, int base) {
  const int value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : base;
  return value < base ? value : -1;
}

// Takes up to `most` digits.
char take_byte(std::string_view& text, int base, std::size_t most) {
  int value = 0;
  for (std::size_t i = 0; i < most && !text.empty() && digit(text.front(), base) >= 0; ++i) {
    value = value * base + digit(text.front(), base);
    text.remove_prefix(1);
  }
  return static_cast<char>(value);
}

char take_escape(std::string_view& text) {
  const char c = text.front();
  if (digit(c, 8) >= 0) return take_byte(text, 8, 3);
  text.remove_prefix(1);
  switch (c) {
    case 'x':
      return take_byte(text, 16, 2);
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'v':
      return '\v';
    case 'f':
      return '\f';
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    default:
      return c;  // \" and backslash itself
  }
}

}  // namespace

std::optional<std::string> unescape(std::string_view& quoted) {
  if (!quoted.starts_with('"')) return std::nullopt;
  std::string_view text = quoted.substr(1);
  std::string bytes;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') {
      quoted = text;
      return bytes;
    }
    if (c == '\\' && text.empty()) return std::nullopt;
    bytes += c == '\\' ? take_escape(text) : c;
  }
  return std::nullopt;
}

std::string store_message(std::string_view bytes, Observation& observation) {
  uffd_msg message;
  if (bytes.size() != sizeof message)
    return fmt::format("a message has {} bytes, not {}", sizeof message, bytes.size());
  std::memcpy(&message, bytes.data(), sizeof message);
  if (event_name(message.event).empty())
    return fmt::format("unknown event {:#x} in a message", message.event);
  Value& value = observation.value;
  value = Value{.kind = ValueKind::message, .event = message.event};
  switch (message.event) {
    case UFFD_EVENT_PAGEFAULT:
      if (message.arg.pagefault.flags > 0xff) {
        return fmt::format("unknown fault flags {:#x} in a message",
                           std::uint64_t{message.arg.pagefault.flags});
      }
      value.flags = static_cast<std::uint8_t>(message.arg.pagefault.flags);
      value.start = message.arg.pagefault.address;
      observation.ptid = message.arg.pagefault.feat.ptid;
      break;
    case UFFD_EVENT_FORK:
      value.start = message.arg.fork.ufd;
      break;
    case UFFD_EVENT_REMAP:
      value.start = message.arg.remap.from;
      value.end = message.arg.remap.to;
      observation.length = message.arg.remap.len;
      break;
    default:
      value.start = message.arg.remove.start;
      value.end = message.arg.remove.end;
      break;
  }
  return {};
}

}  // namespace traces
