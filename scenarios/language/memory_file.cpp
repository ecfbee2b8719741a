// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/memory_file.hpp"

#include <fmt/format.h>

#include "scenarios/language/grammar.hpp"
#include "scenarios/language/word.hpp"

namespace language {
namespace {

using model::kPageSize;
using traces::RangeExpression;

}  // namespace

std::vector<std::string> read_contents(const Cursor& cursor, const Token& token, model::PageCount pages) {
  const auto found = letters(token.text);
  if (!found) cursor.fail_within(token, found.error());
  if (found->size() > pages.value) {
    cursor.fail(token,
                fmt::format("expected one letter a page, {} at most; found {}", pages.value, found->size()));
  }
  std::vector<std::string> contents;
  for (const Letter& letter : *found) {
    const bool missing = pages.value != 1 && letter.value == '.' && letter.written == Letter::Written::plain;
    contents.push_back(missing ? std::string() : std::string(1, letter.value));
  }
  while (!contents.empty() && contents.back().empty()) contents.pop_back();
  return contents;
}

std::string contents_text(const std::vector<std::string>& initial, model::PageCount pages) {
  if (pages.value == 1) return letter_word(initial.front().front());
  std::string letters;
  for (const std::string& page : initial) {
    letters += page.empty() ? "." : page == "." ? "\\." : escaped(page);
  }
  return '\'' + letters + '\'';
}

void read_file(Cursor& cursor, Draft& draft) {
  traces::MemoryFile file;
  const Token& name = cursor.take("the name of a file");
  check_name(cursor, name, spelled(Noun::file));
  draft.declared.add(cursor, name, name.text, Noun::file);
  file.name = name.text;
  const Token here = cursor.peek("the number of pages, as `4 pages`");
  if (draft.litmus.program.files.size() == traces::kMostFiles) {
    cursor.fail(name, fmt::format("expected at most {} files", traces::kMostFiles));
  }
  file.pages.value = cursor.take_number("the number of pages, as `4 pages`");
  if (file.pages.value > kMostPages)
    cursor.fail(here, fmt::format("expected from 0 to {} pages", kMostPages));
  if (!cursor.accept("page")) cursor.expect("pages", "after their number");
  if (!cursor.done() && cursor.accept("zero")) {
    file.initial.assign(file.pages.value, std::string(1, '\0'));
  } else if (!cursor.done()) {
    file.initial = read_contents(cursor, cursor.take("what the file holds, as 'AB'"), file.pages);
  }
  cursor.expect_end();
  draft.litmus.program.files.push_back(std::move(file));
}

std::string file_text(const traces::MemoryFile& file) {
  std::string text = fmt::format("{} pages", file.pages.value);
  if (!file.initial.empty()) text += ' ' + contents_text(file.initial, file.pages);
  return text;
}

RangeExpression read_file_place(Cursor& cursor, const Draft& draft) {
  const Token& token = cursor.take("pages of a file, as f[0..2]");
  const auto text = place(token.text);
  if (!text) cursor.fail_within(token, text.error());
  const Declared::Entry* entry = draft.declared.find(text->name);
  if (entry == nullptr || entry->noun != Noun::file) {
    const Choices known = draft.declared.names(Noun::file);
    cursor.fail(token,
                known.empty() ? std::string("expected pages of a file: none is declared")
                              : "expected pages of a file: " + either(known),
                suggestion(text->name, known));
  }
  if (text->offset != 0) cursor.fail(token, "expected whole pages of the file, as f[1]");
  const std::uint64_t size = draft.litmus.program.files[entry->index].pages.value;
  const std::uint64_t first = text->first.value_or(0);
  const std::uint64_t last = text->last.value_or(text->first ? first + 1 : size);
  if (last <= first)
    cursor.fail(token, "expected pages that end after they begin, as f[0..2]: pages 0 and 1");
  if (last > traces::kMostFilePages) {
    cursor.fail(token, fmt::format("expected pages below {}", traces::kMostFilePages));
  }
  return {RangeExpression::Base::file, entry->index, first * kPageSize, (last - first) * kPageSize};
}

std::string file_place_text(const RangeExpression& place, const traces::Program& program) {
  const std::string& name = program.files[place.index].name;
  const std::uint64_t first = place.offset / kPageSize;
  const std::uint64_t pages = place.length / kPageSize;
  return pages == 1 ? fmt::format("{}[{}]", name, first)
                    : fmt::format("{}[{}..{}]", name, first, first + pages);
}

}  // namespace language
