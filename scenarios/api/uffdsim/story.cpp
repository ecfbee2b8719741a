// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/story.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/timeline/waiting.hpp"
#include "sim/ambient.hpp"
#include "uffdsim/telling.hpp"

namespace uffdsim::detail {
namespace {

class Narrator : public Listener {
 public:
  void begins(sim::ThreadId thread, const std::string& operation, const sim::Where& place) override {
    lines_.push_back(
        {.thread = thread, .begun = true, .text = operation, .place = place_text(place.file, place.line)});
  }
  void returns(sim::ThreadId thread, const std::string& result) override {
    for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
      if (line->thread != thread || !line->begun) continue;
      line->begun = false;
      if (line == lines_.rbegin()) {
        if (!result.empty()) line->text += " → " + result;
      } else if (!result.empty()) {
        lines_.push_back(
            {.thread = thread, .text = fmt::format("…{} → {}", line->text, result), .place = line->place});
      }
      return;
    }
  }
  void note(sim::ThreadId thread, const std::string& text) override {
    lines_.push_back({.thread = thread, .text = text});
  }

  std::string text(const sim::World& world) const;

 private:
  struct Line {
    sim::ThreadId thread = 0;
    bool begun = false;  // and has not returned
    std::string text{};
    std::string place{};
  };
  std::vector<Line> lines_;
};

std::string Narrator::text(const sim::World& world) const {
  std::size_t width = 0;
  for (sim::ThreadId id = 0; id < world.thread_count(); ++id) {
    width = std::max(width, std::string_view(world.thread(id).name).size());
  }
  std::string text;
  std::size_t number = 0;
  for (const Line& line : lines_) {
    text += fmt::format("  {:>3}. {:<{}}  {}", ++number, world.thread(line.thread).name, width, line.text);
    if (!line.place.empty()) text += fmt::format("   ({})", line.place);
    text += '\n';
  }
  return text;
}

// Puts an observer in place for as long as it lives.
class Listening {
 public:
  explicit Listening(sim::Observer& observer) { sim::current.observer = &observer; }
  ~Listening() { sim::current.observer = nullptr; }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
};

}  // namespace

tl::expected<Story, sim::Misfit> tell(const ScenarioSubject& subject, const sim::Schedule& schedule) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  Narrator narrator;
  const Listening listening(narrator);
  const auto condition = sim::replay(subject, schedule, arena);
  if (!condition) return tl::unexpected(condition.error());
  const sim::World& world = *sim::current.world;
  Story story{.text = narrator.text(world), .row = {}};
  if (*condition != sim::Condition::running) story.row = ScenarioSubject::row(subject.outcome(world, 0));
  if (*condition != sim::Condition::blocked) return story;
  for (sim::ThreadId id = 0; id < world.thread_count(); ++id) {
    const timeline::Waiting why = timeline::waiting(world, id);
    if (why.on == timeline::Waiting::On::nothing) continue;
    story.text += fmt::format("       {} {}\n", world.thread(id).name, why.text);
  }
  return story;
}

std::string place_in_scenario(const sim::World& world, sim::ThreadId thread) {
  const sim::TaskPromise* frame = scenario_frame(world.thread(thread).innermost);
  if (!frame) return fmt::format("{} (at its beginning)", world.thread(thread).name);
  const sim::Where& where = frame->where;
  return fmt::format("{}, in {} ({})", world.thread(thread).name, where.function,
                     place_text(where.file, where.line));
}

}  // namespace uffdsim::detail
