// SPDX-License-Identifier: Apache-2.0
// The board: memory that the process under test shares with the process that watches it. Whatever a
// program did before it exited, or before it was killed, stands here.
#pragma once
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <system_error>

#include "traces/final_state.hpp"
#include "traces/kernel/call.hpp"
#include "traces/kernel/futex.hpp"
#include "traces/program.hpp"

namespace traces {

inline constexpr std::size_t kMaxThreads = 64;  // of a program
inline constexpr std::size_t kMaxProcesses = 8;
inline constexpr std::size_t kMaxNames = 256;  // registers of a thread, userfaultfds, mutexes, variables
inline constexpr std::size_t kMaxLetters = 64 * 1024;
// Userfaultfds are numbered from here, so that a number which was closed is not taken at once by one of the
// files under /proc that other threads open for a moment.
inline constexpr int kFirstUffd = 512;
// The files of a program stand right below them, by their index.
inline constexpr int kFirstMemfd = kFirstUffd - static_cast<int>(kMostFiles);
// Below them epoll instances, and the two ends of each socket pair.
inline constexpr std::size_t kMostEpolls = 16, kMostSockets = 16;
inline constexpr int kFirstEpoll = kFirstMemfd - static_cast<int>(kMostEpolls);
inline constexpr int kFirstSocket = kFirstEpoll - 2 * static_cast<int>(kMostSockets);
// In a descriptor variable that holds no descriptor: the kernel answers EBADF, and poll(2) POLLNVAL.
inline constexpr int kNoDescriptor = 1'000'000'000;
// How a process under test ends when the program says `exit`, told from every other end.
inline constexpr int kProgramExit = 77;

// One call for one thread, and its answer.
struct Mailbox {
  enum State : std::uint32_t { idle, posted };
  FutexWord state{idle};
  Call call;
  Value answer;
  std::array<char, kMaxLetters> letters;
};

struct ThreadSlot {
  std::uint8_t process = 0;  // 0 or the number of a child
  enum Progress : std::uint32_t {
    running,
    unborn,    // a child that was not forked yet
    leaving,   // about to end the process: it has done all it wanted, but never returns
    finished,  // at the end of its body
    stopped,   // it went round a loop until it was told to stop
  };
  std::atomic<int> tid{0};
  FutexWord progress{running};
  std::atomic<std::uint64_t> steps{0};  // operations that returned
  std::array<Value, kMaxNames> registers;
  Mailbox mailbox;
};

// What the program's names of userfaultfds stand for in one process.
using Descriptors = std::array<std::atomic<int>, kMaxNames>;

struct Board {
  Privilege privilege = Privilege::root;
  std::uint64_t address_space = 0;  // bytes: no copy that succeeds is longer
  // Where the kernel put what it was free to move, to be unmapped with the program.
  std::array<std::atomic<std::uint64_t>, kMaxNames> elsewhere;
  std::array<std::atomic<std::uint64_t>, kMaxNames> elsewhere_bytes;
  std::atomic<std::size_t> moved_elsewhere{0};
  std::array<Descriptors, kMaxProcesses> descriptors;
  std::array<std::atomic<std::uint64_t>, kMaxNames> variables;
  std::array<ThreadSlot, kMaxThreads> threads;
  FutexWord events{0};  // counts answers and ends: what a watcher sleeps on
  // Of free mode: threads that were born and have not ended, and whether those in loops are asked to leave
  // them.
  FutexWord unfinished{0};
  std::atomic<bool> stop{false};
};

// A T in memory that survives fork as shared. T is made of atomics and plain bytes; it starts as zeros.
template <class T>
class Shared {
 public:
  Shared() {
    void* at =
        mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
      throw std::system_error(errno, std::generic_category(), "memory shared with a process under test");
    value_ = static_cast<T*>(at);
  }
  ~Shared() { munmap(value_, sizeof(T)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

 private:
  T* value_ = nullptr;
};

// Forgets what an earlier program left: variables as `program` declares them, no descriptors, no registers.
void wipe(Board& board, const Program& program);

// Throws std::length_error, naming what, if the program has more of something than a board holds.
void check_fits(const Program& program);

}  // namespace traces
