// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/world.hpp"

#include <cstring>

#include "model/syscalls/syscalls.hpp"

namespace uffdsim::detail {
namespace {

template <class T>
T* make_array(sim::Arena& arena, std::size_t count) {
  auto* array = static_cast<T*>(arena.allocate(count * sizeof(T), alignof(T)));
  for (std::size_t i = 0; i < count; ++i) new (array + i) T;
  return array;
}

// Changes what only the running thread looks at.
void set(bool& flag) {
  sim::touch(&flag, sizeof flag, sim::Access::write);
  flag = true;
}

traces::ProgramWorld::ThreadState& this_thread() { return this_program().threads[sim::current.thread]; }

sim::Task<void> run_thread(const Description::Thread* thread) {
  sim::Task<void> body = thread->body(this_world().scenario);
  co_await body;
  set(this_thread().ended);
  model::Process& process = this_process();
  if (process.exiting.read()) {
    co_await model::do_exit(process);
  } else {
    process.parked.write(process.parked.read() + 1);
  }
}

// The running thread's frames are dropped, whatever called whatever.
struct Vanish {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise>) const noexcept {
    sim::current.innermost = nullptr;
  }
  void await_resume() const noexcept {}
};

sim::Wait birth(traces::ProgramWorld::ThreadState& state) {
  const auto born = [](const void* object, sim::ThreadId) {
    return static_cast<const traces::ProgramWorld::ThreadState*>(object)->born;
  };
  return {.ready = born, .object = &state, .what = "its birth"};
}

}  // namespace

sim::Task<void> die() {
  traces::ProgramWorld::ThreadState& state = this_thread();
  set(state.killed);
  set(state.ended);
  co_await model::do_exit(this_process());
  co_await Vanish{};
}

void boot(const Description& description, const traces::PreparedProgram& prepared, sim::Arena& arena) {
  traces::ProgramWorld& program = traces::boot_without_threads(prepared, arena);
  auto* own = arena.make<ScenarioWorld>();
  program.scenario = own;
  void* copy = arena.allocate(description.scenario.size(), description.alignment);
  std::memcpy(copy, description.scenario.data(), description.scenario.size());
  own->scenario = copy;
  const std::size_t count = description.threads.size();
  own->records = make_array<Records>(arena, count);
  program.threads = make_array<traces::ProgramWorld::ThreadState>(arena, count);
  for (std::size_t i = 0; i < count; ++i) {
    const traces::ThreadProgram& thread = prepared.program.threads[i];
    const bool forked = thread.parent != traces::ThreadProgram::kFromTheStart;
    program.threads[i].born = !forked;
    const sim::Wait first = forked ? birth(program.threads[i]) : sim::World::kStart;
    const Description::Thread* body = &description.threads[i];
    sim::current.world->spawn(
        thread.name.c_str(), [=] { return run_thread(body); }, first);
  }
}

}  // namespace uffdsim::detail
