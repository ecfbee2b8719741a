// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/source.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace language {
namespace {

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

std::string_view without_trailing_spaces(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t");
  return last == std::string_view::npos ? std::string_view{} : line.substr(0, last + 1);
}

// Bytes to characters, of UTF-8.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

Source::Source(std::string_view text, std::string_view file) : file_(file) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    std::string_view line = text.substr(from, end - from);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines_.push_back(without_trailing_spaces(line));
    from = end + 1;
  }
  check_bytes();
}

void Source::check_bytes() const {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto bad = std::find_if(lines_[i].begin(), lines_[i].end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
    if (bad == lines_[i].end()) continue;
    fail(static_cast<int>(i) + 1, static_cast<std::size_t>(bad - lines_[i].begin()), 1,
         fmt::format("expected text, found a byte {:#04x}", static_cast<unsigned char>(*bad)));
  }
}

bool Source::advance() {
  for (; next_ < lines_.size(); ++next_) {
    const std::string_view text = lines_[next_];
    const std::size_t indent = indent_of(text);
    if (indent == text.size() || text[indent] == '#') continue;
    const int number = static_cast<int>(next_) + 1;
    if (text[indent] == '\t') fail(number, indent, 1, "expected spaces, found a tab", "indent with spaces");
    auto tokens = split(text);
    if (!tokens) fail(number, tokens.error().at, 1, tokens.error().message);
    line_ = {number, indent, text, std::move(*tokens)};
    ++next_;
    return true;
  }
  return false;
}

const Line* Source::peek() {
  if (!loaded_) loaded_ = advance();
  return loaded_ ? &line_ : nullptr;
}

Line Source::take() {
  peek();
  loaded_ = false;
  return std::move(line_);
}

std::string Source::take_prose() {
  const std::size_t first = next_;
  while (next_ < lines_.size() && (lines_[next_].empty() || lines_[next_].front() == ' ')) ++next_;
  std::size_t begin = first, end = next_;
  while (begin < end && lines_[begin].empty()) ++begin;
  while (end > begin && lines_[end - 1].empty()) --end;
  std::size_t common = std::string_view::npos;
  for (std::size_t i = begin; i < end; ++i) {
    if (!lines_[i].empty()) common = std::min(common, indent_of(lines_[i]));
  }
  std::string prose;
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) prose += '\n';
    if (!lines_[i].empty()) prose += lines_[i].substr(common);
  }
  return prose;
}

void Source::fail(int line, std::size_t at, std::size_t width, std::string message, std::string hint) const {
  const std::string_view text = line > 0 && static_cast<std::size_t>(line) <= lines_.size()
                                    ? lines_[static_cast<std::size_t>(line) - 1]
                                    : "";
  const std::string_view meant = text.substr(std::min(at, text.size()), width);
  throw Failure({std::string(file_), line, characters(text.substr(0, at)) + 1,
                 std::max<std::size_t>(1, characters(meant)), std::string(text), std::move(message),
                 std::move(hint)});
}

void Source::fail(const Line& line, const Token& token, std::string message, std::string hint) const {
  fail(line.number, token.at, token.text.size(), std::move(message), std::move(hint));
}

void Source::fail_after(const Line& line, std::string message, std::string hint) const {
  const Token& last = line.tokens.back();
  fail(line.number, last.at + last.text.size(), 1, std::move(message), std::move(hint));
}

void Source::fail_at_end(std::string message, std::string hint) const {
  fail(static_cast<int>(lines_.size()) + 1, 0, 1, std::move(message), std::move(hint));
}

}  // namespace language
