// SPDX-License-Identifier: Apache-2.0
// Cursor: reads one line word by word, and knows how to complain about the word at hand.
#pragma once
#include <string>
#include <string_view>

#include "scenarios/language/source.hpp"
#include "scenarios/language/suggest.hpp"

namespace language {

// A token as an error message shows it: in backquotes, shortened.
std::string shown(std::string_view text);

class Cursor {
 public:
  Cursor(const Source& source, const Line& line) : source_(source), line_(line) {}

  const Line& line() const { return line_; }
  bool done() const { return next_ == line_.tokens.size(); }
  bool at(std::string_view word) const { return !done() && line_.tokens[next_].text == word; }

  // The next word; fails at the end of the line with "expected …".
  const Token& peek(std::string_view expected) const;
  const Token& take(std::string_view expected);
  // Takes the word if it is the next one.
  bool accept(std::string_view word);
  void expect(std::string_view word, std::string_view why);
  // Takes a word that is one of the choices, or fails: "expected WHAT: a, b or c".
  const Token& take_one_of(const Choices& choices, std::string_view what);
  // Takes a number below 2^64.
  std::uint64_t take_number(std::string_view expected);
  // Fails if a word is left.
  void expect_end() const;

  [[noreturn]] void fail(const Token& token, std::string message, std::string hint = "") const;
  // About bytes [at, at + width) of the token.
  [[noreturn]] void fail_within(const Token& token, const Misfit& misfit) const;
  [[noreturn]] void fail_after(std::string message, std::string hint = "") const;

 private:
  const Source& source_;
  const Line& line_;
  std::size_t next_ = 0;
};

}  // namespace language
