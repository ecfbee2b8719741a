// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/show_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scenarios/cli/sheet.hpp"
#include "scenarios/cli/wrap.hpp"
#include "scenarios/timeline/sentences.hpp"
#include "scenarios/timeline/standing.hpp"

namespace cli {
namespace {

using timeline::Stuck;
using timeline::ThreadGlimpse;

constexpr std::size_t kMostRescues = 8;

const ThreadGlimpse& end_of(const Explanation& explanation, sim::ThreadId thread) {
  return explanation.telling.end.threads[static_cast<std::size_t>(thread)];
}

std::string rescues_text(const Explanation& explanation, const Stuck& stuck) {
  if (stuck.rescues.empty()) return "";
  std::string text = "    what could have ended that:\n";
  for (std::size_t i = 0; i < std::min(stuck.rescues.size(), kMostRescues); ++i) {
    const timeline::Rescue& rescue = stuck.rescues[i];
    const std::string line = rescue.line > 0 ? fmt::format(" (line {})", rescue.line) : "";
    text += wrapped_block(fmt::format("{}'s `{}`{} {}", end_of(explanation, rescue.thread).name, rescue.text,
                                      line, rescue.became),
                          Sheet::kWidth, 6, 2);
  }
  const std::size_t more = stuck.rescues.size() - std::min(stuck.rescues.size(), kMostRescues);
  return more == 0 ? text : text + fmt::format("      and {}\n", counted(more, "other operation"));
}

std::string stack_text(const ThreadGlimpse& thread, const Paint& paint) {
  std::string text;
  for (const timeline::Frame& frame : thread.stack) {
    text += paint(Tone::faint, fmt::format("      {:<34} {}", frame.function, frame.place)) + '\n';
  }
  return text;
}

}  // namespace

std::string stuck_text(const Explanation& explanation, const Stuck& stuck, const Paint& paint) {
  const ThreadGlimpse& thread = end_of(explanation, stuck.thread);
  const std::string& why = stuck.waiting.text.empty() ? stuck.loop : stuck.waiting.text;
  std::string text = fmt::format("  {} {}\n", paint(Tone::name, thread.name), paint(Tone::odd, why));
  if (!stuck.missed.empty()) {
    text += paint(Tone::bad, wrapped_block(stuck.missed, Sheet::kWidth, 4, 2));
  }
  if (!thread.holds.empty()) text += fmt::format("    and holds {}\n", fmt::join(thread.holds, ", "));
  return text + rescues_text(explanation, stuck) + stack_text(thread, paint);
}

std::string ShowText::to_text(const Paint& paint) const {
  std::string text = timeline_text(paint) + '\n';
  const std::string decisive = decisive_text(paint);
  if (!decisive.empty()) text += decisive + '\n';
  return text + ending_text(paint) + '\n' + sentences_text();
}

std::string ShowText::timeline_text(const Paint& paint) const {
  const timeline::Telling& telling = explanation.telling;
  const std::vector<std::size_t> stars = explanation.stars();
  const std::size_t repeats_from = explanation.witness.repeats_from;
  Sheet sheet(telling.threads, paint);
  sheet.add({timeline::Strip{.changes = telling.setting}});
  const std::size_t last = telling.steps.size();
  const std::size_t turn = repeats_from == 0 ? last : repeats_from;
  sheet.add(timeline::draw(telling, 0, turn, detail, stars));
  if (turn < last) {
    sheet.add_note("From here it goes round, although the schedule is fair:");
    sheet.add(timeline::draw(telling, turn, last, detail, stars));
    sheet.add_note("… and so on for ever.");
  }
  return sheet.to_text();
}

std::string ShowText::decisive_text(const Paint& paint) const {
  if (!explanation.decisive) return "";
  const sim::DecisivePair& pair = *explanation.decisive;
  const auto who = [&](std::size_t number) {
    const timeline::Step& step = explanation.telling.steps[number];
    return fmt::format("{} {} (step {})", explanation.telling.threads[static_cast<std::size_t>(step.thread)],
                       timeline::step_text(step), number + 1);
  };
  const auto second = [&] {
    if (pair.pending == sim::kNoThread) return who(pair.second);
    const timeline::ThreadGlimpse& thread = end_of(explanation, pair.pending);
    return fmt::format("{}, which now {}, comes to it", thread.name, thread.why);
  };
  std::string text =
      fmt::format("★ The order of two steps decides: {}, and only then {}. ", who(pair.first), second());
  const bool proven = pair.proof == sim::DecisivePair::Proof::every_continuation;
  text += proven ? "The other way round this outcome cannot be reached any more"
                 : "The other way round, and else as here, it ends otherwise";
  if (!explanation.instead.empty()) {
    text += (proven ? "; it ends, for instance, with " : ": ") + explanation.instead;
  }
  return paint(Tone::odd, wrapped_block(text + '.', Sheet::kWidth, 0, 2));
}

std::string ShowText::ending_text(const Paint& paint) const {
  const timeline::Telling& telling = explanation.telling;
  const bool round = explanation.witness.repeats_from > 0;
  if (!telling.end.bug.empty())
    return paint(Tone::bad, "The simulated kernel stops: " + telling.end.bug) + '\n';
  if (telling.condition == sim::Condition::finished) return "Every thread has finished.\n";
  if (!round && telling.condition == sim::Condition::running) {
    return "The schedule ends here; the program could go on.\n";
  }
  std::string text = round ? "Nobody gets further:\n" : "Nothing can happen any more:\n";
  for (const Stuck& stuck : explanation.stuck) text += stuck_text(explanation, stuck, paint);
  return text;
}

std::string ShowText::sentences_text() const {
  const timeline::Telling& telling = explanation.telling;
  std::string text = "In words:\n";
  std::size_t number = 0;
  const auto say = [&](const std::string& sentence) {
    text += wrapped_block(fmt::format("{:>2}. {}", ++number, sentence), Sheet::kWidth, 2, 4);
  };
  for (const std::string& sentence :
       timeline::sentences(telling, 0, telling.steps.size(), explanation.stars())) {
    say(sentence);
  }
  for (const Stuck& stuck : explanation.stuck) {
    const std::string& why = stuck.waiting.text.empty() ? stuck.loop : stuck.waiting.text;
    say(fmt::format("{} {}{}{}.", end_of(explanation, stuck.thread).name, why,
                    stuck.missed.empty() ? "" : ": ", stuck.missed));
  }
  return text;
}

}  // namespace cli
