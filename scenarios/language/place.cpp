// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/place.hpp"

#include <fmt/format.h>

#include "scenarios/language/registers.hpp"

namespace language {
namespace {

using Form = OperationForm::Place;
using model::kPageSize;
using traces::RangeExpression;
using Base = RangeExpression::Base;

constexpr std::string_view kExpected = "a place: a page, a region, @0x7000 or the register of a message";

RangeExpression in_region(const Cursor& cursor, const Token& token, const PlaceText& text, std::uint8_t index,
                          const traces::Region& region, Form form) {
  const std::uint64_t unit = region.page_bytes();
  const std::uint64_t pages = region.count();
  const std::uint64_t first = text.first.value_or(0);
  const std::uint64_t last = text.last.value_or(text.first ? first + 1 : pages);
  if (first >= pages || last > pages) {
    cursor.fail(token,
                fmt::format("expected a page of `{}`, which has {}: 0 to {}", region.name, pages, pages - 1));
  }
  if (last <= first)
    cursor.fail(token, "expected a range that ends after it begins, as r[0..2]: pages 0 and 1");
  if (form == Form::byte && last - first != 1) {
    cursor.fail(token, fmt::format("expected one page, this names {}", last - first),
                fmt::format("for the first of them, `{}[{}]`", region.name, first));
  }
  return {Base::region, index, first * unit + text.offset, (last - first) * unit};
}

RangeExpression of_message(const Cursor& cursor, const Token& token, const PlaceText& text, std::uint8_t reg,
                           OperationKinds sources, Form form) {
  if (!values_of(sources).has(traces::ValueKind::message)) {
    cursor.fail(token, fmt::format("expected a message: no `read` above assigns `{}`", text.name));
  }
  if (text.first) cursor.fail(token, "expected a message's register without [ ]: it names its own range");
  return {Base::message, reg, text.offset, form == Form::byte ? kPageSize : RangeExpression::kWholeMessage};
}

[[noreturn]] void fail_unknown(const Cursor& cursor, const Token& token, const PlaceText& text,
                               const Draft& draft, const ThreadDraft* thread) {
  if (const Declared::Entry* entry = draft.declared.find(text.name)) {
    cursor.fail(token, fmt::format("expected {}: `{}` is a {}", kExpected, text.name, spelled(entry->noun)));
  }
  Choices known = draft.declared.names(Noun::region);
  if (thread == nullptr) {
    cursor.fail(token, fmt::format("expected a page or region: nothing above is called {}", shown(text.name)),
                suggestion_or_list(text.name, known));
  }
  known.insert(known.end(), thread->program.registers.begin(), thread->program.registers.end());
  cursor.fail(
      token,
      fmt::format("expected a page, a region, or a register that a line above assigns: {} is none of them",
                  shown(text.name)),
      suggestion_or_list(text.name, known));
}

// Which page, within which page, and how much: the subscript that says it, if one does.
std::string region_text(const RangeExpression& place, const traces::Region& region, std::uint64_t& said) {
  const std::uint64_t unit = region.page_bytes();
  const std::uint64_t pages = region.count();
  const std::uint64_t first = place.offset / unit;
  const std::uint64_t within = place.offset % unit;
  said = unit;
  if (first >= pages) {
    return fmt::format("{}{}+{:#x}", region.name, pages == 1 ? "" : "[0]", place.offset);
  }
  std::string text = region.name;
  const std::uint64_t count = place.length / unit;
  const bool whole_pages = place.length % unit == 0 && count > 1 && count <= pages - first;
  if (whole_pages) said = place.length;
  if (whole_pages && count < pages) {
    text += fmt::format("[{}..{}]", first, first + count);
  } else if (!whole_pages && pages > 1) {
    text += fmt::format("[{}]", first);
  }
  if (within != 0) text += fmt::format("+{:#x}", within);
  return text;
}

}  // namespace

RangeExpression read_place(Cursor& cursor, const Draft& draft, const ThreadDraft* thread, Form form) {
  const Token& token = cursor.take(kExpected);
  const auto text = place(token.text);
  if (!text) cursor.fail_within(token, text.error());
  RangeExpression result{Base::absolute, 0, text->address + text->offset, kPageSize};
  if (!text->name.empty()) {
    const Declared::Entry* entry = draft.declared.find(text->name);
    const std::optional<std::uint8_t> reg = thread != nullptr ? thread->find(text->name) : std::nullopt;
    if (entry != nullptr && entry->noun == Noun::region) {
      result =
          in_region(cursor, token, *text, entry->index, draft.litmus.program.regions[entry->index], form);
    } else if (reg) {
      result = of_message(cursor, token, *text, *reg, thread->sources[*reg], form);
    } else {
      fail_unknown(cursor, token, *text, draft, thread);
    }
  }
  if (form == Form::range && cursor.accept("len")) result.length = cursor.take_number("a length in bytes");
  return result;
}

std::string place_text(const RangeExpression& place, Form form, std::span<const traces::Region> regions,
                       std::span<const std::string> registers) {
  std::uint64_t said = kPageSize;  // the length that the text implies
  std::string text;
  switch (place.base) {
    case Base::region:
      text = region_text(place, regions[place.index], said);
      break;
    case Base::absolute:
      text = fmt::format("@{:#x}", place.offset);
      break;
    case Base::file:  // printed by file_place_text()
      break;
    case Base::message:
      text = registers[place.index];
      if (place.offset != 0) text += fmt::format("+{:#x}", place.offset);
      said = form == Form::byte ? kPageSize : RangeExpression::kWholeMessage;
      break;
  }
  if (place.length != said) text += fmt::format(" len {:#x}", place.length);
  return text;
}

}  // namespace language
