// SPDX-License-Identifier: Apache-2.0
#include "traces/model/machine.hpp"

#include <fmt/format.h>

#include "model/syscalls/syscalls.hpp"

namespace traces {
namespace {

constexpr unsigned kRealBitsPerLevel = 9;
constexpr std::uint32_t kMoreFrames = 256;  // for what mremap moves elsewhere, any number of times

PreparedProgram prepared_for_replay(const Program& program, const model::Kernel& kernel) {
  PreparedProgram prepared(program, kernel);
  prepared.bits_per_level = kRealBitsPerLevel;
  prepared.frames += kMoreFrames;
  prepared.leaf_bits = kRealBitsPerLevel;
  return prepared;
}

}  // namespace

ModelMachine::ModelMachine(const Program& program, const model::Kernel& kernel)
    : prepared_(prepared_for_replay(program, kernel)), arena_(prepared_.arena_size()) {
  const std::size_t threads = prepared_.program.threads.size();
  ProgramWorld& world = boot_without_threads(prepared_, arena_);
  SIM_ASSERT(world.setup_error == model::Errno::none);
  ProgramWorld* root = &world;
  for (std::size_t i = 0; i < threads; ++i) {
    commands_.push_back(std::make_unique<Command>());
    Command* command = commands_.back().get();
    sim::current.world->spawn(prepared_.program.threads[i].name.c_str(), [=] { return obey(root, command); });
  }
  run_until_quiet(0);
}

std::string ModelMachine::name() const { return fmt::format("model of {}", prepared_.kernel->name); }

sim::Task<void> ModelMachine::obey(ProgramWorld* world, Command* command) {
  const auto given = [](const void* object, sim::ThreadId id) {
    const bool killed = sim::current.world->thread(id).fatal_signal;
    return killed || static_cast<const Command*>(object)->stage == Command::Stage::given;
  };
  for (;;) {
    co_await sim::PointWhen{given, command, "its next operation"};
    if (sim::current_thread().fatal_signal) break;
    command->stage = Command::Stage::running;
    const Value result = co_await traces::perform(*world, command->operation, command->message);
    if (sim::current_thread().fatal_signal) {
      if (command->operation.kind == OperationKind::exit) command->stage = Command::Stage::idle;
      break;  // no answer: the process has ended
    }
    command->result = result;
    command->stage = Command::Stage::answered;
  }
  co_await model::do_exit(world->process());
}

void ModelMachine::run_until_quiet(sim::ThreadId first) {
  sim::World& world = sim::World::enter(arena_);
  for (;;) {
    while (world.question().options == 0 && world.runnable(first)) world.step({.thread = first});
    world.moves(moves_);
    if (moves_.empty()) return;
    world.step(moves_.front());
  }
}

void ModelMachine::perform(std::size_t thread, const Operation& operation, const Value& message) {
  const ProgramWorld& world = program_world(sim::World::enter(arena_));
  if (world.process_of(static_cast<sim::ThreadId>(thread)).exiting.peek()) return;
  Command& command = *commands_[thread];
  SIM_ASSERT(command.stage == Command::Stage::idle);
  command.operation = operation;
  command.message = message;
  command.stage = Command::Stage::given;
  run_until_quiet(static_cast<sim::ThreadId>(thread));
}

std::optional<Value> ModelMachine::take_result(std::size_t thread) {
  Command& command = *commands_[thread];
  if (command.stage != Command::Stage::answered) return std::nullopt;
  command.stage = Command::Stage::idle;
  return command.result;
}

FinalState ModelMachine::look() {
  const sim::World& world = sim::World::enter(arena_);
  FinalState state = final_state(world, 0);
  for (const auto& command : commands_) {
    const bool idle = command->stage == Command::Stage::idle || command->stage == Command::Stage::answered;
    const ThreadEnd busy = state.exited ? ThreadEnd::killed : ThreadEnd::blocked;
    state.threads.push_back({.end = idle ? ThreadEnd::done : busy, .registers = {}});
  }
  return state;
}

std::string ModelMachine::stacks() { return sim::World::enter(arena_).stacks(); }

}  // namespace traces
