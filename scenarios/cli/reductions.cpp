// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/reductions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace cli {
namespace {

// Lines [first, last) of a text.
struct Span {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t size() const { return last - first; }
};

std::size_t indent_of(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }
std::string word_of(const std::string& line) {
  const std::size_t begin = indent_of(line);
  return line.substr(begin, line.find(' ', begin) - begin);
}
std::string trimmed(const std::string& line) { return line.substr(indent_of(line)); }

class Reducer {
 public:
  explicit Reducer(const Lines& lines) : lines_(lines) {}

  std::vector<Reduction> reduce(Part part) {
    for (std::size_t at = 0; at < lines_.size();) {
      const Span unit = unit_at(at);
      at = unit.last;
      const std::string word = word_of(lines_[unit.first]);
      if (lines_[unit.first].empty() || word == "litmus" || word == "sometimes") continue;
      if ((word == "thread") != (part == Part::threads)) continue;
      thread_ = word == "thread" ? trimmed(lines_[unit.first]).substr(7) : "";
      drop(unit, trimmed(lines_[unit.first]));
      if (word == "thread") reduce_block({unit.first + 1, unit.last});
    }
    std::stable_sort(reductions_.begin(), reductions_.end(),
                     [](const Reduction& a, const Reduction& b) { return a.size > b.size; });
    return std::move(reductions_);
  }

 private:
  // The statement that begins there, with the lines that belong to it.
  Span unit_at(std::size_t first) const {
    const std::size_t indent = indent_of(lines_[first]);
    std::size_t last = body_end(first + 1, indent);
    const std::string word = word_of(lines_[first]);
    const bool has_until = word == "repeat" && last < lines_.size() && word_of(lines_[last]) == "until";
    if (has_until) ++last;
    const bool has_else = word == "if" && last < lines_.size() && word_of(lines_[last]) == "else" &&
                          indent_of(lines_[last]) == indent;
    if (has_else) last = body_end(last + 1, indent);
    return {first, last};
  }

  // Where the lines end that stand deeper than `indent`.
  std::size_t body_end(std::size_t at, std::size_t indent) const {
    while (at < lines_.size() && !lines_[at].empty() && indent_of(lines_[at]) > indent) ++at;
    return at;
  }

  void reduce_block(Span block) {
    for (std::size_t at = block.first; at < block.last;) {
      const Span unit = unit_at(at);
      at = unit.last;
      reduce_unit(unit);
    }
  }

  void reduce_unit(Span unit) {
    const std::string& head = lines_[unit.first];
    const std::string word = word_of(head);
    const std::size_t indent = indent_of(head);
    const std::size_t end = body_end(unit.first + 1, indent);
    const Span body{unit.first + 1, end};
    if (word == "repeat") {
      const std::string loop = fmt::format("`repeat … {}`", trimmed(lines_[unit.last - 1]));
      drop(unit, of_thread(loop));
      keep(unit, body, of_thread(loop + ", made once"));
    } else if (word == "if") {
      drop(unit, of_thread(fmt::format("`{}` and what stands under it", trimmed(head))));
      keep(unit, body, of_thread(fmt::format("`{}`, taken for true", trimmed(head))));
      if (end < unit.last) {
        keep(unit, {end + 1, unit.last}, of_thread(fmt::format("`{}`, taken for false", trimmed(head))));
        drop({end, unit.last}, of_thread(fmt::format("the else of `{}`", trimmed(head))));
        reduce_block({end + 1, unit.last});
      }
    } else {
      drop(unit, of_thread(fmt::format("`{}`", trimmed(head))));
    }
    reduce_block(body);
  }

  std::string of_thread(const std::string& what) const { return fmt::format("{}: {}", thread_, what); }

  void drop(Span unit, std::string what) { keep(unit, {unit.last, unit.last}, std::move(what)); }

  // Puts the body, moved to the left, in the place of the unit.
  void keep(Span unit, Span body, std::string what) {
    Reduction reduction{.left_out = std::move(what), .size = unit.size() - body.size()};
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const bool inside = i >= unit.first && i < unit.last;
      const bool kept = i >= body.first && i < body.last;
      if (inside && !kept) continue;
      reduction.lines.push_back(kept ? lines_[i].substr(4) : lines_[i]);
    }
    reductions_.push_back(std::move(reduction));
  }

  const Lines& lines_;
  std::string thread_;
  std::vector<Reduction> reductions_;
};

}  // namespace

std::vector<Reduction> reductions(const Lines& lines, Part part) { return Reducer(lines).reduce(part); }

Lines lines_of(const std::string& text) {
  std::istringstream in(text);
  Lines lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string text_of(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

}  // namespace cli
