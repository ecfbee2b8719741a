// SPDX-License-Identifier: Apache-2.0
// Files in shared memory: how they are declared, and which pages of one a mapping or an operation means.
#pragma once
#include <string>
#include <vector>

#include "scenarios/language/draft.hpp"

namespace language {

// The section `file`. The cursor stands behind that word.
void read_file(Cursor& cursor, Draft& draft);
std::string file_text(const traces::MemoryFile& file);  // what follows the name

// f   f[1]   f[0..3], the last two also beyond the end of the file.
traces::RangeExpression read_file_place(Cursor& cursor, const Draft& draft);
std::string file_place_text(const traces::RangeExpression& place, const traces::Program& program);

// What the pages of a region or file hold, from letters in quotes.
std::vector<std::string> read_contents(const Cursor& cursor, const Token& token, std::uint64_t pages);
// The letters with their quotes; `zero` for one page of zeros.
std::string contents_text(const std::vector<std::string>& initial, std::uint64_t pages);

// "4 pages", "2 huge pages".
struct PagesRead {
  std::uint64_t count = 0;
  model::PageSize size = model::PageSize::base;
  model::PageCount in_base_pages() const { return {count * (model::bytes_of(size) / model::kPageSize)}; }
};
PagesRead read_page_count(Cursor& cursor);
std::string page_count_text(std::uint64_t count, model::PageSize size);
std::uint64_t most_pages(model::PageSize size);  // of a region or file

}  // namespace language
