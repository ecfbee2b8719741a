// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/telling.hpp"

#include <fmt/format.h>

#include "scenarios/language/print.hpp"
#include "scenarios/language/registers.hpp"
#include "scenarios/language/word.hpp"
#include "scenarios/timeline/changes.hpp"
#include "sim/ambient.hpp"
#include "traces/code.hpp"
#include "traces/model/program_observer.hpp"

namespace timeline {
namespace {

using traces::Perform;

// Puts an observer in place for as long as it lives.
class Listening {
 public:
  explicit Listening(sim::Observer& observer) { sim::current.observer = &observer; }
  ~Listening() { sim::current.observer = nullptr; }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
};

class Teller : public traces::ProgramObserver {
 public:
  Teller(const language::Litmus& litmus, const traces::ModelSubject& subject)
      : program_(litmus.program), prepared_(subject.prepared()) {
    for (const traces::ThreadProgram& thread : program_.threads) telling_.threads.push_back(thread.name);
    threads_.resize(program_.threads.size());
  }

  // Before each step, and once more at the end.
  void look(const sim::World& world);
  void begin_step(const sim::World& world, sim::Move move);
  Telling take(const sim::World& world);

  void note(sim::ThreadId thread, const std::string& text) override {
    if (!telling_.steps.empty()) add(thread, Event::Kind::note, text);
  }
  void returned(sim::ThreadId thread, const Perform& step, const traces::Value& value) override;

 private:
  struct ThreadSoFar {
    bool started = false;  // it has made its first step, up to its first operation
    bool inside = false;   // an operation has begun and not returned
    std::size_t call = 0;  // …that one, among the telling's
  };

  void begin_call(const sim::World& world, sim::ThreadId thread, const traces::Instruction& at);
  void add(sim::ThreadId thread, Event::Kind kind, std::string text) {
    telling_.steps.back().events.push_back({thread, kind, std::move(text)});
  }
  void end_step(const Glimpse& now);
  void tell_sleep(sim::ThreadId thread, const ThreadGlimpse& was, const ThreadGlimpse& is);
  std::string text_of(sim::ThreadId thread, const Perform& step) const;
  std::string value_text(sim::ThreadId thread, const Perform& step, const traces::Value& value) const;

  const traces::Program& program_;
  const traces::PreparedProgram& prepared_;
  std::vector<ThreadSoFar> threads_;
  Glimpse before_;
  Telling telling_;
};

void Teller::look(const sim::World& world) {
  Glimpse now = glimpse(world);
  if (telling_.steps.empty()) {
    telling_.setting = setting(program_, now);
  } else {
    end_step(now);
  }
  before_ = std::move(now);
}

void Teller::begin_step(const sim::World& world, sim::Move move) {
  const auto id = static_cast<std::size_t>(move.thread);
  const ThreadGlimpse& thread = before_.threads[id];
  telling_.steps.push_back({.thread = move.thread, .at = thread.at, .at_lock = thread.at_lock});
  if (!thread.stack.empty()) telling_.steps.back().function = thread.stack.front().function;
  if (move.kind == sim::Move::Kind::answer) {
    add(move.thread, Event::Kind::answer, fmt::format("{}? {}", world.question().what, move.value ? "yes" : "no"));
  }
  ThreadSoFar& so_far = threads_[id];
  const traces::ProgramWorld::ThreadState& state = traces::program_world(world).threads[id];
  const traces::Instruction& at = prepared_.codes[id][state.pc];
  if (so_far.started && !so_far.inside && !state.ended && at.perform) begin_call(world, move.thread, at);
  so_far.started = true;
}

void Teller::begin_call(const sim::World& world, sim::ThreadId thread, const traces::Instruction& at) {
  const traces::ProgramWorld::ThreadState& state =
      traces::program_world(world).threads[static_cast<std::size_t>(thread)];
  const traces::RangeExpression& range = at.perform->operation.range;
  const bool by_message = range.base == traces::RangeExpression::Base::message;
  const traces::Value message = by_message ? state.registers[range.index] : traces::Value{};
  ThreadSoFar& so_far = threads_[static_cast<std::size_t>(thread)];
  so_far.inside = true;
  so_far.call = telling_.calls.size();
  telling_.calls.push_back({.thread = thread,
                            .pc = state.pc,
                            .line = at.line,
                            .text = text_of(thread, *at.perform),
                            .range = prepared_.layout.resolve(range, message),
                            .begun = telling_.steps.size() - 1});
  add(thread, Event::Kind::begins, telling_.calls.back().text);
}

void Teller::returned(sim::ThreadId thread, const Perform& step, const traces::Value& value) {
  if (telling_.steps.empty()) return;  // the setup
  const auto id = static_cast<std::size_t>(thread);
  ThreadSoFar& so_far = threads_[id];
  if (!so_far.inside) {
    const sim::World& world = *sim::current.world;
    begin_call(world, thread, prepared_.codes[id][traces::program_world(world).threads[id].pc]);
  }
  so_far.inside = false;
  Call& call = telling_.calls[so_far.call];
  call.returned = telling_.steps.size() - 1;
  call.value = value_text(thread, step, value);
  add(thread, Event::Kind::returns, call.value);
}

void Teller::end_step(const Glimpse& now) {
  Step& step = telling_.steps.back();
  for (std::size_t i = 0; i < now.threads.size(); ++i) {
    tell_sleep(static_cast<sim::ThreadId>(i), before_.threads[i], now.threads[i]);
  }
  step.changes = changes(program_, before_, now);
  step.after = now;
}

void Teller::tell_sleep(sim::ThreadId thread, const ThreadGlimpse& was, const ThreadGlimpse& is) {
  using State = ThreadGlimpse::State;
  const sim::ThreadId runner = telling_.steps.back().thread;
  if (thread == runner && is.state == State::asleep && was.state != State::asleep) {
    add(thread, Event::Kind::sleeps, is.at);
  }
  if (thread != runner && was.dozing && !is.dozing) {
    add(thread, Event::Kind::wakes, program_.threads[static_cast<std::size_t>(runner)].name);
  }
  if (is.killed && !was.killed) add(thread, Event::Kind::killed, "");
}

Telling Teller::take(const sim::World& world) {
  look(world);
  telling_.end = before_;
  telling_.condition = world.condition();
  return std::move(telling_);
}

std::string Teller::text_of(sim::ThreadId thread, const Perform& step) const {
  const traces::ThreadProgram& body = program_.threads[static_cast<std::size_t>(thread)];
  const std::string text = language::print(step.operation, program_, body);
  return step.result < 0 ? text : body.registers[static_cast<std::size_t>(step.result)] + " = " + text;
}

// The output field is told where it says more than the errno.
std::string Teller::value_text(sim::ThreadId thread, const Perform& step, const traces::Value& value) const {
  std::string text = language::word(value, prepared_.layout);
  if (value.field_state != traces::FieldState::written || value.error == model::Errno::none || step.result < 0) {
    return text;
  }
  const traces::ThreadProgram& body = program_.threads[static_cast<std::size_t>(thread)];
  const auto reg = static_cast<std::size_t>(step.result);
  return fmt::format("{}, field {}", text, language::field_word(value, language::field_unit(language::sources(body)[reg])));
}

}  // namespace

tl::expected<Telling, sim::Misfit> tell(const language::Litmus& litmus, const traces::ModelSubject& subject,
                                        const sim::Schedule& schedule) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  Teller teller(litmus, subject);
  const Listening listening(teller);
  const auto followed = sim::replay(subject, schedule, arena, [&](const sim::World& world, sim::Move move) {
    teller.look(world);
    teller.begin_step(world, move);
  });
  if (!followed) return tl::unexpected(followed.error());
  return teller.take(*sim::current.world);
}

}  // namespace timeline
