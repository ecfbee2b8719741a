// SPDX-License-Identifier: Apache-2.0
// ProgramWorld: a program in the simulated kernel: its process, and for each of its threads where it is and
// what it has seen. Lies in the arena beside the kernel's own objects.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "model/kernels/kernel.hpp"
#include "model/syscalls/process.hpp"
#include "traces/code.hpp"
#include "traces/final_state.hpp"
#include "traces/layout.hpp"
#include "traces/model/inbox.hpp"

namespace traces {

// A program made ready to run on the model, shared by all worlds that run it.
struct PreparedProgram {
  PreparedProgram(const Program& program, const model::Kernel& kernel);

  Program program;
  const model::Kernel* kernel;
  Layout layout;
  std::vector<Code> codes;              // one a thread
  std::vector<std::uint8_t> processes;  // of each thread, its process
  unsigned bits_per_level = 2;          // enough for the layout
  unsigned leaf_bits = 2;               // 9 if the program has to do with huge pages
  std::uint32_t frames = 0;             // memory: every page twice, and a few
  // Whether names of userfaultfds change while the program runs. If they do, a thread may look up a number
  // and find another file behind it when it uses it.
  enum class Names : std::uint8_t { stay, change } names = Names::stay;
  std::vector<Operation> setup;  // what is done before the threads start

  // Room for all frames, the tables that map them, and the rest.
  sim::Arena::Size arena_size() const;
};

// A mutex of the program: pthread_mutex_t of the default kind.
class UserMutex {
 public:
  struct Acquire : sim::Suspend<Acquire> {
    UserMutex* mutex;
    explicit Acquire(UserMutex* wanted) : mutex(wanted) {}
    sim::Wait wait() const;
    void await_resume() const { mutex->owner_.write(sim::current.thread); }
  };
  Acquire lock() { return Acquire(this); }
  bool unlock();  // false if the running thread does not hold it

  // For looking from outside the simulation.
  sim::ThreadId owner() const { return owner_.peek(); }

 private:
  sim::Cell<sim::ThreadId> owner_{sim::kNoThread};
};

struct ProgramWorld {
  static constexpr std::int8_t kNoDescriptor = -1;
  struct ThreadState {
    std::uint16_t pc = 0;
    bool ended = false;   // the body is done, or was cut short
    bool killed = false;  // …by the end of the process
    bool born = true;     // a child is not before its parent forked
    Value* registers = nullptr;
  };
  const PreparedProgram* prepared = nullptr;
  model::Machine* machine = nullptr;
  ThreadState* threads = nullptr;
  Inbox* inboxes = nullptr;  // one a thread
  UserMutex* mutexes = nullptr;
  sim::Cell<std::uint64_t>* variables = nullptr;
  // What the program's names of userfaultfds stand for, for one process after the other; kNoDescriptor before
  // the first and after close.
  sim::Cell<std::int8_t>* descriptors = nullptr;
  model::Errno setup_error = model::Errno::none;
  std::uint16_t setup_done = 0;  // operations of PreparedProgram::setup that have succeeded
  // Where threads are not programs but coroutines: what those share. Theirs to know.
  void* scenario = nullptr;

  model::Process& process_of(sim::ThreadId thread) const {
    return machine->processes[prepared->processes[static_cast<std::size_t>(thread)]];
  }
  model::Process& process() const { return process_of(sim::current.thread); }  // of the running thread
  // What `uffd` stands for in a process.
  sim::Cell<std::int8_t>& descriptor(const model::Process& process, std::size_t uffd) const {
    const auto number = static_cast<std::size_t>(&process - machine->processes);
    return descriptors[number * prepared->program.uffds.size() + uffd];
  }
  // For looking from outside: the open file that `uffd` stands for in the first process; null if there is
  // none.
  const model::File* peek_file(std::size_t uffd) const {
    const model::Process& first = machine->processes[0];
    const std::int8_t fd = descriptor(first, uffd).peek();
    return fd < 0 ? nullptr : first.fds[fd].peek();
  }
};

inline ProgramWorld& program_world(const sim::World& world) {
  return *static_cast<ProgramWorld*>(world.root);
}

// Puts the program into `arena`: process, regions, userfaultfds, and its threads ready to start.
ProgramWorld& boot(const PreparedProgram& prepared, sim::Arena& arena);
// The same without threads: for a machine that is driven from outside.
ProgramWorld& boot_without_threads(const PreparedProgram& prepared, sim::Arena& arena);

// Performs one operation as the running thread.
sim::Task<Value> perform(ProgramWorld& world, const Operation& operation, const Value& message);

// What pagemap shows of a leaf, in a mapping.
PageState page_state(model::VmFlagBits vm_flags, model::Pte pte);

// What is there now. `spinning` has a bit for each thread that goes round forever.
FinalState final_state(const sim::World& world, std::uint8_t spinning);

// What went wrong when the program was set up ("uffd: UFFDIO_REGISTER x: EINVAL"), or empty. Boots a world to
// see.
std::string setup_failure(const PreparedProgram& prepared);

}  // namespace traces
