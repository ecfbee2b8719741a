// SPDX-License-Identifier: Apache-2.0
#include "scenarios/running/coverage.hpp"

#include <vector>

#include "scenarios/language/events.hpp"
#include "scenarios/language/word.hpp"
#include "sim/ambient.hpp"
#include "sim/visited.hpp"
#include "traces/model/program_observer.hpp"

namespace running {
namespace {

class Listener : public traces::ProgramObserver {
 public:
  explicit Listener(Covered& covered) : covered_(covered) {}
  void note(sim::ThreadId, const std::string&) override {}
  void returned(sim::ThreadId, const traces::Perform& step, const traces::Value& value) override {
    const std::string operation = traces::name_of(step.operation.kind);
    covered_.operations.insert(operation);
    if (value.kind == traces::ValueKind::errnum) {
      const std::string word = language::errno_word(value.error);
      covered_.errnos.insert(word);
      covered_.answers.insert(operation + ' ' + word);
    } else if (value.kind == traces::ValueKind::message) {
      covered_.messages.insert(language::event_word({value.event, value.flags}));
    }
  }

 private:
  Covered& covered_;
};

class Walk {
 public:
  Walk(const LitmusSubject& subject, std::uint64_t worlds)
      : subject_(subject.subject()),
        prepared_(subject.prepared()),
        most_(worlds),
        arena_(subject_.arena_size()),
        listener_(covered_) {}

  Covered run() {
    subject_.boot(arena_);
    sim::World::enter(arena_);
    sim::current.observer = &listener_;
    meet();
    while (!open_.empty()) {
      const std::vector<std::byte> world = std::move(open_.back());
      open_.pop_back();
      expand(world);
    }
    return std::move(covered_);
  }

 private:
  void expand(const std::vector<std::byte>& saved) {
    arena_.load(saved);
    sim::World::enter(arena_).moves(moves_);
    note_waits(*sim::current.world);
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      if (i > 0) arena_.load(saved);
      sim::World& world = sim::World::enter(arena_);
      const bool asked = moves_[i].kind == sim::Move::Kind::answer;
      covered_.points.insert(asked ? world.question().what : world.thread(moves_[i].thread).wait.what);
      if (!asked) note_step(world, moves_[i].thread);
      world.step(moves_[i]);
      meet();
    }
  }

  // Remembers the current world, if it is new.
  void meet() {
    const auto number = static_cast<std::uint32_t>(visited_.size());
    if (visited_.insert(arena_.hash(), number) != number) return;
    if (visited_.size() > most_) {
      covered_.complete = false;
      return;
    }
    arena_.save(open_.emplace_back());
  }

  void note_step(const sim::World& world, sim::ThreadId id) {
    note_pairs(world.thread(id));
    // An exit never returns.
    const traces::ProgramWorld::ThreadState& state = traces::program_world(world).threads[id];
    const traces::Instruction& at = prepared_.codes[static_cast<std::size_t>(id)][state.pc];
    if (at.perform && !state.ended) covered_.operations.insert(traces::name_of(at.perform->operation.kind));
  }

  // What it holds when it is about to take another lock, or is told that it has been given one.
  void note_pairs(const sim::Thread& thread) {
    if (!thread.wait.holder) return;
    for (int i = 0; i < thread.held_count; ++i) {
      if (static_cast<const void*>(thread.held[i]) == thread.wait.object) continue;
      covered_.lock_pairs.insert(std::string(thread.held[i]->lock_class().name) + " → " + thread.wait.what);
    }
  }

  void note_waits(const sim::World& world) {
    for (sim::ThreadId id = 0; id < world.thread_count(); ++id) {
      const sim::Wait& wait = world.thread(id).wait;
      if (wait.holder && !world.finished(id) && !world.runnable(id)) covered_.contended.insert(wait.what);
    }
  }

  const sim::Ambient kept_;
  const sim::Subject& subject_;
  const traces::PreparedProgram& prepared_;
  const std::uint64_t most_;
  sim::Arena arena_;
  Covered covered_;
  Listener listener_;
  sim::Visited visited_;
  std::vector<std::vector<std::byte>> open_;
  std::vector<sim::Move> moves_;
};

// From the sources of the model: see points.cmake.
constexpr const char* kPoints[] = {
#include "scenarios/running/points.inc"
};

}  // namespace

void Covered::add(const Covered& other) {
  points.insert(other.points.begin(), other.points.end());
  contended.insert(other.contended.begin(), other.contended.end());
  lock_pairs.insert(other.lock_pairs.begin(), other.lock_pairs.end());
  messages.insert(other.messages.begin(), other.messages.end());
  operations.insert(other.operations.begin(), other.operations.end());
  errnos.insert(other.errnos.begin(), other.errnos.end());
  answers.insert(other.answers.begin(), other.answers.end());
  complete = complete && other.complete;
}

Covered cover(const LitmusSubject& subject, std::uint64_t worlds) { return Walk(subject, worlds).run(); }

Covered::Names all_points() { return {std::begin(kPoints), std::end(kPoints)}; }

Covered::Names all_messages() {
  const language::Choices names = language::event_names();
  return {names.begin(), names.end()};
}

Covered::Names all_operations() {
  Covered::Names names;
  for (int kind = 0;; ++kind) {
    const std::string name = traces::name_of(static_cast<traces::OperationKind>(kind));
    if (name == "?") return names;
    names.insert(name);
  }
}

Covered::Names all_errnos() {
  const std::vector<std::string> names = language::errno_names();
  return {names.begin(), names.end()};
}

}  // namespace running
