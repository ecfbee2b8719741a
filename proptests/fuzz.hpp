// SPDX-License-Identifier: Apache-2.0
// A job of the fuzzer, and the report that comes of it. Both are lines of JSON, because the work is done by
// processes of their own, on this machine or in a guest.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "proptests/tally.hpp"

namespace proptests {

// Programs `first` to `end` of a seed, in batches; a crew of several takes every crew-th batch each.
struct FuzzJob {
  enum class Threads : std::uint8_t { one, two, by_turns };  // by_turns: odd programs have two
  static constexpr std::uint64_t kBatch = 200;

  std::uint64_t seed = 1;
  std::uint64_t first = 0;
  std::uint64_t end = 100'000;
  Threads threads = Threads::by_turns;
  std::uint64_t crew = 1;
  std::uint64_t member = 0;  // less than crew

  std::uint32_t threads_of(std::uint64_t number) const;
};

struct FuzzReport {
  std::uint64_t programs = 0;
  std::uint64_t whole = 0;  // of which kLeastSteps steps at least were performed
  Tally tally;
  std::map<std::uint64_t, std::string> divergences;  // by the program's number, shrunk, for a person

  void add(const FuzzReport& other);
};

std::string to_json_text(const FuzzJob& job);
std::string to_json_text(const FuzzReport& report);
// Throw nlohmann::json::exception on any other text.
FuzzJob fuzz_job_from_json(const std::string& text);
FuzzReport fuzz_report_from_json(const std::string& text);

// The model of the running kernel against the kernel itself; `report` is called after each batch. Throws
// std::runtime_error if no modelled kernel is like it, std::system_error if there is no userfaultfd.
void fuzz(const FuzzJob& job, const std::function<void(const FuzzReport&)>& report);

}  // namespace proptests
