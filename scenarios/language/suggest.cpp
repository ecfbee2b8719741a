// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace language {
namespace {

constexpr std::size_t kLongest = 40;  // longer words are not typing mistakes

// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view written, const Choices& choices) {
  if (written.size() < 2 || written.size() > kLongest) return std::nullopt;
  std::size_t best = written.size() > 4 ? 2 : 1;
  std::optional<std::string> found;
  for (const std::string& choice : choices) {
    const std::size_t steps = distance(written, choice);
    if (steps == 0) return std::nullopt;
    if (steps < best || (steps == best && !found)) {
      best = steps;
      found = choice;
    }
  }
  return found;
}

std::string suggestion(std::string_view written, const Choices& choices) {
  const std::optional<std::string> meant = nearest(written, choices);
  return meant ? fmt::format("did you mean `{}`?", *meant) : "";
}

std::string suggestion_or_list(std::string_view written, const Choices& choices) {
  constexpr std::size_t kFew = 12;
  std::string meant = suggestion(written, choices);
  if (!meant.empty() || choices.empty() || choices.size() > kFew) return meant;
  return fmt::format("known here: {}", fmt::join(choices, ", "));
}

std::string either(const Choices& choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
    text += choices[i];
  }
  return text;
}

}  // namespace language
