// SPDX-License-Identifier: Apache-2.0
// World: simulated threads and the moves they can make. Everything it owns lies in one arena, the World
// itself first, so that a world can be saved, restored and hashed.
//
// Life of a step: moves() lists what may happen next; a strategy picks one; step() makes it: the thread runs
// from its scheduling point to the next one, or a question that it asked is answered.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sim/arena.hpp"
#include "sim/current.hpp"
#include "sim/lock_class.hpp"
#include "sim/task.hpp"

namespace sim {

// One thing that can happen next.
struct Move {
  enum class Kind : std::uint8_t {
    run,     // `thread` runs to its next scheduling point
    answer,  // the question that `thread` asked is answered with `value`
  };
  Kind kind = Kind::run;
  ThreadId thread = 0;
  std::uint8_t value = 0;
  friend bool operator==(const Move&, const Move&) = default;
};

// Why a thread stands at a scheduling point, and when it may go on.
struct Wait {
  // Null: at once. Else asked before each step: may `thread` go on?
  bool (*ready)(const void* object, ThreadId thread) = nullptr;
  // If set, the next step only arrives: it takes what it wants (true: the thread runs on in this same step)
  // or queues for it (false: the step ends here and `ready` decides from now on).
  bool (*arrive)(void* object, ThreadId thread) = nullptr;
  void* object = nullptr;
  const char* what = "";                             // for people: "mmap_lock (read)"
  ThreadId (*holder)(const void* object) = nullptr;  // for people: who has it; may be null
};

enum class RunState : std::uint8_t { running, sleeping };

struct Thread {
  static constexpr int kMaxHeld = 7;
  const char* name = "";
  TaskPromise* innermost = nullptr;  // null: finished
  Wait wait;
  RunState state = RunState::running;
  bool fatal_signal = false;  // SIGKILL or exit_group has struck: killable sleeps end
  std::uint8_t held_count = 0;
  const AnyLock* held[kMaxHeld] = {};
};

// A question put to the strategy by choose().
struct Question {
  ThreadId thread = kNoThread;
  std::uint8_t options = 0;
  std::uint8_t answer = 0;
  std::uint8_t padding[5] = {};
  const char* what = "";
};
static_assert(std::has_unique_object_representations_v<Wait>, "padding would tell equal worlds apart");
static_assert(std::has_unique_object_representations_v<Question>);

enum class Condition : std::uint8_t {
  running,   // at least one move is possible
  finished,  // every thread ran to its end
  blocked,   // some thread has not finished and nothing can happen any more
  bug,       // the simulated kernel stopped itself: kernel_bug()
};

class World {
 public:
  // Clears the arena, puts a world without threads into it and makes it the current one.
  static World& create(Arena& arena);
  // Makes the world in `arena` the current one; after Arena::load().
  static World& enter(Arena& arena);

  // Adds a thread that will run the task `make_body()` returns. A factory, because the task's frame must
  // land on the new thread's own stack. `name` must outlive the world.
  // It takes its first step when `first` allows it.
  static constexpr Wait kStart{.what = "start"};
  template <class MakeBody>
  ThreadId spawn(const char* name, MakeBody make_body, Wait first = kStart) {
    const ThreadId spawner = current.thread;
    const ThreadId id = add_thread(name);
    Task<void> body = make_body();
    start(id, body.frame.promise(), first);
    current.thread = spawner;
    return id;
  }

  int thread_count() const { return count_; }
  Thread& thread(ThreadId id) { return *threads_[id]; }
  const Thread& thread(ThreadId id) const { return *threads_[id]; }
  bool finished(ThreadId id) const { return threads_[id]->innermost == nullptr; }
  // Whether a `run` move of this thread is possible now.
  bool runnable(ThreadId id) const;

  Condition condition() const;
  // What may happen next, in a fixed order; empty unless condition() is running.
  void moves(std::vector<Move>& out) const;
  // Makes the move, which must be one of moves().
  void step(Move move);

  // Takes the threads out of the world, all of which must have finished: what remains is a fresh start.
  void dismiss_threads();

  // Where the owner of this world keeps what it needs to find; anything in the arena.
  void* root = nullptr;

  const Question& question() const { return question_; }
  const char* bug() const { return bug_; }
  void set_bug(const char* text) { bug_ = bug_ ? bug_ : text; }

  // The simulated stacks, innermost first, one thread after the other: what each waits for, who holds it.
  std::string stacks() const;

 private:
  friend struct Choose;
  ThreadId add_thread(const char* name);
  void start(ThreadId id, TaskPromise& body, Wait first);

  Thread* threads_[kMaxThreads] = {};
  Question question_;
  const char* bug_ = nullptr;
  std::int8_t count_ = 0;
};

inline Thread& current_thread() { return current.world->thread(current.thread); }

// Hears what happens in a world while a schedule is being told.
class Observer {
 public:
  virtual ~Observer() = default;
  // The running thread did something a person wants to see: "queues read-fault:x".
  virtual void note(ThreadId thread, const std::string& text) = 0;
};
inline bool observed() { return current.observer != nullptr; }
inline void note(const std::string& text) {
  if (current.observer) current.observer->note(current.thread, text);
}

}  // namespace sim
