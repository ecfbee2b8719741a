// SPDX-License-Identifier: Apache-2.0
// Table: rows of short texts in aligned columns.
#pragma once
#include <string>
#include <vector>

#include "scenarios/cli/terminal.hpp"

namespace cli {

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

class Table {
 public:
  enum class Align : unsigned char { left, right };

  void add_column(std::string heading, Align align = Align::left);
  // As many cells as columns.
  void add_row(std::vector<Cell> cells);

  // The headings (unless all are empty) and the rows, each indented and with two spaces between columns.
  std::string to_text(const Paint& paint, std::size_t indent) const;

 private:
  struct Column {
    std::string heading;
    Align align;
  };
  std::size_t width(std::size_t column) const;
  std::string line(const std::vector<Cell>& cells, const Paint& paint, std::size_t indent) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace cli
