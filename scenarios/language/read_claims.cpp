// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "scenarios/language/column.hpp"
<<<<<<< HEAD
#include "scenarios/language/read_column.hpp"
=======
>>>>>>> cli
#include "scenarios/language/sections.hpp"

namespace language {
namespace {

<<<<<<< HEAD
=======
using Kind = Column::Kind;

// What an unassigned register reads as.
Choices unset_words() { return {"blocked", "spins", "killed", "-"}; }

class ColumnReader {
 public:
  ColumnReader(Cursor& cursor, const Draft& draft) : cursor_(cursor), draft_(draft) {}

  Column read() {
    const Token& token = cursor_.take("a column: a thread, thread.register, a page, a variable or kernel-bug");
    const auto text = column(token.text);
    if (!text) cursor_.fail_within(token, text.error());
    if (token.text == "kernel-bug") return {.kind = Kind::kernel_bug};
    const Declared::Entry* entry = draft_.declared.find(text->name);
    if (entry == nullptr) {
      cursor_.fail(token, fmt::format("expected a thread, page, variable or userfaultfd: none is called {}", shown(text->name)),
                   suggestion(text->name, draft_.declared.names()));
    }
    if (entry->noun != Noun::region && text->page) cursor_.fail(token, "expected [ ] only after a region");
    switch (entry->noun) {
      case Noun::thread: return of_thread(token, *text, entry->index);
      case Noun::region: return of_region(token, *text, entry->index);
      case Noun::uffd: return of_uffd(token, *text, entry->index);
      case Noun::variable:
        if (!text->part.empty()) cursor_.fail(token, "expected nothing after the name of a variable");
        return {.kind = Kind::variable, .index = entry->index};
      case Noun::mutex: break;
    }
    cursor_.fail(token, fmt::format("expected something with a value at the end: `{}` is a mutex", entry->name));
  }

 private:
  Column of_thread(const Token& token, const ColumnText& text, std::uint8_t index) const {
    if (text.part.empty()) return {.kind = Kind::thread_end, .index = index};
    const traces::ThreadProgram& thread = draft_.litmus.program.threads[index];
    const auto at = std::find(thread.registers.begin(), thread.registers.end(), text.part);
    if (at == thread.registers.end()) {
      const std::string has = thread.registers.empty() ? "none" : either(thread.registers);
      cursor_.fail(token, fmt::format("expected a register of `{}` ({}), found {}", thread.name, has, shown(text.part)),
                   suggestion(text.part, thread.registers));
    }
    const auto reg = static_cast<std::uint8_t>(at - thread.registers.begin());
    const OperationKinds sources = draft_.sources[index][reg];
    if (text.subpart.empty()) return {.kind = Kind::value, .index = index, .reg = reg};
    if (text.subpart == "field") return field_of(token, index, reg, field_unit(sources));
    if (text.subpart != "thread") cursor_.fail(token, "expected .field or .thread after the register");
    if (!sources.has(traces::OperationKind::read)) {
      cursor_.fail(token, fmt::format("expected a register of `read` before .thread: `{}` holds no message", text.part));
    }
    return {.kind = Kind::faulting_thread, .index = index, .reg = reg};
  }

  Column field_of(const Token& token, std::uint8_t index, std::uint8_t reg, FieldUnit unit) const {
    if (unit == FieldUnit::none) {
      cursor_.fail(token, "expected a register of copy, zeropage, register or api: only they have an output field");
    }
    if (unit == FieldUnit::mixed) {
      cursor_.fail(token, "expected a register with one kind of output field: bytes and masks are mixed here");
    }
    return {.kind = Kind::field, .index = index, .reg = reg};
  }

  Column of_region(const Token& token, const ColumnText& text, std::uint8_t index) const {
    const traces::Region& region = draft_.litmus.program.regions[index];
    const std::uint64_t pages = region.pages.value;
    if (!text.part.empty()) cursor_.fail(token, "expected nothing after the name of a page");
    if (pages > 1 && !text.page) {
      cursor_.fail(token, fmt::format("expected one page of `{}`: `{}[0]` to `{}[{}]`", region.name, region.name,
                                      region.name, pages - 1));
    }
    if (text.page.value_or(0) >= pages) {
      cursor_.fail(token, fmt::format("expected a page of `{}`, which has {}: 0 to {}", region.name, pages, pages - 1));
    }
    return {.kind = Kind::page, .index = index, .page = text.page.value_or(0)};
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
      if (is_one_of(token, unset_words())) return std::string(token);
      const auto pattern = read_word(token, values_of(draft.sources[column.index][column.reg]), draft.names());
      return pattern ? std::optional(word(*pattern, *draft.layout)) : std::nullopt;
    }
    case Kind::field: {
      if (is_one_of(token, unset_words())) return std::string(token);
      const FieldUnit unit = field_unit(draft.sources[column.index][column.reg]);
      const auto value = read_field(token, unit);
      return value ? std::optional(field_word(*value, unit)) : std::nullopt;
    }
    case Kind::faulting_thread:
      return is_one_of(token, unset_words()) ? std::string(token) : as_is(draft.declared.names(Noun::thread));
    case Kind::thread_end: return read_end(token) ? std::optional(std::string(token)) : std::nullopt;
    case Kind::page: {
      const auto page = read_page(token);
      return page ? std::optional(word(*page)) : std::nullopt;
    }
    case Kind::pending:
    case Kind::total:
      if (token == "closed") return std::string(token);
      [[fallthrough]];
    case Kind::variable: return count ? std::optional(fmt::format("{}", *count)) : std::nullopt;
    case Kind::kernel_bug: return as_is({"no", "yes"});
  }
  return std::nullopt;
}

// What a column can show, for people.
Choices forms(const Column& column, const Draft& draft) {
  Choices choices;
  switch (column.kind) {
    case Kind::value: choices = forms_of(values_of(draft.sources[column.index][column.reg])); break;
    case Kind::field: choices = forms_of(field_unit(draft.sources[column.index][column.reg])); break;
    case Kind::faulting_thread: choices = draft.declared.names(Noun::thread); break;
    case Kind::thread_end: return {"done", "blocked", "spins", "killed"};
    case Kind::page: return {"missing", "'A'", "zero", "unmapped"};
    case Kind::pending:
    case Kind::total: return {"a number", "closed"};
    case Kind::variable: return {"a number"};
    case Kind::kernel_bug: return {"no", "yes"};
  }
  const Choices unset = unset_words();
  choices.insert(choices.end(), unset.begin(), unset.end());
  return choices;
}

std::string read_word_of(Cursor& cursor, const Column& column, const Draft& draft) {
  const std::string name = name_of(column, draft.litmus.program);
  const Token& token = cursor.take(fmt::format("what `{}` shows", name));
  std::optional<std::string> text = canonical(token.text, column, draft);
  if (text) return *text;
  const Choices choices = forms(column, draft);
  cursor.fail(token, fmt::format("expected what `{}` can show: {}", name, either(choices)),
              suggestion(token.text, choices));
}

>>>>>>> cli
std::vector<std::string> read_on(Cursor& cursor) {
  return cursor.accept("on") ? read_kernel_list(cursor) : std::vector<std::string>{};
}

bool overlap(const Row& a, const Row& b) {
  if (a.kernels.empty() || b.kernels.empty()) return true;
<<<<<<< HEAD
  return std::any_of(a.kernels.begin(), a.kernels.end(), [&](const std::string& kernel) {
    return std::find(b.kernels.begin(), b.kernels.end(), kernel) != b.kernels.end();
  });
=======
  return std::any_of(a.kernels.begin(), a.kernels.end(),
                     [&](const std::string& kernel) { return is_one_of(kernel, b.kernels); });
>>>>>>> cli
}

Row read_row(Cursor& cursor, const Draft& draft) {
  const std::vector<Token>& tokens = cursor.line().tokens;
  const std::vector<Column>& columns = draft.litmus.columns;
  const auto on = std::find_if(tokens.begin(), tokens.end(), [](const Token& t) { return t.text == "on"; });
  const auto words = static_cast<std::size_t>(on - tokens.begin());
  if (words != columns.size()) {
    Choices names;
    for (const Column& column : columns) names.push_back(name_of(column, draft.litmus.program));
    cursor.fail(words > columns.size() ? tokens[columns.size()] : tokens[words - (words > 0 ? 1 : 0)],
                fmt::format("expected {} words, one a column, found {}", columns.size(), words),
                fmt::format("the columns are {}", fmt::join(names, "  ")));
  }
  Row row;
  row.line = cursor.line().number;
<<<<<<< HEAD
  for (const Column& column : columns) row.words.push_back(read_column_word(cursor, column, draft));
=======
  for (const Column& column : columns) row.words.push_back(read_word_of(cursor, column, draft));
>>>>>>> cli
  row.kernels = read_on(cursor);
  return row;
}

void read_rows(Draft& draft) {
  std::vector<Row>& rows = draft.litmus.rows;
  std::map<Words, std::vector<std::size_t>> known;
<<<<<<< HEAD
  for (const Line* next = draft.source.peek(); next != nullptr && next->indent > 0;
       next = draft.source.peek()) {
=======
  for (const Line* next = draft.source.peek(); next != nullptr && next->indent > 0; next = draft.source.peek()) {
>>>>>>> cli
    const Line line = draft.source.take();
    Cursor cursor(draft.source, line);
    Row row = read_row(cursor, draft);
    std::vector<std::size_t>& same = known[row.words];
    for (const std::size_t other : same) {
      if (!overlap(row, rows[other])) continue;
<<<<<<< HEAD
      cursor.fail(line.tokens.front(),
                  fmt::format("expected each row once: line {} says the same", rows[other].line));
=======
      cursor.fail(line.tokens.front(), fmt::format("expected each row once: line {} says the same", rows[other].line));
>>>>>>> cli
    }
    same.push_back(rows.size());
    rows.push_back(std::move(row));
  }
}

void read_terms(Cursor& cursor, Draft& draft, Claim claim) {
  claim.line = cursor.line().number;
  do {
<<<<<<< HEAD
    const Column column = read_column(cursor, draft);
    claim.terms.push_back({column, read_column_word(cursor, column, draft)});
=======
    const Column column = ColumnReader(cursor, draft).read();
    claim.terms.push_back({column, read_word_of(cursor, column, draft)});
>>>>>>> cli
  } while (cursor.accept("and"));
  claim.kernels = read_on(cursor);
  cursor.expect_end();
  draft.litmus.claims.push_back(std::move(claim));
}

}  // namespace

void read_outcomes(Cursor& cursor, Draft& draft) {
  std::vector<Column>& columns = draft.litmus.columns;
<<<<<<< HEAD
  if (!columns.empty())
    cursor.fail(cursor.line().tokens.front(), "expected one table of outcomes, this is a second");
  do {
    const Token here = cursor.peek("a column: a thread, thread.register, a page, a variable or kernel-bug");
    const Column column = read_column(cursor, draft);
=======
  if (!columns.empty()) cursor.fail(cursor.line().tokens.front(), "expected one table of outcomes, this is a second");
  do {
    const Token here = cursor.peek("a column: a thread, thread.register, a page, a variable or kernel-bug");
    const Column column = ColumnReader(cursor, draft).read();
>>>>>>> cli
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
      cursor.fail(here, fmt::format("expected each column once: {} is already there", shown(here.text)));
    }
    if (columns.size() == kMostOfAnything) {
      cursor.fail(here, fmt::format("expected at most {} columns", kMostOfAnything));
    }
    columns.push_back(column);
  } while (!cursor.done());

  read_rows(draft);
}

void read_claim(Cursor& cursor, Draft& draft, Claim::Kind kind) {
  Claim claim;
  claim.kind = kind;
  read_terms(cursor, draft, std::move(claim));
}

void read_with(Cursor& cursor, Draft& draft) {
  Claim claim;
  claim.kind = Claim::Kind::sometimes;
  const Token& name = cursor.take("the name of a defect");
<<<<<<< HEAD
  if (!is_name(name.text))
    cursor.fail(name, "expected the name of a defect: a letter, then letters, digits, - and _");
=======
  if (!is_name(name.text)) cursor.fail(name, "expected the name of a defect: a letter, then letters, digits, - and _");
>>>>>>> cli
  claim.defect = name.text;
  cursor.expect("sometimes", "after the defect");
  read_terms(cursor, draft, std::move(claim));
}

}  // namespace language
