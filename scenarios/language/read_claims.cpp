// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "scenarios/language/column.hpp"
#include "scenarios/language/read_column.hpp"
#include "scenarios/language/sections.hpp"

namespace language {
namespace {

std::vector<std::string> read_on(Cursor& cursor) {
  return cursor.accept("on") ? read_kernel_list(cursor) : std::vector<std::string>{};
}

bool overlap(const Row& a, const Row& b) {
  if (a.kernels.empty() || b.kernels.empty()) return true;
  return std::any_of(a.kernels.begin(), a.kernels.end(), [&](const std::string& kernel) {
    return std::find(b.kernels.begin(), b.kernels.end(), kernel) != b.kernels.end();
  });
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
  for (const Column& column : columns) row.words.push_back(read_column_word(cursor, column, draft));
  row.kernels = read_on(cursor);
  return row;
}

void read_rows(Draft& draft) {
  std::vector<Row>& rows = draft.litmus.rows;
  std::map<Words, std::vector<std::size_t>> known;
  for (const Line* next = draft.source.peek(); next != nullptr && next->indent > 0;
       next = draft.source.peek()) {
    const Line line = draft.source.take();
    Cursor cursor(draft.source, line);
    Row row = read_row(cursor, draft);
    std::vector<std::size_t>& same = known[row.words];
    for (const std::size_t other : same) {
      if (!overlap(row, rows[other])) continue;
      cursor.fail(line.tokens.front(),
                  fmt::format("expected each row once: line {} says the same", rows[other].line));
    }
    same.push_back(rows.size());
    rows.push_back(std::move(row));
  }
}

void read_terms(Cursor& cursor, Draft& draft, Claim claim) {
  claim.line = cursor.line().number;
  do {
    const Column column = read_column(cursor, draft);
    claim.terms.push_back({column, read_column_word(cursor, column, draft)});
  } while (cursor.accept("and"));
  claim.kernels = read_on(cursor);
  cursor.expect_end();
  draft.litmus.claims.push_back(std::move(claim));
}

}  // namespace

void read_outcomes(Cursor& cursor, Draft& draft) {
  std::vector<Column>& columns = draft.litmus.columns;
  if (!columns.empty())
    cursor.fail(cursor.line().tokens.front(), "expected one table of outcomes, this is a second");
  do {
    const Token here = cursor.peek("a column: a thread, thread.register, a page, a variable or kernel-bug");
    const Column column = read_column(cursor, draft);
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
  if (!is_name(name.text))
    cursor.fail(name, "expected the name of a defect: a letter, then letters, digits, - and _");
  claim.defect = name.text;
  cursor.expect("sometimes", "after the defect");
  read_terms(cursor, draft, std::move(claim));
}

}  // namespace language
