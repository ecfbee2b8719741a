// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/touch.hpp"

#include <csetjmp>
#include <csignal>
#include <memory>

namespace traces {
namespace {

thread_local sigjmp_buf t_landing;
thread_local volatile std::sig_atomic_t t_touching = 0;

void land(int signal_number) {
  if (t_touching != 0) siglongjmp(t_landing, signal_number);
  signal(signal_number, SIG_DFL);  // not ours: the access repeats and ends the process
}

}  // namespace

void catch_touch_signals() {
  struct sigaction action = {};
  action.sa_handler = land;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;  // not blocked while it runs: nothing to restore on landing
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

void use_signal_stack() {
  constexpr std::size_t kBytes = 64 * 1024;
  thread_local const std::unique_ptr<char[]> stack(new char[kBytes]);
  const stack_t description{.ss_sp = stack.get(), .ss_flags = 0, .ss_size = kBytes};
  sigaltstack(&description, nullptr);
}

// Assembly, so that the access is one instruction which no sanitizer looks at first.
Value touch_load(std::uint64_t address) {
  const int signal_number = sigsetjmp(t_landing, 0);
  if (signal_number != 0) {
    t_touching = 0;
    return Value::signal(signal_number);
  }
  t_touching = 1;
  char letter = 0;
  asm volatile("movb (%1), %0" : "=q"(letter) : "r"(address) : "memory");
  t_touching = 0;
  return Value::letter(letter);
}

Value touch_store(std::uint64_t address, char letter) {
  const int signal_number = sigsetjmp(t_landing, 0);
  if (signal_number != 0) {
    t_touching = 0;
    return Value::signal(signal_number);
  }
  t_touching = 1;
  asm volatile("movb %0, (%1)" : : "q"(letter), "r"(address) : "memory");
  t_touching = 0;
  return Value::ok();
}

}  // namespace traces
