// SPDX-License-Identifier: Apache-2.0
// A forked process that is never left behind: waited for, or killed and reaped.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>

namespace traces {

// In a process that `parent` has just forked: it dies when its parent does, at once if that is dead already.
void die_with(pid_t parent);

class Child {
 public:
  // Forks; the child dies with this process, and runs `body`, which must not return. Throws std::system_error.
  explicit Child(const std::function<void()>& body);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  // How it ended, as waitpid(2) says it; nothing if it lives on.
  std::optional<int> status();
  std::optional<int> wait_for(std::chrono::milliseconds limit);
  void kill();

 private:
  pid_t pid_ = -1;
  int pidfd_ = -1;
  std::optional<int> status_;
};

}  // namespace traces
