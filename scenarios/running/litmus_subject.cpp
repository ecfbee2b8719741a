// SPDX-License-Identifier: Apache-2.0
#include "scenarios/running/litmus_subject.hpp"

#include <algorithm>

#include "scenarios/language/column.hpp"

namespace running {
namespace {

using language::Column;

// An outcome's text: its words, each behind a mark, then a letter a thread for its end, then the kernel's
// bug. No word contains the mark.
constexpr char kMark = '\x1f';

char letter_of(traces::ThreadEnd end) { return static_cast<char>('0' + static_cast<int>(end)); }
traces::ThreadEnd end_of(char letter) { return static_cast<traces::ThreadEnd>(letter - '0'); }

std::vector<Column> every_column(const traces::Program& program) {
  std::vector<Column> columns;
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    const auto index = static_cast<std::uint8_t>(t);
    for (std::size_t r = 0; r < program.threads[t].registers.size(); ++r) {
      columns.push_back({.kind = Column::Kind::value, .index = index, .reg = static_cast<std::uint8_t>(r)});
    }
  }
  for (std::size_t r = 0; r < program.regions.size(); ++r) {
    const auto index = static_cast<std::uint8_t>(r);
    for (std::uint64_t page = 0; page < program.regions[r].count(); ++page) {
      columns.push_back({.kind = Column::Kind::page, .index = index, .page = page});
    }
  }
  for (std::size_t f = 0; f < program.files.size(); ++f) {
    const auto index = static_cast<std::uint8_t>(f);
    for (std::uint64_t page = 0; page < traces::pages_of_file(program, f); ++page) {
      columns.push_back({.kind = Column::Kind::file_page, .index = index, .page = page});
    }
  }
  return columns;
}

}  // namespace

std::vector<Column> shown_columns(const language::Litmus& litmus) {
  std::vector<Column> columns = language::all_columns(litmus);
  if (!litmus.columns.empty()) return columns;
  for (const Column& column : every_column(litmus.program)) {
    if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
  }
  return columns;
}

LitmusSubject::LitmusSubject(const language::Litmus& litmus, const model::Kernel& kernel,
                             const model::Defect* defect)
    : litmus_(litmus),
      kernel_(defect ? model::with_defect(kernel, *defect) : kernel),
      defect_(defect),
      columns_(shown_columns(litmus)),
      subject_(std::make_unique<traces::ModelSubject>(
          litmus.program, kernel_, [this](const traces::FinalState& state) { return name(state); })) {}

std::string LitmusSubject::name(const traces::FinalState& state) const {
  std::string text;
  for (const std::string& word : language::row(litmus_, columns_, state)) text += word + kMark;
  for (const traces::FinalState::Thread& thread : state.threads) text += letter_of(thread.end);
  return text + kMark + state.kernel_bug;
}

Reached LitmusSubject::reached(const std::string& outcome) const {
  Reached reached;
  std::size_t at = 0;
  const auto take = [&] {
    const std::size_t end = outcome.find(kMark, at);
    std::string part = outcome.substr(at, end - at);
    at = end + 1;
    return part;
  };
  for (std::size_t i = 0; i < columns_.size(); ++i) reached.words.push_back(take());
  for (const char letter : take()) reached.ends.push_back(end_of(letter));
  reached.kernel_bug = outcome.substr(at);
  return reached;
}

}  // namespace running
