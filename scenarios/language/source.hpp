// SPDX-License-Identifier: Apache-2.0
// Source: the text of a litmus file, line by line. Blank lines and comments are skipped, the others come as
// words. Whatever is wrong is thrown as a Failure; parse.hpp turns it into its result.
#pragma once
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/language/grammar.hpp"
#include "scenarios/language/parse_error.hpp"

namespace language {

// How the parser leaves its depths. Caught in parse().
struct Failure : std::exception {
  explicit Failure(ParseError what_is_wrong) : error(std::move(what_is_wrong)) {}
  ParseError error;
};

struct Line {
  int number = 0;  // from 1
  std::size_t indent = 0;
  std::string_view text;
  std::vector<Token> tokens;  // at least one
};

class Source {
 public:
  // `text` must outlive the source. Fails at bytes that no text has.
  Source(std::string_view text, std::string_view file);

  // The next line that says something; null at the end.
  const Line* peek();
  Line take();

  // The indented lines that follow, as they stand, without their common indentation.
  std::string take_prose();

  [[noreturn]] void fail(int line, std::size_t at, std::size_t width, std::string message,
                         std::string hint = "") const;
  [[noreturn]] void fail(const Line& line, const Token& token, std::string message,
                         std::string hint = "") const;
  // About the end of a line: something is missing there.
  [[noreturn]] void fail_after(const Line& line, std::string message, std::string hint = "") const;
  // About the end of the file.
  [[noreturn]] void fail_at_end(std::string message, std::string hint = "") const;

 private:
  void check_bytes() const;
  bool advance();  // reads next_ into line_; false at the end or before nothing but blank lines

  std::string_view file_;
  std::vector<std::string_view> lines_;
  std::size_t next_ = 0;  // first line that was not looked at
  Line line_;
  bool loaded_ = false;  // line_ waits to be taken
};

}  // namespace language
