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
  setgroups(0, nullptr);
  if (setresgid(kNobody, kNobody, kNobody) != 0) return;
  if (setresuid(kNobody, kNobody, kNobody) != 0) return;
  prctl(PR_SET_DUMPABLE, 1);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a change of user has cleared it
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
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  grow_descriptor_table();
  catch_touch_signals();
  if (privilege == Privilege::unprivileged) drop_ptrace_capability();
  if (privilege == Privilege::nobody) become_nobody();
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
