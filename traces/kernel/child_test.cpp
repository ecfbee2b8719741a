// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/child.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace traces {
namespace {

void sleep_for_ever() {
  for (;;) pause();
}

TEST(ChildTest, TellsHowItEnded) {
  Child child([] { _exit(7); });
  const std::optional<int> status = child.wait_for(std::chrono::seconds(10));
  ASSERT_TRUE(status);
  EXPECT_EQ(WEXITSTATUS(*status), 7);
}

TEST(ChildTest, IsKilledWithItsOwner) {
  pid_t pid = -1;
  {
    const Child child(sleep_for_ever);
    pid = child.pid();
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

// However early the parent dies: the child has the pipe's other end, which closes when it is gone.
TEST(ChildTest, DoesNotOutliveAParentThatDiesAtItsBirth) {
  for (int round = 0; round < 50; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t parent = fork();
    if (parent == 0) {
      new Child(sleep_for_ever);  // never reaped: this process ends first
      _exit(0);
    }
    close(ends[1]);
    waitpid(parent, nullptr, 0);
    pollfd gone = {.fd = ends[0], .events = POLLIN, .revents = 0};
    ASSERT_EQ(poll(&gone, 1, 10'000), 1) << "a process was left behind in round " << round;
    close(ends[0]);
  }
}

}  // namespace
}  // namespace traces
