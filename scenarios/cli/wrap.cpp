// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/wrap.hpp"

#include <algorithm>

#include "scenarios/cli/terminal.hpp"

namespace cli {
namespace {

// Where the first `columns` columns of the text end, in bytes.
std::size_t end_of(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t next = at + 1;
    while (next < text.size() && (text[next] & 0xc0) == 0x80) ++next;
    if (columns-- == 0) break;
    at = next;
  }
  return at;
}

// How much of the text goes on a line of `columns`: up to a space, or a place where a long name may be
// broken.
std::size_t part_of(std::string_view text, std::size_t columns) {
  if (width_of(text) <= columns) return text.size();
  const std::size_t most = end_of(text, columns);
  const std::size_t space = text.rfind(' ', most);
  if (space != std::string_view::npos && space > 0) return space;
  const std::size_t joint = text.find_last_of("_(./,", most - 1);
  return joint != std::string_view::npos && joint > 0 ? joint + 1 : most;
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t hang) {
  width = std::max<std::size_t>(width, 8);
  const std::size_t indent = std::min(text.find_first_not_of(' '), text.size());
  std::vector<std::string> lines;
  std::string lead(std::min(indent, width / 2), ' ');
  text.remove_prefix(indent);
  do {
    const std::size_t part = part_of(text, width - lead.size());
    lines.push_back(lead + std::string(text.substr(0, part)));
    text.remove_prefix(std::min(text.find_first_not_of(' ', part), text.size()));
    if (lines.size() == 1) lead = std::string(std::min(indent + hang, width / 2), ' ');
  } while (!text.empty());
  return lines;
}

std::string wrapped_block(std::string_view text, std::size_t width, std::size_t indent, std::size_t hang) {
  std::string block;
  for (const std::string& line : wrapped(text, width - indent, hang)) {
    block += std::string(indent, ' ') + line + '\n';
  }
  return block;
}

}  // namespace cli
