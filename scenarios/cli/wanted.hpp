// SPDX-License-Identifier: Apache-2.0
// Wanted: which outcome of a file a person means, by the words of its row or as a claim would say it.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "scenarios/running/run.hpp"

namespace cli {

class Wanted {
 public:
  // "'B' blocked ok 'B'": the words of a row of the file's table, or of all columns that explore shows.
  static Wanted row(const std::string& words, const language::Litmus& litmus);
  // "reader blocked and x 'A'": columns by name, and any thread by its name.
  static Wanted where(const std::string& terms, const language::Litmus& litmus);
  // Whichever of the two it is: a claim begins with the name of a column or a thread.
  static Wanted either(const std::string& text, const language::Litmus& litmus);
  // All end in an Error if that can be no outcome.

  bool is(const running::Reached& reached) const;
  // As a claim says it: "reader.r0 'B' and x 'A'".
  std::string claim(const language::Litmus& litmus) const;

 private:
  struct Term {
    enum class Of : unsigned char { column, thread };
    Of of = Of::column;
    std::size_t index = 0;  // into the run's columns, or the program's threads
    std::string word;
  };
  static Term term(const std::string& name, const std::string& word, const language::Litmus& litmus);

  std::vector<Term> terms_;
};

}  // namespace cli
