// SPDX-License-Identifier: Apache-2.0
#include "proptests/tally.hpp"

#include <fmt/format.h>

#include "scenarios/language/word.hpp"

namespace proptests {
namespace {

// What an answer is like, without the addresses and numbers in it.
std::string kind_of(const std::optional<traces::Value>& value, const traces::Layout& layout) {
  using traces::ValueKind;
  if (!value) return "asleep";
  switch (value->kind) {
    case ValueKind::unset:
      return "none";
    case ValueKind::content:
      return "content";
    case ValueKind::counts:
      return value->end == 0 ? "0/0" : value->start == value->end ? "pending" : "read";
    case ValueKind::scan:
      return value->small == 0 ? "nothing" : "regions";
    case ValueKind::message: {
      language::Pattern pattern{*value, false};
      return language::word(pattern, layout);
    }
    default:
      break;
  }
  std::string text = language::word(*value, layout);
  if (value->kind != ValueKind::errnum || value->error == model::Errno::none) return text;
  if (value->field_state == traces::FieldState::written && value->field > 0) text += "+partly";
  if (value->field_state == traces::FieldState::untouched) text += "+untouched";
  return text;
}

}  // namespace

void Tally::add(const Sequence& sequence, const Log& log) {
  const traces::Layout layout(sequence.program);
  for (const Event& event : log.events) {
    const bool step = event.kind == Event::Kind::performed || event.kind == Event::Kind::woken;
    if (!step) continue;
    operations_ += event.kind == Event::Kind::performed ? 1 : 0;
    std::string answer = kind_of(event.value, layout);
    if (event.kind == Event::Kind::woken) answer = "later:" + answer;
    ++answers_[traces::name_of(sequence.steps[event.step].operation.kind)][answer];
  }
}

void Tally::add(const Tally& other) {
  for (const auto& [operation, answers] : other.answers_) {
    for (const auto& [answer, count] : answers) answers_[operation][answer] += count;
  }
  operations_ += other.operations_;
}

std::string Tally::to_text() const {
  std::string text;
  for (const auto& [operation, answers] : answers_) {
    text += fmt::format("  {:<15}", operation);
    for (const auto& [answer, count] : answers) text += fmt::format(" {} {}", answer, count);
    text += '\n';
  }
  return text;
}

}  // namespace proptests
