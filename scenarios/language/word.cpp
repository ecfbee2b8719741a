// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/word.hpp"

#include <fmt/format.h>

#include <csignal>

#include "model/uffd/abi.hpp"
#include "scenarios/language/events.hpp"
#include "scenarios/language/grammar.hpp"
#include "scenarios/language/scan_options.hpp"

namespace language {
namespace {

using traces::PageState;
using traces::Value;
using traces::ValueKind;

constexpr std::string_view kUnknownErrno = "E?";  // what model::to_text says of numbers it does not name
constexpr std::int64_t kMaxErrno = 4095;          // MAX_ERRNO of Linux

std::string signal_word(int number) {
  if (number == SIGBUS) return "SIGBUS";
  if (number == SIGSEGV) return "SIGSEGV";
  return fmt::format("SIG{}", number);
}

std::string page_word(PageState state) {
  switch (state) {
    case PageState::unmapped:
      return "unmapped";
    case PageState::missing:
      return "missing";
    case PageState::present:
      return "present";
    case PageState::present_wp:
      return "present+wp";
    case PageState::missing_wp:
      return "missing+wp";
    case PageState::poisoned:
      return "poisoned";
    case PageState::guarded:
      return "guarded";
    case PageState::present_rwp:
      return "present+rwp";
  }
  return "?";
}

std::string mapping_word(std::uint8_t bits) {
  namespace state = traces::vma_state;
  if ((bits & state::kMapped) == 0) return "unmapped";
  std::string text;
  if (bits & state::kRead) text += 'r';
  if (bits & state::kWrite) text += 'w';
  if (text.empty()) text = "none";
  if (bits & state::kUffdMissing) text += "+uffd";
  if (bits & state::kUffdWp) text += "+wp";
  if (bits & state::kUffdMinor) text += "+minor";
  if (bits & state::kUffdRwp) text += "+rwp";
  if (bits & state::kShared) text += "+shared";
  return text;
}

std::string message_word(const Value& value, bool with_address, const traces::Layout& layout) {
  const EventKind kind{value.event, value.flags};
  if (!with_address || !has_place(kind)) return event_word(kind);
  const model::VirtAddr start{value.start};
  if (kind.event == UFFD_EVENT_REMAP) {
    const model::AddrRange from{start, {value.start + static_cast<std::uint64_t>(value.field)}};
    const bool elsewhere = value.end == traces::Layout::kElsewhere.value;
    return fmt::format("{}:{}->{}", event_word(kind), layout.name_of(from),
                       elsewhere ? "elsewhere" : layout.name_of(model::VirtAddr{value.end}));
  }
  const std::string place =
      is_fault(kind) ? layout.name_of(start) : layout.name_of(model::AddrRange{start, {value.end}});
  return event_word(kind) + ':' + place;
}

}  // namespace

std::string errno_word(model::Errno error) {
  const std::string_view text = model::to_text(error);
  return text == kUnknownErrno ? fmt::format("errno-{}", static_cast<int>(error)) : std::string(text);
}

std::optional<model::Errno> errno_named(std::string_view name) {
  for (int i = 0; i <= 0xff; ++i) {
    const auto error = static_cast<model::Errno>(i);
    if (errno_word(error) == name) return error;
  }
  return std::nullopt;
}

std::vector<std::string> errno_names() {
  std::vector<std::string> names;
  for (int i = 0; i <= 0xff; ++i) {
    const auto error = static_cast<model::Errno>(i);
    if (model::to_text(error) != kUnknownErrno) names.emplace_back(model::to_text(error));
  }
  return names;
}

std::string escaped(std::string_view letters) {
  std::string text;
  for (const char letter : letters) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte == 0) {
      text += "\\0";
    } else if (letter == '\'' || letter == '\\') {
      text += {'\\', letter};
    } else if (byte < '!' || byte > '~') {
      text += fmt::format("\\x{:02x}", byte);
    } else {
      text += letter;
    }
  }
  return text;
}

std::string letter_word(char letter) {
  return letter == 0 ? "zero" : fmt::format("'{}'", escaped({&letter, 1}));
}

std::string word(const Pattern& pattern, const traces::Layout& layout) {
  const Value& value = pattern.value;
  switch (value.kind) {
    case ValueKind::unset:
      return "-";
    case ValueKind::errnum:
      return errno_word(value.error);
    case ValueKind::content:
      return letter_word(static_cast<char>(value.small));
    case ValueKind::signal:
      return signal_word(value.small);
    case ValueKind::message:
      return message_word(value, pattern.match_address, layout);
    case ValueKind::events:
      return poll_word(value.small);
    case ValueKind::number:
      return fmt::format("{}", value.start);
    case ValueKind::page:
      return page_word(static_cast<PageState>(value.small));
    case ValueKind::counts:
      return fmt::format("{}/{}", value.start, value.end);
    case ValueKind::mapping:
      return mapping_word(value.small);
    case ValueKind::scan:
      return regions_word(value, layout);
  }
  return "?";
}

std::string word(const Value& value, const traces::Layout& layout) { return word(Pattern{value}, layout); }

std::string field_word(const Value& value, FieldUnit unit) {
  if (value.field_state == traces::FieldState::none) return "-";
  if (value.field_state == traces::FieldState::untouched) return "untouched";
  const std::int64_t field = value.field;
  if (unit == FieldUnit::mask) return fmt::format("{:#x}", static_cast<std::uint64_t>(field));
  if (field < 0 && field >= -kMaxErrno) {
    if (field >= -0xff) return '-' + errno_word(static_cast<model::Errno>(-field));
    return fmt::format("-errno-{}", -field);
  }
  const auto page = static_cast<std::int64_t>(model::kPageSize);
  if (field > 0 && field % page == 0) return fmt::format("{}p", field / page);
  return fmt::format("{}", field);
}

std::string word(traces::ThreadEnd end) {
  switch (end) {
    case traces::ThreadEnd::done:
      return "done";
    case traces::ThreadEnd::blocked:
      return "blocked";
    case traces::ThreadEnd::spins:
      return "spins";
    case traces::ThreadEnd::killed:
      return "killed";
    case traces::ThreadEnd::unborn:
      return "unborn";
  }
  return "?";
}

std::string word(const traces::FinalState::Page& page) {
  if (page.state == PageState::present) return letter_word(page.content);
  return page.state == PageState::present_wp ? letter_word(page.content) + "+wp" : page_word(page.state);
}

std::string file_page_word(const traces::FinalState::Page& page) {
  if (page.state == PageState::present) return letter_word(page.content);
  return page.state == PageState::missing ? "hole" : "beyond";
}

}  // namespace language
