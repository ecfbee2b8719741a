// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/against_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/cli/sheet.hpp"
#include "scenarios/cli/show_text.hpp"
#include "scenarios/cli/wrap.hpp"

namespace cli {
namespace {

constexpr std::size_t kHalf = (Sheet::kWidth - 3) / 2;

struct Line {
  Tone tone = Tone::plain;
  std::string text;
};

// One run from a step on, as a list: who, what, what changed; each thread's name once for all it does in a
// row.
std::vector<Line> half(const Explanation& explanation, std::size_t from) {
  const timeline::Telling& telling = explanation.telling;
  std::size_t widest = 0;
  for (const std::string& thread : telling.threads) widest = std::max(widest, width_of(thread));
  std::vector<Line> lines;
  int last = -1;
  const auto add = [&](Tone tone, int thread, const std::string& text) {
    const std::string name =
        thread == last || thread < 0 ? "" : telling.threads[static_cast<std::size_t>(thread)];
    last = thread;
    const std::vector<std::string> parts = wrapped(text, kHalf - widest - 2, 2);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      lines.push_back({tone, padded(i == 0 ? name : "", widest) + "  " + parts[i]});
    }
  };
  for (const timeline::Strip& strip :
       timeline::draw(telling, from, telling.steps.size(), timeline::Detail::runs, explanation.stars())) {
    for (const timeline::Mark& mark : strip.marks) add(tone_of(mark.ink), mark.thread, mark.text);
    if (!strip.changes.empty())
      add(Tone::plain, last, fmt::format("    = {}", fmt::join(strip.changes, ", ")));
  }
  if (explanation.witness.repeats_from > 0) add(Tone::odd, -1, "… and so on for ever.");
  return lines;
}

}  // namespace

std::string AgainstText::to_text(const Paint& paint) const {
  return common_text(paint) + columns_text(paint) + '\n' + endings_text(paint);
}

std::string AgainstText::common_text(const Paint& paint) const {
  if (shared == 0) return "The two runs share nothing but their beginning.\n\n";
  Sheet sheet(left.telling.threads, paint);
  sheet.add({timeline::Strip{.changes = left.telling.setting}});
  sheet.add(timeline::draw(left.telling, 0, shared, timeline::Detail::runs));
  return fmt::format(
      "Both begin with the same {}:\n\n{}\nHere they part; after the next step on the left, what stands on "
      "the right is out of reach.\n\n",
      counted(shared, "step"), sheet.to_text());
}

std::string AgainstText::columns_text(const Paint& paint) const {
  const std::vector<Line> one = half(left, shared);
  const std::vector<Line> two = half(right, shared);
  const auto row = [&](const Line& a, const Line& b) {
    const std::string fill(kHalf - std::min(kHalf, width_of(a.text)), ' ');
    return paint(a.tone, a.text) + fill + paint(Tone::faint, b.text.empty() ? " │" : " │ ") +
           paint(b.tone, b.text) + '\n';
  };
  std::string dashes;
  for (std::size_t i = 0; i < Sheet::kWidth; ++i) dashes += i == kHalf + 1 ? "┼" : "─";
  std::string text = row({Tone::name, left_row}, {Tone::name, right_row}) + paint(Tone::faint, dashes) + '\n';
  for (std::size_t i = 0; i < std::max(one.size(), two.size()); ++i) {
    text += row(i < one.size() ? one[i] : Line{}, i < two.size() ? two[i] : Line{});
  }
  return text;
}

std::string AgainstText::endings_text(const Paint& paint) const {
  std::string text;
  const auto tell = [&](const char* side, const std::string& row, const Explanation& run) {
    text += fmt::format("{}, {}: ", side, row);
    if (!run.telling.end.bug.empty()) {
      text += "the simulated kernel stops: " + run.telling.end.bug + '\n';
    } else if (run.stuck.empty()) {
      text += "every thread has finished.\n";
    } else {
      text += "\n";
      for (const timeline::Stuck& stuck : run.stuck) {
        const std::string& why = stuck.waiting.text.empty() ? stuck.loop : stuck.waiting.text;
        const std::string& name = run.telling.threads[static_cast<std::size_t>(stuck.thread)];
        text += wrapped_block(fmt::format("{} {}", name, why), Sheet::kWidth, 2, 2);
        if (!stuck.missed.empty()) text += paint(Tone::bad, wrapped_block(stuck.missed, Sheet::kWidth, 4, 2));
      }
    }
  };
  tell("Left", left_row, left);
  tell("Right", right_row, right);
  return text;
}

}  // namespace cli
