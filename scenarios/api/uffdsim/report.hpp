// SPDX-License-Identifier: Apache-2.0
// Report: what became of a scenario in all its executions.
#pragma once
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace uffdsim {

// One row of the outcome table: executions that a person would not tell apart.
struct Outcome {
  std::string text;          // "monitor.copied=ok reader.saw='A'": what was recorded, and who waits
  std::string schedule;      // leads there, as replay() takes it
  std::uint64_t worlds = 0;  // distinct last worlds with it; in a sample, executions
};

struct Failure {
  std::string what;         // "reader: the reader sees what was put there (monitor.cpp:12)"
  std::string schedule;     // leads there; empty where none does
  std::string explanation;  // the execution, step by step
};

struct Report {
  std::vector<Outcome> outcomes;  // by text
  std::vector<Failure> failures;
  bool complete = false;  // every execution was looked at
  std::string covered;    // "every execution", "a sample of 1000 executions", "budget of worlds used up, …"
  std::uint64_t worlds = 0;      // distinct ones; 0 in a sample
  std::uint64_t executions = 0;  // distinct last worlds; in a sample, executions
  std::uint64_t steps = 0;

  // No failure, and nothing left that was to be looked at.
  bool holds() const { return failures.empty() && (complete || sampled); }
  bool sampled = false;  // Options::walks
  // Null: no execution ends so.
  const Outcome* find(std::string_view text) const;
  // The first failure that says so; null: none does.
  const Failure* failure(std::string_view part_of_what) const;
};

// The whole report, for people: the outcome table, and each failure with its story and its schedule.
std::string to_text(const Report& report);
std::ostream& operator<<(std::ostream& out, const Report& report);

// One execution.
struct Replayed {
  std::string misfit;  // not empty: the schedule asks for what cannot happen, and why
  std::string outcome;
  std::vector<std::string> failed;  // what did not hold
  std::string story;
};
std::ostream& operator<<(std::ostream& out, const Replayed& replayed);

}  // namespace uffdsim
