// SPDX-License-Identifier: Apache-2.0
// Generators (rapidcheck): whole litmus files, and final states of their programs. For tests only.
#pragma once
#include <set>

#include "scenarios/language/column.hpp"
#include "scenarios/language/generate.hpp"
#include "scenarios/language/word.hpp"

namespace language::generate {

// Every column that the program can have.
inline std::vector<Column> columns(const traces::Program& program) {
  using Kind = Column::Kind;
  std::vector<Column> columns{{.kind = Kind::kernel_bug}};
  const auto index = [](std::size_t i) { return static_cast<std::uint8_t>(i); };
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    columns.push_back({.kind = Kind::thread_end, .index = index(t)});
    const std::vector<OperationKinds> made = sources(program.threads[t]);
    for (std::size_t r = 0; r < made.size(); ++r) {
      columns.push_back({.kind = Kind::value, .index = index(t), .reg = index(r)});
      const FieldUnit unit = field_unit(made[r]);
      const bool has_field = unit == FieldUnit::bytes || unit == FieldUnit::mask;
      if (has_field) columns.push_back({.kind = Kind::field, .index = index(t), .reg = index(r)});
      if (!values_of(made[r]).has(traces::ValueKind::message)) continue;
      columns.push_back({.kind = Kind::faulting_thread, .index = index(t), .reg = index(r)});
    }
  }
  for (std::size_t i = 0; i < program.regions.size(); ++i) {
    for (std::uint64_t page = 0; page < program.regions[i].count(); ++page) {
      columns.push_back({.kind = Kind::page, .index = index(i), .page = page});
    }
  }
  for (std::size_t i = 0; i < program.files.size(); ++i) {
    for (std::uint64_t page = 0; page < traces::pages_of_file(program, i); ++page) {
      columns.push_back({.kind = Kind::file_page, .index = index(i), .page = page});
    }
  }
  for (std::size_t i = 0; i < program.uffds.size(); ++i) {
    columns.push_back({.kind = Kind::pending, .index = index(i)});
    columns.push_back({.kind = Kind::total, .index = index(i)});
  }
  for (std::size_t i = 0; i < program.variables.size(); ++i) {
    columns.push_back({.kind = Kind::variable, .index = index(i)});
  }
  return columns;
}

// An end that the program could have, as far as the types tell.
inline traces::FinalState final_state(const traces::Program& program) {
  using traces::FinalState;
  const traces::Layout layout(program);
  FinalState state;
  for (const traces::ThreadProgram& thread : program.threads) {
    FinalState::Thread end;
    end.end = static_cast<traces::ThreadEnd>(below(4));
    for (const OperationKinds made : sources(thread)) {
      traces::Value held;
      if (!one_in(4)) held = value(one_of(kinds_of(made)), layout, program.threads.size());
      const bool can = held.kind == traces::ValueKind::errnum || held.kind == traces::ValueKind::scan;
      if (can && field_unit(made) != FieldUnit::none) {
        const traces::Value written = field();
        held.field_state = written.field_state;
        held.field = written.field;
      }
      end.registers.push_back(held);
    }
    state.threads.push_back(std::move(end));
  }
  for (const traces::Region& region : program.regions) {
    std::vector<FinalState::Page> pages(region.count());
    for (FinalState::Page& page : pages) {
      page.state = static_cast<traces::PageState>(below(8));
      const bool present =
          page.state == traces::PageState::present || page.state == traces::PageState::present_wp;
      if (present) page.content = letter();
    }
    state.pages.push_back(std::move(pages));
  }
  for (std::size_t i = 0; i < program.files.size(); ++i) {
    std::vector<FinalState::Page> pages(traces::pages_of_file(program, i));
    for (FinalState::Page& page : pages) {
      page.state = static_cast<traces::PageState>(below(3));
      if (page.state == traces::PageState::present) page.content = letter();
    }
    state.files.push_back(std::move(pages));
  }
  for (std::size_t i = 0; i < program.uffds.size(); ++i) {
    const auto pending = static_cast<std::uint32_t>(below(3));
    state.uffds.push_back({!one_in(3), pending, pending + static_cast<std::uint32_t>(below(3))});
  }
  for (std::size_t i = 0; i < program.variables.size(); ++i) state.variables.push_back(number());
  if (one_in(4)) state.kernel_bug = "a BUG";
  return state;
}

inline std::vector<std::string> kernels() {
  std::vector<std::string> kernels;
  for (const char* kernel : {"6.1", "6.12", "6.18", "7.3"}) {
    if (one_in(6)) kernels.emplace_back(kernel);
  }
  return kernels;
}

// A few of the columns, each once.
inline std::vector<Column> some_columns(const traces::Program& program, std::size_t most) {
  std::vector<Column> all = columns(program), chosen;
  for (std::size_t n = at_most(most); n > 0 && !all.empty(); --n) {
    const auto at = all.begin() + static_cast<std::ptrdiff_t>(below(all.size()));
    chosen.push_back(*at);
    all.erase(at);
  }
  return chosen;
}

inline void add_rows(Litmus& litmus) {
  std::set<Words> known;
  for (std::size_t n = litmus.columns.empty() ? 0 : at_most(4); n > 0; --n) {
    Words words = row(litmus, litmus.columns, final_state(litmus.program));
    if (known.insert(words).second) litmus.rows.push_back({std::move(words), kernels(), 0});
  }
}

inline void add_claim(Litmus& litmus) {
  Claim claim;
  claim.kind = static_cast<Claim::Kind>(below(3));
  if (one_in(3)) {
    claim.kind = Claim::Kind::sometimes;
    claim.defect = "no-recheck-before-sleep";
  }
  std::vector<Column> about = some_columns(litmus.program, 2);
  if (about.empty()) about.push_back({.kind = Column::Kind::kernel_bug});
  const Words words = row(litmus, about, final_state(litmus.program));
  for (std::size_t i = 0; i < about.size(); ++i) {
    const bool shorten = words[i].front() != '\'' && one_in(2);  // a message without its place
    const std::size_t colon = shorten ? words[i].find(':') : std::string::npos;
    claim.terms.push_back({about[i], words[i].substr(0, colon)});
  }
  claim.kernels = kernels();
  litmus.claims.push_back(std::move(claim));
}

// Litmus files with every construct of the language.
inline rc::Gen<Litmus> litmus(Limits limits = {}) {
  return rc::gen::exec([limits] {
    Litmus litmus;
    litmus.program = ProgramMaker(limits).make();
    litmus.prose = one_of<std::string>(
        {"", "One line.", "Two lines,\n    # one deeper\n\nand 'a gap", "page x\tmissing"});
    litmus.kernels = kernels();
    if (one_in(6)) litmus.machines = Litmus::Machines::guests;
    litmus.columns = some_columns(litmus.program, 5);
    add_rows(litmus);
    for (std::size_t n = at_most(3); n > 0; --n) add_claim(litmus);
    return litmus;
  });
}

}  // namespace language::generate

namespace language {
inline void showValue(const Litmus& litmus, std::ostream& out) { out << print(litmus); }
}  // namespace language
