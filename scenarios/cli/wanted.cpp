// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/wanted.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "scenarios/cli/named.hpp"
#include "scenarios/cli/status.hpp"
#include "scenarios/cli/terminal.hpp"
#include "scenarios/language/column.hpp"
#include "scenarios/language/word.hpp"

namespace cli {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

std::vector<std::string> column_names(const language::Litmus& litmus) {
  std::vector<std::string> names;
  for (const language::Column& column : running::shown_columns(litmus)) {
    names.push_back(language::name_of(column, litmus.program));
  }
  return names;
}

}  // namespace

Wanted Wanted::row(const std::string& text, const language::Litmus& litmus) {
  const std::vector<std::string> words = split(text);
  const std::vector<std::string> names = column_names(litmus);
  const std::size_t table = litmus.columns.empty() ? names.size() : litmus.columns.size();
  if (words.size() != table && words.size() != names.size()) {
    throw Error(fmt::format("the row '{}': expected {}, one each for {}; there {} {}", text, counted(table, "word"),
                            fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(table), " "),
                            words.size() == 1 ? "is" : "are", words.size()));
  }
  Wanted wanted;
  for (std::size_t i = 0; i < words.size(); ++i) wanted.terms_.push_back({Term::Of::column, i, words[i]});
  return wanted;
}

Wanted Wanted::where(const std::string& text, const language::Litmus& litmus) {
  const std::vector<std::string> words = split(text);
  Wanted wanted;
  for (std::size_t i = 0; i < words.size(); i += 3) {
    const bool joined = i + 2 < words.size();
    if (i + 1 >= words.size() || (joined && (words[i + 2] != "and" || i + 3 == words.size()))) {
      throw Error(fmt::format("the outcome '{}': expected COLUMN WORD, then perhaps 'and' and another", text));
    }
    wanted.terms_.push_back(term(words[i], words[i + 1], litmus));
  }
  if (wanted.terms_.empty()) throw Error("an empty outcome: expected COLUMN WORD");
  return wanted;
}

Wanted::Term Wanted::term(const std::string& name, const std::string& word, const language::Litmus& litmus) {
  std::vector<std::string> names = column_names(litmus);
  const auto column = std::find(names.begin(), names.end(), name);
  if (column != names.end()) return {Term::Of::column, static_cast<std::size_t>(column - names.begin()), word};
  for (std::size_t i = 0; i < litmus.program.threads.size(); ++i) {
    if (litmus.program.threads[i].name == name) return {Term::Of::thread, i, word};
    names.push_back(litmus.program.threads[i].name);
  }
  throw Error(unknown("column", name, names));
}

Wanted Wanted::either(const std::string& text, const language::Litmus& litmus) {
  const std::string first = text.substr(0, text.find(' '));
  const std::vector<std::string> names = column_names(litmus);
  const auto& threads = litmus.program.threads;
  const bool named = std::find(names.begin(), names.end(), first) != names.end() ||
                     std::any_of(threads.begin(), threads.end(), [&](const auto& thread) { return thread.name == first; });
  return named ? where(text, litmus) : row(text, litmus);
}

std::string Wanted::claim(const language::Litmus& litmus) const {
  const std::vector<std::string> names = column_names(litmus);
  std::string text;
  for (const Term& term : terms_) {
    if (!text.empty()) text += " and ";
    text += term.of == Term::Of::column ? names[term.index] : litmus.program.threads[term.index].name;
    text += ' ' + term.word;
  }
  return text;
}

bool Wanted::is(const running::Reached& reached) const {
  return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) {
    const std::string seen = term.of == Term::Of::column ? reached.words[term.index]
                                                         : language::word(reached.ends[term.index]);
    return language::matches(term.word, seen);
  });
}

}  // namespace cli
