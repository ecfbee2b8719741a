// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/table.hpp"

#include <algorithm>

namespace cli {

void Table::add_column(std::string heading, Align align) { columns_.push_back({std::move(heading), align}); }

void Table::add_row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }

std::size_t Table::width(std::size_t column) const {
  std::size_t widest = width_of(columns_[column].heading);
  for (const std::vector<Cell>& row : rows_) widest = std::max(widest, width_of(row[column].text));
  return widest;
}

std::string Table::line(const std::vector<Cell>& cells, const Paint& paint, std::size_t indent) const {
  std::string text;
  std::string gap(indent, ' ');
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t columns = width(i);
    const std::string fill(columns - width_of(cells[i].text), ' ');
    const bool right = columns_[i].align == Align::right;
    if (right) gap += fill;
    if (!cells[i].text.empty()) {
      text += gap + paint(cells[i].tone, cells[i].text);
      gap.clear();
    } else {
      gap += right ? "" : std::string(columns, ' ');
    }
    if (!right && !cells[i].text.empty()) gap += fill;
    gap += "  ";
  }
  return text + '\n';
}

std::string Table::to_text(const Paint& paint, std::size_t indent) const {
  std::vector<Cell> headings;
  for (const Column& column : columns_) headings.push_back({column.heading, Tone::head});
  const bool headed = std::any_of(headings.begin(), headings.end(), [](const Cell& c) { return !c.text.empty(); });
  std::string text = headed ? line(headings, paint, indent) : "";
  for (const std::vector<Cell>& row : rows_) text += line(row, paint, indent);
  return text;
}

}  // namespace cli
