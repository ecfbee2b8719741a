// SPDX-License-Identifier: Apache-2.0
// The kernel machine, steered: the kernel of this machine performs one operation at a time, each on the
// thread that is told to. A process of its own is the program; it is kept for the next program as long as
// no thread of it is left asleep, and nobody forks.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "traces/kernel/child.hpp"
#include "traces/kernel/huge_pool.hpp"
#include "traces/kernel/process_view.hpp"
#include "traces/kernel/steered_subject.hpp"
#include "traces/kernel/thread_watch.hpp"
#include "traces/layout.hpp"
#include "traces/machine.hpp"
#include "traces/program.hpp"

namespace traces {

class KernelMachine final : public Machine {
 public:
  // Prepares the program: its regions, contents and userfaultfds. Throws std::runtime_error if the kernel
  // gives no userfaultfd or refuses part of the setup, std::length_error if the program is too large.
  explicit KernelMachine(const Program& program);

  // As a fresh machine would, but some hundred times a second faster. Throws as the constructor does; after
  // that only another reset makes sense.
  void reset(const Program& program);

  // "kernel 6.18.44".
  std::string name() const override;
  // Throws std::logic_error if the thread has not finished its last operation, std::runtime_error if after
  // half a minute some thread neither answers nor sleeps. Does nothing once the process has exited.
  void perform(std::size_t thread, const Operation& operation, const Value& message = {}) override;
  std::optional<Value> take_result(std::size_t thread) override;
  FinalState look() override;

 private:
  struct ThreadState {
    enum class Doing : std::uint8_t { nothing, operation };
    Doing doing = Doing::nothing;
    std::optional<Value> result;
    std::optional<std::size_t> forks;  // the thread that its operation makes
  };

  void start_process(Privilege privilege);
  void start_threads();
  void prepare();
  void run_errand(SteeredBoard::Errand errand);
  bool reusable(const Program& program);
  bool process_lives();
  bool is_child(std::size_t thread) const;
  bool child_is_gone(std::size_t thread) const;
  void end_children();
  void settle(std::size_t started);
  std::size_t collect_results();
  void watch_child(std::size_t thread);
  void note_end(std::size_t started);
  std::vector<const ThreadWatch*> watches_of_busy();
  bool at_rest();
  std::string where_threads_are() const;

  Program program_;
  Layout layout_;
  Shared<SteeredBoard> shared_;
  std::unique_ptr<HugePool> pool_;  // outlives the process, which may have some of it
  std::unique_ptr<Child> child_;
  std::unique_ptr<ProcessView> view_;
  std::vector<std::optional<ThreadWatch>> watches_;  // of every thread that there is
  std::vector<ThreadState> threads_;
  Picture last_picture_;
  bool exited_ = false;
};

}  // namespace traces
