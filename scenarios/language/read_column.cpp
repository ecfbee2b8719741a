// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/read_column.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/language/column.hpp"
#include "scenarios/language/registers.hpp"

namespace language {
namespace {

using Kind = Column::Kind;

bool is_child(const Column& column, const Draft& draft) {
  return draft.litmus.program.threads[column.index].parent != traces::ThreadProgram::kFromTheStart;
}

// What an unassigned register of the column's thread reads as.
Choices unset_words(const Column& column, const Draft& draft) {
  if (is_child(column, draft)) return {"blocked", "spins", "killed", "unborn", "-"};
  return {"blocked", "spins", "killed", "-"};
}

class ColumnReader {
 public:
  ColumnReader(Cursor& cursor, const Draft& draft) : cursor_(cursor), draft_(draft) {}

  Column read() {
    const Token& token =
        cursor_.take("a column: a thread, thread.register, a page, a variable or kernel-bug");
    const auto text = column(token.text);
    if (!text) cursor_.fail_within(token, text.error());
    if (token.text == "kernel-bug") return {.kind = Kind::kernel_bug};
    const Declared::Entry* entry = draft_.declared.find(text->name);
    if (entry == nullptr) {
      cursor_.fail(token,
                   fmt::format("expected a thread, page, variable or userfaultfd: none is called {}",
                               shown(text->name)),
                   suggestion_or_list(text->name, draft_.declared.names()));
    }
    const bool has_pages = entry->noun == Noun::region || entry->noun == Noun::file;
    if (!has_pages && text->page) cursor_.fail(token, "expected [ ] only after a region or file");
    switch (entry->noun) {
      case Noun::thread:
        return of_thread(token, *text, entry->index);
      case Noun::region:
        return of_region(token, *text, entry->index);
      case Noun::file:
        return of_file(token, *text, entry->index);
      case Noun::uffd:
        return of_uffd(token, *text, entry->index);
      case Noun::variable:
        if (!text->part.empty()) cursor_.fail(token, "expected nothing after the name of a variable");
        return {.kind = Kind::variable, .index = entry->index};
      case Noun::epoll:
      case Noun::socket:
      case Noun::mutex:
        break;
    }
    cursor_.fail(token, fmt::format("expected something with a value at the end: `{}` is {} {}", entry->name,
                                    entry->noun == Noun::epoll ? "an" : "a", spelled(entry->noun)));
  }

 private:
  Column of_thread(const Token& token, const ColumnText& text, std::uint8_t index) const {
    if (text.part.empty()) return {.kind = Kind::thread_end, .index = index};
    const traces::ThreadProgram& thread = draft_.litmus.program.threads[index];
    const auto at = std::find(thread.registers.begin(), thread.registers.end(), text.part);
    if (at == thread.registers.end()) {
      const std::string has = thread.registers.empty() ? "none" : either(thread.registers);
      cursor_.fail(
          token,
          fmt::format("expected a register of `{}` ({}), found {}", thread.name, has, shown(text.part)),
          suggestion(text.part, thread.registers));
    }
    const auto reg = static_cast<std::uint8_t>(at - thread.registers.begin());
    const OperationKinds sources = draft_.sources[index][reg];
    if (text.subpart.empty()) return {.kind = Kind::value, .index = index, .reg = reg};
    if (text.subpart == "field") return field_of(token, index, reg, field_unit(sources));
    if (text.subpart != "thread") cursor_.fail(token, "expected .field or .thread after the register");
    if (!values_of(sources).has(traces::ValueKind::message)) {
      cursor_.fail(token, fmt::format("expected a register of `read` before .thread: `{}` holds no message",
                                      text.part));
    }
    return {.kind = Kind::faulting_thread, .index = index, .reg = reg};
  }

  Column field_of(const Token& token, std::uint8_t index, std::uint8_t reg, FieldUnit unit) const {
    if (unit == FieldUnit::none) {
      cursor_.fail(
          token,
          "expected a register of copy, zeropage, poison, continue, move, register or api: only they have an "
          "output field");
    }
    if (unit == FieldUnit::mixed) {
      cursor_.fail(token,
                   "expected a register with one kind of output field: bytes and masks are mixed here");
    }
    return {.kind = Kind::field, .index = index, .reg = reg};
  }

  Column of_region(const Token& token, const ColumnText& text, std::uint8_t index) const {
    const traces::Region& region = draft_.litmus.program.regions[index];
    const std::uint64_t pages = region.count();
    if (!text.part.empty()) cursor_.fail(token, "expected nothing after the name of a page");
    if (pages > 1 && !text.page) {
      cursor_.fail(token, fmt::format("expected one page of `{}`: `{}[0]` to `{}[{}]`", region.name,
                                      region.name, region.name, pages - 1));
    }
    if (text.page.value_or(0) >= pages) {
      cursor_.fail(token, fmt::format("expected a page of `{}`, which has {}: 0 to {}", region.name, pages,
                                      pages - 1));
    }
    return {.kind = Kind::page, .index = index, .page = text.page.value_or(0)};
  }

  Column of_file(const Token& token, const ColumnText& text, std::uint8_t index) const {
    const traces::Program& program = draft_.litmus.program;
    const std::uint64_t pages = traces::pages_of_file(program, index);
    const bool one = text.page && *text.page < pages && text.part.empty();
    if (!one) {
      cursor_.fail(
          token, fmt::format("expected one page of `{}` that the program has to do with: `{}[0]` to `{}[{}]`",
                             text.name, text.name, text.name, pages - 1));
    }
    return {.kind = Kind::file_page, .index = index, .page = *text.page};
  }

  Column of_uffd(const Token& token, const ColumnText& text, std::uint8_t index) const {
    if (text.part == "pending" && text.subpart.empty()) return {.kind = Kind::pending, .index = index};
    if (text.part == "total" && text.subpart.empty()) return {.kind = Kind::total, .index = index};
    cursor_.fail(token, fmt::format("expected `{}.pending` or `{}.total`", text.name, text.name));
  }

  Cursor& cursor_;
  const Draft& draft_;
};

bool is_one_of(std::string_view text, const Choices& choices) {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

// The token in its canonical form; none if no execution can show it in the column.
std::optional<std::string> canonical(std::string_view token, const Column& column, const Draft& draft) {
  const auto as_is = [&](const Choices& choices) {
    return is_one_of(token, choices) ? std::optional(std::string(token)) : std::nullopt;
  };
  const auto count = number(token);
  switch (column.kind) {
    case Kind::value: {
      if (is_one_of(token, unset_words(column, draft))) return std::string(token);
      const auto pattern =
          read_word(token, values_of(draft.sources[column.index][column.reg]), draft.names());
      return pattern ? std::optional(word(*pattern, *draft.layout)) : std::nullopt;
    }
    case Kind::field: {
      if (is_one_of(token, unset_words(column, draft))) return std::string(token);
      const FieldUnit unit = field_unit(draft.sources[column.index][column.reg]);
      const auto value = read_field(token, unit);
      return value ? std::optional(field_word(*value, unit)) : std::nullopt;
    }
    case Kind::faulting_thread:
      return is_one_of(token, unset_words(column, draft)) ? std::string(token)
                                                          : as_is(draft.declared.names(Noun::thread));
    case Kind::thread_end:
      return read_end(token) ? std::optional(std::string(token)) : std::nullopt;
    case Kind::page: {
      const auto page = read_page(token);
      return page ? std::optional(word(*page)) : std::nullopt;
    }
    case Kind::file_page: {
      const auto page = read_file_page(token);
      return page ? std::optional(file_page_word(*page)) : std::nullopt;
    }
    case Kind::pending:
    case Kind::total:
      if (token == "closed") return std::string(token);
      [[fallthrough]];
    case Kind::variable:
      return count ? std::optional(fmt::format("{}", *count)) : std::nullopt;
    case Kind::kernel_bug:
      return as_is({"no", "yes"});
  }
  return std::nullopt;
}

// What a column can show, for people.
Choices forms(const Column& column, const Draft& draft) {
  Choices choices;
  switch (column.kind) {
    case Kind::value:
      choices = forms_of(values_of(draft.sources[column.index][column.reg]));
      break;
    case Kind::field:
      choices = forms_of(field_unit(draft.sources[column.index][column.reg]));
      break;
    case Kind::faulting_thread:
      choices = draft.declared.names(Noun::thread);
      break;
    case Kind::thread_end:
      choices = {"done", "blocked", "spins", "killed"};
      if (is_child(column, draft)) choices.emplace_back("unborn");
      return choices;
    case Kind::page:
      return {"missing", "'A'", "zero", "'A'+wp", "unmapped"};
    case Kind::file_page:
      return {"'A'", "zero", "hole", "beyond"};
    case Kind::pending:
    case Kind::total:
      return {"a number", "closed"};
    case Kind::variable:
      return {"a number"};
    case Kind::kernel_bug:
      return {"no", "yes"};
  }
  const Choices unset = unset_words(column, draft);
  choices.insert(choices.end(), unset.begin(), unset.end());
  return choices;
}

}  // namespace

Column read_column(Cursor& cursor, const Draft& draft) { return ColumnReader(cursor, draft).read(); }

std::string read_column_word(Cursor& cursor, const Column& column, const Draft& draft) {
  const std::string name = name_of(column, draft.litmus.program);
  const Token& token = cursor.take(fmt::format("what `{}` shows", name));
  std::optional<std::string> text = canonical(token.text, column, draft);
  if (text) return *text;
  const Choices choices = forms(column, draft);
  Choices near = choices;
  if (column.kind == Kind::value) {
    const Choices more = errno_names();
    near.insert(near.end(), more.begin(), more.end());
  }
  cursor.fail(token, fmt::format("expected what `{}` can show: {}", name, either(choices)),
              suggestion(token.text, near));
}

}  // namespace language
