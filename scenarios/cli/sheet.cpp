// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/sheet.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "scenarios/cli/wrap.hpp"

namespace cli {
namespace {

using timeline::Mark;
using timeline::Strip;

constexpr std::string_view kBar = " │ ";
constexpr std::string_view kChanges = "what changes";
constexpr std::size_t kNarrowest = 14;
constexpr std::size_t kHang = 2;

std::string changes_text(const Strip& strip) { return fmt::format("{}", fmt::join(strip.changes, ", ")); }

std::string dashes(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "─";
  return text;
}

}  // namespace

Tone tone_of(timeline::Ink ink) {
  using timeline::Ink;
  switch (ink) {
    case Ink::operation:
      return Tone::head;
    case Ink::detail:
      return Tone::faint;
    case Ink::trouble:
      return Tone::odd;
    case Ink::woken:
      return Tone::good;
    case Ink::end:
      return Tone::bad;
    case Ink::decisive:
      return Tone::bad;
  }
  return Tone::plain;
}

Sheet::Sheet(const std::vector<std::string>& threads, const Paint& paint)
    : threads_(threads), paint_(paint) {}

void Sheet::add(std::vector<Strip> strips) {
  for (Strip& strip : strips) {
    steps_ = std::max(steps_, width_of(strip.steps));
    strips_.push_back(std::move(strip));
  }
}

// As wide as the widest text; then the widest gives way until all fit, but nobody below a readable width.
Sheet::Widths Sheet::widths() const {
  Widths widths;
  for (const std::string& thread : threads_) widths.push_back(width_of(thread));
  widths.push_back(kChanges.size());
  for (const Strip& strip : strips_) {
    for (const Mark& mark : strip.marks) {
      std::size_t& width = widths[static_cast<std::size_t>(mark.thread)];
      width = std::max(width, width_of(mark.text));
    }
    widths.back() = std::max(widths.back(), width_of(changes_text(strip)));
  }
  const std::size_t bars = kBar.size() - 2;  // as many columns: the bar is three bytes long
  const auto taken = [&] {
    return std::accumulate(widths.begin(), widths.end(), steps_) + bars * widths.size();
  };
  while (taken() > kWidth) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) break;
    --*widest;
  }
  return widths;
}

std::string Sheet::to_text() const {
  const Widths columns = widths();
  std::string text = heading(columns) + rule(columns);
  for (std::size_t i = 0; i < strips_.size(); ++i) text += notes_before(i) + lines(strips_[i], columns);
  return text + notes_before(strips_.size());
}

std::string Sheet::heading(const Widths& widths) const {
  std::string text = std::string(steps_, ' ');
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    text += paint_(Tone::faint, kBar) + paint_(Tone::name, padded(threads_[i], widths[i]));
  }
  return text + paint_(Tone::faint, kBar) + paint_(Tone::name, kChanges) + '\n';
}

std::string Sheet::rule(const Widths& widths) const {
  std::string text = dashes(steps_);
  for (const std::size_t width : widths) text += "─┼─" + dashes(width);
  return paint_(Tone::faint, text) + '\n';
}

std::string Sheet::lines(const Strip& strip, const Widths& widths) const {
  std::vector<std::vector<std::string>> cells(widths.size());
  std::vector<Tone> tones(widths.size(), Tone::plain);
  for (const Mark& mark : strip.marks) {
    const auto column = static_cast<std::size_t>(mark.thread);
    cells[column] = wrapped(mark.text, widths[column], kHang);
    tones[column] = tone_of(mark.ink);
  }
  if (!strip.changes.empty()) cells.back() = wrapped(changes_text(strip), widths.back(), 0);
  std::size_t height = 1;
  for (const auto& cell : cells) height = std::max(height, cell.size());
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    const std::string steps = line == 0 ? strip.steps : "";
    text += paint_(Tone::faint, std::string(steps_ - width_of(steps), ' ') + steps);
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const std::string words = line < cells[column].size() ? cells[column][line] : "";
      const bool last = column + 1 == cells.size();
      text += paint_(Tone::faint, last && words.empty() ? " │" : kBar) + paint_(tones[column], words);
      if (!last) text += std::string(widths[column] - std::min(widths[column], width_of(words)), ' ');
    }
    text += '\n';
  }
  return text;
}

std::string Sheet::notes_before(std::size_t strip) const {
  std::string text;
  for (const auto& [place, note] : notes_) {
    if (place == strip) text += paint_(Tone::odd, note) + '\n';
  }
  return text;
}

}  // namespace cli
