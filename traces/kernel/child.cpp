// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/child.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace traces {

void die_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);  // it died before it could be asked to take this one along
}

Child::Child(const std::function<void()>& body) {
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) {
    die_with(parent);
    body();
    _exit(1);
  }
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
}

Child::~Child() {
  kill();
  if (pidfd_ >= 0) close(pidfd_);
}

std::optional<int> Child::status() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_;
}

std::optional<int> Child::wait_for(std::chrono::milliseconds limit) {
  if (status_) return status_;
  pollfd end = {.fd = pidfd_, .events = POLLIN, .revents = 0};
  poll(&end, 1, static_cast<int>(limit.count()));
  return status();
}

void Child::kill() {
  if (status_) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = status;
}

}  // namespace traces
