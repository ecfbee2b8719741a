// SPDX-License-Identifier: Apache-2.0
// Machine: something that performs operations, one at a time, under our control: the model, or a real
// kernel in steered mode. Replay, the schedules of a person, and model-against-kernel tests drive both
// through this.
#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "traces/final_state.hpp"
#include "traces/operation.hpp"
#include "traces/value.hpp"

namespace traces {

class Machine {
 public:
  virtual ~Machine() = default;

  // "model of 6.18", "kernel 6.18.44": for reports.
  virtual std::string name() const = 0;

  // Begins `operation` on an idle thread, and runs until no thread can go further by itself: each is
  // idle, asleep in the kernel, or waits for a mutex. `message` is the value that Base::message means.
  virtual void perform(std::size_t thread, const Operation& operation, const Value& message = {}) = 0;

  // The value of the thread's last operation, once: none while the thread is asleep in it.
  virtual std::optional<Value> take_result(std::size_t thread) = 0;

  // What is there now. Threads that are asleep count as blocked; registers are left empty.
  virtual FinalState look() = 0;
};

}  // namespace traces
