// SPDX-License-Identifier: Apache-2.0
#include "traces/code.hpp"

namespace traces {
namespace {

std::uint16_t here(const Code& code) { return static_cast<std::uint16_t>(code.size()); }

void append(Code& code, const Block& body);

void append(Code& code, const If& branch, int line) {
  const std::size_t question = code.size();
  code.push_back({.kind = Instruction::Kind::branch_unless, .condition = &branch.condition, .line = line});
  append(code, branch.then);
  if (branch.otherwise.empty()) {
    code[question].target = here(code);
    return;
  }
  const std::size_t skip = code.size();
  code.push_back({.kind = Instruction::Kind::jump, .line = line});
  code[question].target = here(code);
  append(code, branch.otherwise);
  code[skip].target = here(code);
}

void append(Code& code, const RepeatUntil& loop, int line) {
  const std::uint16_t top = here(code);
  append(code, loop.body);
  code.push_back(
      {.kind = Instruction::Kind::branch_unless, .target = top, .condition = &loop.until, .line = line});
}

void append(Code& code, const Block& body) {
  for (const Statement& statement : body) {
    if (const auto* perform = std::get_if<Perform>(&statement.what)) {
      code.push_back({.kind = Instruction::Kind::perform, .perform = perform, .line = statement.line});
    } else if (const auto* branch = std::get_if<If>(&statement.what)) {
      append(code, *branch, statement.line);
    } else {
      append(code, std::get<RepeatUntil>(statement.what), statement.line);
    }
  }
}

bool same_message(const Condition& condition, const Value& value) {
  if (value.kind != ValueKind::message || value.event != condition.pattern.event) return false;
  if (value.flags != condition.pattern.flags) return false;
  if (!condition.match_address) return true;
  const Value& pattern = condition.pattern;
  const bool same_end = pattern.end == 0 || value.end == pattern.end;
  return value.start == pattern.start && same_end && value.field == pattern.field;
}

bool same_field(const Value& pattern, const Value& value) {
  return value.field_state == pattern.field_state && value.field == pattern.field;
}

bool same_value(const Value& pattern, const Value& value) {
  if (value.kind != pattern.kind) return false;
  if (value.kind == ValueKind::errnum) return value.error == pattern.error;  // whatever its output field
  if (value.kind == ValueKind::scan) {                                       // however far it came
    return value.small == pattern.small && value.start == pattern.start && value.end == pattern.end;
  }
  return value == pattern;
}

}  // namespace

Code flatten(const Block& body) {
  Code code;
  append(code, body);
  code.push_back({.kind = Instruction::Kind::end});
  return code;
}

bool holds(const Condition& condition, std::span<const Value> registers) {
  const Value& value = registers[condition.reg];
  bool same = false;
  if (condition.subject == Condition::Subject::field) {
    same = same_field(condition.pattern, value);
  } else if (condition.pattern.kind == ValueKind::message) {
    same = same_message(condition, value);
  } else {
    same = same_value(condition.pattern, value);
  }
  return same == (condition.test == Condition::Test::is);
}

const Instruction* next(const Code& code, std::uint16_t& pc, std::span<const Value> registers) {
  for (;;) {
    const Instruction& at = code[pc];
    switch (at.kind) {
      case Instruction::Kind::perform:
        return &at;
      case Instruction::Kind::end:
        return nullptr;
      case Instruction::Kind::jump:
        pc = at.target;
        break;
      case Instruction::Kind::branch_unless:
        if (holds(*at.condition, registers)) {
          ++pc;
        } else {
          pc = at.target;
        }
        break;
    }
  }
}

}  // namespace traces
