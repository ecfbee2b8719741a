// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/show_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cli {
namespace {

using timeline::Ink;
using timeline::Mark;
using timeline::Strip;
using timeline::ThreadGlimpse;

Tone tone_of(Ink ink) {
  switch (ink) {
    case Ink::operation: return Tone::head;
    case Ink::detail: return Tone::faint;
    case Ink::trouble: return Tone::odd;
    case Ink::woken: return Tone::good;
    case Ink::end: return Tone::bad;
  }
  return Tone::plain;
}

// Strips as lines of text, each column as wide as its widest text.
class Sheet {
 public:
  Sheet(const std::vector<std::string>& threads, const Paint& paint) : threads_(threads), paint_(paint) {
    for (const std::string& thread : threads) widths_.push_back(width_of(thread));
  }

  void add(std::vector<Strip> strips) {
    for (Strip& strip : strips) {
      steps_ = std::max(steps_, width_of(strip.steps));
      for (const Mark& mark : strip.marks) {
        std::size_t& width = widths_[static_cast<std::size_t>(mark.thread)];
        width = std::max(width, width_of(mark.text));
      }
      strips_.push_back(std::move(strip));
    }
  }
  // A line across all columns before the strips that are added next.
  void add_note(std::string text) { notes_.emplace_back(strips_.size(), std::move(text)); }

  std::string to_text() const {
    std::string text = heading() + rule();
    for (std::size_t i = 0; i < strips_.size(); ++i) text += notes_before(i) + line(strips_[i]);
    return text + notes_before(strips_.size());
  }

 private:
  static constexpr std::string_view kBar = " │ ";

  std::string heading() const {
    std::string text = std::string(steps_, ' ');
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      text += paint_(Tone::faint, kBar) + paint_(Tone::name, padded(threads_[i], widths_[i]));
    }
    return text + paint_(Tone::faint, kBar) + paint_(Tone::name, "what changes") + '\n';
  }

  std::string rule() const {
    const auto dashes = [](std::size_t count) {
      std::string text;
      for (std::size_t i = 0; i < count; ++i) text += "─";
      return text;
    };
    std::string text = dashes(steps_);
    for (const std::size_t width : widths_) text += "─┼─" + dashes(width);
    return paint_(Tone::faint, text + "─┼─" + dashes(12)) + '\n';
  }

  std::string line(const Strip& strip) const {
    std::string text = paint_(Tone::faint, std::string(steps_ - width_of(strip.steps), ' ') + strip.steps);
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      const auto mark = std::find_if(strip.marks.begin(), strip.marks.end(),
                                     [&](const Mark& m) { return m.thread == static_cast<sim::ThreadId>(i); });
      const bool empty = mark == strip.marks.end();
      const std::string words = empty ? "" : mark->text;
      text += paint_(Tone::faint, kBar) + paint_(empty ? Tone::plain : tone_of(mark->ink), words) +
              std::string(widths_[i] - width_of(words), ' ');
    }
    text += paint_(Tone::faint, strip.changes.empty() ? " │" : kBar);
    return text + fmt::format("{}\n", fmt::join(strip.changes, ", "));
  }

  std::string notes_before(std::size_t strip) const {
    std::string text;
    for (const auto& [place, note] : notes_) {
      if (place == strip) text += paint_(Tone::odd, note) + '\n';
    }
    return text;
  }

  const std::vector<std::string>& threads_;
  const Paint& paint_;
  std::vector<std::size_t> widths_;
  std::size_t steps_ = 0;
  std::vector<Strip> strips_;
  std::vector<std::pair<std::size_t, std::string>> notes_;
};

std::string stack_text(const ThreadGlimpse& thread, const Paint& paint) {
  std::string text;
  for (const timeline::Frame& frame : thread.stack) {
    text += paint(Tone::faint, fmt::format("      {:<34} {}", frame.function, frame.place)) + '\n';
  }
  return text;
}

}  // namespace

std::string ShowText::to_text(const Paint& paint) const { return timeline_text(paint) + '\n' + ending_text(paint); }

std::string ShowText::timeline_text(const Paint& paint) const {
  Sheet sheet(telling.threads, paint);
  sheet.add({Strip{.changes = telling.setting}});
  const std::size_t last = telling.steps.size();
  const std::size_t turn = repeats_from == 0 ? last : repeats_from;
  sheet.add(timeline::draw(telling, 0, turn, detail));
  if (turn < last) {
    sheet.add_note("From here it goes round, although the schedule is fair:");
    sheet.add(timeline::draw(telling, turn, last, detail));
    sheet.add_note("… and so on for ever.");
  }
  return sheet.to_text();
}

std::string ShowText::ending_text(const Paint& paint) const {
  if (!telling.end.bug.empty()) return paint(Tone::bad, "The simulated kernel stops: " + telling.end.bug) + '\n';
  if (telling.condition == sim::Condition::finished) return "Every thread has finished.\n";
  if (repeats_from == 0 && telling.condition == sim::Condition::running) {
    return "The schedule ends here; the program could go on.\n";
  }
  std::string text = repeats_from > 0 ? "Nobody gets further:\n" : "Nothing can happen any more:\n";
  for (const ThreadGlimpse& thread : telling.end.threads) {
    using State = ThreadGlimpse::State;
    if (thread.state == State::ended) continue;
    const std::string why = thread.why.empty() ? "stands at " + thread.at : thread.why;
    text += fmt::format("  {} {}\n", paint(Tone::name, thread.name), paint(Tone::odd, why));
    if (!thread.holds.empty()) text += fmt::format("    and holds {}\n", fmt::join(thread.holds, ", "));
    text += stack_text(thread, paint);
  }
  return text;
}

}  // namespace cli
