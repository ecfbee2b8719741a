// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/subject_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "traces/kernel/child.hpp"
#include "traces/kernel/system_call.hpp"
#include "traces/kernel/touch.hpp"

namespace traces {
namespace {

void drop_ptrace_capability() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> sets = {};
  if (syscall(SYS_capget, &header, sets.data()) != 0) return;
  constexpr std::uint32_t kBit = std::uint32_t{1} << CAP_SYS_PTRACE;
  sets[0].effective &= ~kBit;
  sets[0].permitted &= ~kBit;
  syscall(SYS_capset, &header, sets.data());
}

// Another user without any capability, whose files under /proc are still its own.
void become_nobody() {
  constexpr unsigned kNobody = 65534;
  const pid_t parent = getppid();
  setgroups(0, nullptr);
  if (setresgid(kNobody, kNobody, kNobody) != 0) return;
  if (setresuid(kNobody, kNobody, kNobody) != 0) return;
  prctl(PR_SET_DUMPABLE, 1);
  die_with(parent);  // a change of user has cleared that
}

// While no other thread shares the table of descriptors, it grows at once; later the kernel waits for an RCU
// grace period, about ten milliseconds.
void grow_descriptor_table() {
  const int descriptor = open("/", O_PATH | O_CLOEXEC);
  close(fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstUffd + static_cast<int>(kMaxNames)));
  close(descriptor);
}

}  // namespace

void become_subject(Privilege privilege) {
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  grow_descriptor_table();
  catch_touch_signals();
  if (privilege == Privilege::unprivileged) drop_ptrace_capability();
  if (privilege == Privilege::nobody) become_nobody();
}

// Not fork(3), which holds the allocator's locks for as long as the kernel sleeps in fork(2): nobody could
// watch. The child allocates from the arena of the thread that it is, which no other thread uses.
Value fork_subject(const Subject& parent, std::size_t child, const std::function<void(Subject)>& life) {
  Board& board = parent.board;
  ThreadSlot& slot = board.threads[child];
  Descriptors& descriptors = board.descriptors[slot.process];
  for (std::size_t i = 0; i < descriptors.size(); ++i) descriptors[i] = parent.descriptors[i].load();
  const pid_t self = getpid();
  const pid_t pid = _Fork();
  if (pid < 0) return Value::of(outcome(pid));
  if (pid == 0) {
    die_with(self);
    const ProcessView view(getpid());
    slot.tid = getpid();
    slot.progress = ThreadSlot::running;
    life({board, parent.mutexes, view, descriptors});
    _exit(0);
  }
  while (slot.progress == ThreadSlot::unborn) sched_yield();
  return Value::ok();
}

std::string set_up(const std::vector<SetupStep>& steps, Performer& performer) {
  for (const SetupStep& step : steps) {
    const Value value = performer.perform(step.call);
    if (value.error == model::Errno::none) continue;
    return fmt::format("cannot prepare {}: {}", step.what, model::to_text(value.error));
  }
  return {};
}

void tear_down(Subject& subject) {
  // Also those that no variable holds any more.
  close_range(kFirstSocket, ~0U, 0);
  munmap(reinterpret_cast<void*>(window::kBase), window::kTop - window::kBase);
  Board& board = subject.board;
  for (std::size_t i = 0; i < std::min<std::size_t>(board.moved_elsewhere, kMaxNames); ++i) {
    munmap(reinterpret_cast<void*>(board.elsewhere[i].load()), board.elsewhere_bytes[i]);
  }
  board.moved_elsewhere = 0;
  for (std::atomic<int>& descriptor : subject.descriptors) descriptor = kNoDescriptor;
  subject.mutexes.renew();
}

}  // namespace traces
