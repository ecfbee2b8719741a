// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/budget.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "scenarios/cli/named.hpp"
#include "scenarios/cli/status.hpp"

namespace cli {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;
constexpr std::uint64_t kMost = std::uint64_t{1} << 40;

std::uint64_t memory_of_this_machine() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) : 0;
}

std::uint64_t number_in(const std::string& word, std::string_view digits) {
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped_at, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || stopped_at != end || number == 0 || number > kMost) {
    throw Error(fmt::format("--budget {}: expected a whole number from 1 behind the '='", word));
  }
  return number;
}

}  // namespace

Bounds bounds_of(const std::vector<std::string>& words) {
  Bounds bounds;
  bounds.budget.bytes = memory_of_this_machine() / 4 * 3;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const std::string what = word.substr(0, equals);
    static const language::Choices kKnown{"worlds", "executions", "seconds", "mebibytes", "steps"};
    if (equals == std::string::npos) {
      throw Error(fmt::format("--budget {}: expected WHAT=NUMBER, where WHAT is {}", word, language::either(kKnown)));
    }
    const std::uint64_t number = number_in(word, std::string_view(word).substr(equals + 1));
    if (what == "worlds") {
      bounds.budget.worlds = number;
    } else if (what == "executions") {
      bounds.budget.executions = number;
    } else if (what == "seconds") {
      bounds.seconds = std::chrono::seconds(number);
    } else if (what == "mebibytes") {
      bounds.budget.bytes = number * kMebibyte;
    } else if (what == "steps") {
      bounds.budget.steps_per_execution = number;
    } else {
      throw Error(unknown("budget", what, kKnown));
    }
  }
  return bounds;
}

}  // namespace cli
