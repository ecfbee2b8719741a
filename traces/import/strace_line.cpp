// SPDX-License-Identifier: Apache-2.0
#include "traces/import/strace_line.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include "traces/import/scan.hpp"

namespace traces {
namespace {

constexpr std::string_view kUnfinished = "<unfinished ...>";

std::string_view trimmed(std::string_view text) {
  skip_spaces(text);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "[pid 123] " or "123 ", then the time in one of the forms of -t, -tt, -ttt.
void take_prefix(std::string_view& text, StraceLine& line) {
  std::string_view rest = text;
  const bool bracket = take(rest, "[pid ");
  if (bracket) skip_spaces(rest);
  const auto thread = take_decimal(rest);
  const bool number_alone = thread && *thread <= std::numeric_limits<std::uint32_t>::max() &&
                            (bracket ? take(rest, "]") : true) && rest.starts_with(' ');
  if (number_alone) {
    line.thread = static_cast<std::uint32_t>(*thread);
    skip_spaces(rest);
    text = rest;
  }
  rest = text;
  auto clock = take_seconds(rest);
  for (int i = 0; i < 2 && clock && take(rest, ":"); ++i) {  // HH:MM:SS
    const auto next = take_seconds(rest);
    constexpr std::uint64_t kSixty = 60;
    if (!next || *clock > std::numeric_limits<std::uint64_t>::max() / kSixty - *next) return;
    clock = *clock * kSixty + *next;
  }
  if (!clock || !rest.starts_with(' ')) return;
  line.clock = *clock;
  skip_spaces(rest);
  text = rest;
}

// Behind a digit, '<' opens what -y says of a descriptor; "1<<_UFFDIO_WAKE" is a shift. It may hold "->" and
// brackets, so it ends at the first '>' that something other than text follows.
std::size_t decoration_end(std::string_view text, std::size_t open) {
  const bool digit = open > 0 && text[open - 1] >= '0' && text[open - 1] <= '9';
  if (!digit || open + 1 >= text.size() || text[open + 1] == '<') return open;
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] != '>') continue;
    if (i + 1 == text.size() || std::string_view(",)}] =(").find(text[i + 1]) != std::string_view::npos)
      return i;
  }
  return open;
}

std::size_t string_end(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i;
    }
  }
  return text.size();
}

std::size_t comment_end(std::string_view text, std::size_t open) {
  const std::size_t end = text.find("*/", open + 2);
  return end == std::string_view::npos ? text.size() : end + 1;
}

// Calls `at_comma(position)` for each comma outside brackets; returns where the bracket that was open at
// the start closes, or the end of the text.
template <class AtComma>
std::size_t scan_list(std::string_view text, AtComma at_comma) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '"':
        i = string_end(text, i);
        break;
      case '/':
        if (text.substr(i).starts_with("/*")) i = comment_end(text, i);
        break;
      case '<':
        i = decoration_end(text, i);
        break;
      case '(':
      case '[':
      case '{':
        ++depth;
        break;
      case ')':
      case ']':
      case '}':
        if (depth == 0) return i;
        --depth;
        break;
      case ',':
        if (depth == 0) at_comma(i);
        break;
      default:
        break;
    }
  }
  return text.size();
}

std::pair<std::vector<std::string_view>, std::size_t> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  const std::size_t end = scan_list(text, [&](std::size_t comma) {
    parts.push_back(trimmed(text.substr(from, comma - from)));
    from = comma + 1;
  });
  const std::string_view last = trimmed(text.substr(from, end - from));
  if (!last.empty() || !parts.empty()) parts.push_back(last);
  return {parts, end};
}

std::optional<std::int64_t> take_result(std::string_view& text) {
  if (take(text, "?")) return std::nullopt;
  if (text.starts_with("0x")) {
    const auto number = take_number(text);
    return number ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
  }
  std::int64_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(at - text.data()));
  return value;
}

}  // namespace

StraceLine parse_strace_line(std::string_view text) {
  StraceLine line;
  take_prefix(text, line);
  if (text.starts_with("+++ ") || text.starts_with("--- ") || text.starts_with("strace: ")) {
    line.shape = StraceLine::Shape::remark;
    return line;
  }
  std::string_view rest = text;
  if (take(rest, "<... ")) {
    line.name = take_word(rest);
    if (line.name.empty() || !take(rest, " resumed>")) return line;
    line.shape = StraceLine::Shape::resumed;
    line.rest = rest;
    return line;
  }
  line.name = take_word(rest);
  if (line.name.empty() || !take(rest, "(")) return line;
  line.rest = trimmed(rest);
  const bool unfinished = line.rest.ends_with(kUnfinished);
  line.shape = unfinished ? StraceLine::Shape::unfinished : StraceLine::Shape::whole;
  if (unfinished) line.rest.remove_suffix(kUnfinished.size());
  return line;
}

std::vector<std::string_view> split_arguments(std::string_view text) { return split_list(text).first; }

std::optional<StraceCall> parse_strace_call(std::string_view rest) {
  StraceCall call;
  auto [arguments, end] = split_list(rest);
  call.arguments = std::move(arguments);
  rest.remove_prefix(end);
  if (!take(rest, ")")) return std::nullopt;
  skip_spaces(rest);
  if (!take(rest, "= ")) return std::nullopt;
  const bool unknown_result = rest.starts_with('?');
  call.result = take_result(rest);
  if (!call.result && !unknown_result) return std::nullopt;
  skip_spaces(rest);
  if (rest.starts_with('E')) call.error = take_word(rest);
  const std::size_t duration = rest.rfind('<');
  if (duration != std::string_view::npos && rest.ends_with('>')) {
    std::string_view number = rest.substr(duration + 1);
    const auto seconds = take_seconds(number);
    if (seconds && number == ">") call.duration = *seconds;
  }
  return call;
}

std::string_view member_of(std::string_view braces, std::string_view key) {
  if (!take(braces, "{")) return {};
  std::string_view found;
  for (std::string_view part : split_list(braces).first) {
    if (take(part, key) && take(part, "=")) found = part;
  }
  return found;
}

std::optional<StraceDescriptor> parse_descriptor(std::string_view text) {
  const auto number = take_decimal(text);
  if (!number || *number > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  StraceDescriptor descriptor{static_cast<std::uint32_t>(*number), {}};
  if (text.empty()) return descriptor;
  if (text.front() != '<' || text.back() != '>') return std::nullopt;
  descriptor.what = text.substr(1, text.size() - 2);
  return descriptor;
}

}  // namespace traces
