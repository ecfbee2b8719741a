// SPDX-License-Identifier: Apache-2.0
// ModelMachine: the simulated kernel, driven one operation at a time. Between operations its threads are
// idle in user mode; within one, the thread that performs it runs first and the others after it in their
// order, so that one sequence of operations has one course.
#pragma once
#include <memory>
#include <vector>

#include "traces/machine.hpp"
#include "traces/model/world.hpp"

namespace traces {

class ModelMachine : public Machine {
 public:
  // The program's threads exist, their bodies are not looked at. Page tables have the real machine's nine
  // bits a level. Asserts that the program could be set up: see setup_failure().
  ModelMachine(const Program& program, const model::Kernel& kernel);

  std::string name() const override;
  void perform(std::size_t thread, const Operation& operation, const Value& message = {}) override;
  std::optional<Value> take_result(std::size_t thread) override;
  FinalState look() override;

  // The simulated stacks of all threads: for a person who asks why one is asleep.
  std::string stacks();

 private:
  struct Command {
    Operation operation;
    Value message;
    Value result;
    enum class Stage : std::uint8_t { idle, given, running, answered } stage = Stage::idle;
  };
  static sim::Task<void> obey(ProgramWorld* world, Command* command);
  void run_until_quiet(sim::ThreadId first);

  PreparedProgram prepared_;
  sim::Arena arena_;
  std::vector<sim::Move> moves_;                     // scratch
  std::vector<std::unique_ptr<Command>> commands_;  // one a thread; outside the arena, never saved
};

}  // namespace traces
