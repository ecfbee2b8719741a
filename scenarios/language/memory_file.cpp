// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/memory_file.hpp"

#include <fmt/format.h>

#include "scenarios/language/grammar.hpp"
#include "scenarios/language/word.hpp"

namespace language {
namespace {

using traces::RangeExpression;

}  // namespace

std::uint64_t most_pages(model::PageSize size) {
  return size == model::PageSize::huge ? traces::kMostHugePages : kMostPages;
}

PagesRead read_page_count(Cursor& cursor) {
  PagesRead pages;
  pages.count = cursor.take_number("the number of pages, as `4 pages`");
  if (!cursor.done() && cursor.accept("huge")) pages.size = model::PageSize::huge;
  if (!cursor.accept("page")) cursor.expect("pages", "after their number");
  return pages;
}

std::string page_count_text(std::uint64_t count, model::PageSize size) {
  return fmt::format("{} {}pages", count, size == model::PageSize::huge ? "huge " : "");
}

std::vector<std::string> read_contents(const Cursor& cursor, const Token& token, std::uint64_t pages) {
  const auto found = letters(token.text);
  if (!found) cursor.fail_within(token, found.error());
  if (found->size() > pages) {
    cursor.fail(token, fmt::format("expected one letter a page, {} at most; found {}", pages, found->size()));
  }
  std::vector<std::string> contents;
  for (const Letter& letter : *found) {
    const bool missing = pages != 1 && letter.value == '.' && letter.written == Letter::Written::plain;
    contents.push_back(missing ? std::string() : std::string(1, letter.value));
  }
  while (!contents.empty() && contents.back().empty()) contents.pop_back();
  return contents;
}

std::string contents_text(const std::vector<std::string>& initial, std::uint64_t pages) {
  if (pages == 1) return letter_word(initial.front().front());
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
  const PagesRead pages = read_page_count(cursor);
  const std::uint64_t most = most_pages(pages.size);
  if (pages.count > most) cursor.fail(here, fmt::format("expected from 0 to {} pages", most));
  file.page_size = pages.size;
  file.pages = pages.in_base_pages();
  if (!cursor.done() && cursor.accept("zero")) {
    file.initial.assign(file.count(), std::string(1, '\0'));
  } else if (!cursor.done()) {
    file.initial = read_contents(cursor, cursor.take("what the file holds, as 'AB'"), file.count());
  }
  cursor.expect_end();
  draft.litmus.program.files.push_back(std::move(file));
}

std::string file_text(const traces::MemoryFile& file) {
  std::string text = page_count_text(file.count(), file.page_size);
  if (!file.initial.empty()) text += ' ' + contents_text(file.initial, file.count());
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
  const traces::MemoryFile& file = draft.litmus.program.files[entry->index];
  const std::uint64_t size = file.count();
  const std::uint64_t first = text->first.value_or(0);
  const std::uint64_t last = text->last.value_or(text->first ? first + 1 : size);
  if (last <= first)
    cursor.fail(token, "expected pages that end after they begin, as f[0..2]: pages 0 and 1");
  const std::uint64_t most = most_pages(file.page_size);
  if (last > most) cursor.fail(token, fmt::format("expected pages below {}", most));
  const std::uint64_t unit = model::bytes_of(file.page_size);
  return {RangeExpression::Base::file, entry->index, first * unit, (last - first) * unit};
}

std::string file_place_text(const RangeExpression& place, const traces::Program& program) {
  const std::string& name = program.files[place.index].name;
  const std::uint64_t unit = model::bytes_of(program.files[place.index].page_size);
  const std::uint64_t first = place.offset / unit;
  const std::uint64_t pages = place.length / unit;
  return pages == 1 ? fmt::format("{}[{}]", name, first)
                    : fmt::format("{}[{}..{}]", name, first, first + pages);
}

}  // namespace language
