// SPDX-License-Identifier: Apache-2.0
#include "traces/replay/describe.hpp"

#include <fmt/format.h>

#include "model/uffd/abi.hpp"
#include "traces/format/check.hpp"
#include "traces/format/header.hpp"
#include "traces/format/names.hpp"

namespace traces {
namespace {

std::string describe_message(const Value& value, const Layout& layout) {
  std::string text(event_name(value.event));
  if (value.event != UFFD_EVENT_PAGEFAULT) {
    return fmt::format("{} {}..{}", text, layout.name_of(model::VirtAddr{value.start}),
                       layout.name_of(model::VirtAddr{value.end}));
  }
  if ((value.flags & UFFD_PAGEFAULT_FLAG_WRITE) != 0) text += " write";
  if ((value.flags & UFFD_PAGEFAULT_FLAG_WP) != 0) text += " wp";
  if ((value.flags & UFFD_PAGEFAULT_FLAG_MINOR) != 0) text += " minor";
  text += fmt::format(" at {}", layout.name_of(model::VirtAddr{value.start}));
  if (value.thread >= 0) text += fmt::format(" by thread {}", value.thread);
  return text;
}

}  // namespace

std::string describe(const Operation& operation, const Program& program, const Layout& layout) {
  std::string text(kind_name(operation.kind));
  const bool about_memory =
      operation.kind == OperationKind::load || operation.kind == OperationKind::store ||
      operation.kind == OperationKind::mmap || operation.kind == OperationKind::munmap ||
      operation.kind == OperationKind::mprotect || operation.kind == OperationKind::dontneed ||
      operation.kind == OperationKind::remove;
  if (!about_memory && operation.uffd < program.uffds.size())
    text += fmt::format(" {}", program.uffds[operation.uffd].name);
  if (has_range(operation.kind)) {
    const Layout::Resolved range = layout.resolve(operation.range, {});
    text += fmt::format(" {}", layout.name_of(range.start));
    if (range.length != model::kPageSize && range.length != 1)
      text += fmt::format(" length {:#x}", range.length);
  }
  if (operation.mode != 0) text += fmt::format(" mode {:#x}", operation.mode);
  return text;
}

std::string describe(const Value& value, const Layout& layout) {
  std::string text;
  switch (value.kind) {
    case ValueKind::unset:
      return "nothing";
    case ValueKind::errnum:
      text = errno_name(value.error);
      break;
    case ValueKind::content:
      text = value.small == 0 ? "zero" : std::string(1, static_cast<char>(value.small));
      break;
    case ValueKind::signal:
      text = fmt::format("signal {}", value.small);
      break;
    case ValueKind::message:
      text = describe_message(value, layout);
      break;
    case ValueKind::events:
    case ValueKind::page:
    case ValueKind::mapping:
      text = fmt::format("{:#x}", value.small);
      break;
    case ValueKind::number:
      text = fmt::format("{}", value.start);
      break;
    case ValueKind::scan:
      text = fmt::format("{} regions", value.small);
      break;
    case ValueKind::counts:
      text = fmt::format("{} pending of {}", value.start, value.end);
      break;
  }
  if (value.field_state == FieldState::written) text += fmt::format(", field {}", value.field);
  if (value.field_state == FieldState::untouched) text += ", field untouched";
  return text;
}

bool agrees(const Value& expected, const Value& answer, std::uint8_t recorded) {
  if (expected.kind != answer.kind) return false;
  const bool has_field = expected.field_state != FieldState::none;
  if (has_field && (expected.field_state != answer.field_state || expected.field != answer.field))
    return false;
  if (expected.kind == ValueKind::errnum) return expected.error == answer.error;
  if (expected.kind != ValueKind::message) {
    return expected.small == answer.small && expected.start == answer.start && expected.end == answer.end;
  }
  const bool flags = (recorded & recorded::kMessageFlags) == 0 || expected.flags == answer.flags;
  const bool thread = expected.thread < 0 || expected.thread == answer.thread;
  const bool range = expected.event == UFFD_EVENT_PAGEFAULT || expected.end == answer.end;
  return expected.event == answer.event && flags && thread && range && expected.start == answer.start;
}

}  // namespace traces
