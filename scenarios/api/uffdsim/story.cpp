// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/story.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/timeline/last_words.hpp"
#include "sim/ambient.hpp"
#include "uffdsim/telling.hpp"

namespace uffdsim::detail {
namespace {

std::string short_place(const sim::Where& place) {
  const std::string_view path = place.file;
  const std::size_t slash = path.find_last_of('/');
  return fmt::format("{}:{}", slash == std::string_view::npos ? path : path.substr(slash + 1), place.line);
}

// The simulator's own files are compiled by names that begin with their folder; tests among them are
// scenarios.
bool is_own_file(std::string_view file) {
  constexpr std::string_view kFolders[] = {"sim/", "model/", "traces/", "scenarios/api/uffdsim/"};
  if (file.ends_with("_test.cpp")) return false;
  return std::any_of(std::begin(kFolders), std::end(kFolders),
                     [&](std::string_view folder) { return file.starts_with(folder); });
}

class Narrator : public Listener {
 public:
  void begins(sim::ThreadId thread, const std::string& operation, const sim::Where& place) override {
    lines_.push_back({.thread = thread, .begun = true, .text = operation, .place = short_place(place)});
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
  for (const std::string& line : timeline::waits_after(subject, schedule))
    story.text += "       " + line + '\n';
  return story;
}

std::string place_in_scenario(const sim::World& world, sim::ThreadId thread) {
  const sim::TaskPromise* task = world.thread(thread).innermost;
  while (task && task->caller && is_own_file(task->where.file)) task = task->caller;
  if (!task || is_own_file(task->where.file))
    return fmt::format("{} (at its beginning)", world.thread(thread).name);
  return fmt::format("{}, in {} ({})", world.thread(thread).name, task->where.function,
                     short_place(task->where));
}

}  // namespace uffdsim::detail
