// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "model/processes_for_test.hpp"
#include "model/uffd/userfault.hpp"

namespace model {
namespace {

struct Epoll : testing::Test, Processes {
  Epoll() : Processes({.epolls = 1}) {}
  EventPoll& ep() { return machine().epolls[0]; }
  int open(std::uint64_t flags) {
    const int fd = *as(parent(), [&, flags] { return sys_userfaultfd(parent(), flags); });
    UserfaultfdCtx& ctx = *parent().fds[fd].peek()->ctx;
    EXPECT_EQ(as(parent(), [&] { return userfaultfd_api(ctx, {}); }).error, Errno::none);
    return fd;
  }
  Errno add(int fd, EpollTrigger trigger = EpollTrigger::level) {
    return as(parent(), [&, fd, trigger] { return sys_epoll_add(parent(), ep(), fd, trigger); });
  }
  Errno del(int fd) {
    return as(parent(), [&, fd] { return sys_epoll_del(parent(), ep(), fd); });
  }
  int look() {
    return as(parent(), [&] { return sys_epoll_wait(ep(), PollWait::not_at_all); });
  }
};

TEST_F(Epoll, HasNothingToTellOfAQuietFile) {
  EXPECT_EQ(add(open(O_NONBLOCK)), Errno::none);
  EXPECT_EQ(look(), 0);
}

TEST_F(Epoll, TellsOfABlockingFileEveryTimeAndOnceAtTheEdge) {
  const int fd = open(0);
  EXPECT_EQ(add(fd), Errno::none);
  EXPECT_EQ(look(), POLLERR);
  EXPECT_EQ(look(), POLLERR);
  EXPECT_EQ(del(fd), Errno::none);
  EXPECT_EQ(add(fd, EpollTrigger::edge), Errno::none);
  EXPECT_EQ(look(), POLLERR);
  EXPECT_EQ(look(), 0);
}

TEST_F(Epoll, AsksAgainWhatAWakeUpWasAbout) {
  const int fd = open(O_NONBLOCK);
  EXPECT_EQ(add(fd), Errno::none);
  UserfaultfdCtx& ctx = *parent().fds[fd].peek()->ctx;
  const auto woken = as(parent(), [&ctx]() -> sim::Task<int> {
    co_await wake_up_poll(ctx);
    co_return 1;
  });
  EXPECT_EQ(woken, 1);
  EXPECT_TRUE(ep().events_available());
  EXPECT_EQ(look(), 0) << "there is nothing to read";
  EXPECT_FALSE(ep().events_available());
}

TEST_F(Epoll, KnowsADescriptorOfAFileOnce) {
  const int fd = open(O_NONBLOCK);
  EXPECT_EQ(del(fd), Errno::noent);
  EXPECT_EQ(add(fd), Errno::none);
  EXPECT_EQ(add(fd), Errno::exist);
  EXPECT_EQ(add(9), Errno::badf);
  EXPECT_EQ(del(9), Errno::badf);
}

TEST_F(Epoll, ForgetsAFileWithItsLastDescriptor) {
  const int fd = open(0);
  EXPECT_EQ(add(fd), Errno::none);
  const int copy = *as(parent(), [&] { return sys_dup(parent(), fd); });
  EXPECT_EQ(as(parent(), [&] { return sys_close(parent(), fd); }), Errno::none);
  EXPECT_EQ(look(), POLLERR) << "the file is open yet";
  EXPECT_EQ(as(parent(), [&] { return sys_close(parent(), copy); }), Errno::none);
  EXPECT_EQ(look(), 0);
  EXPECT_EQ(machine().epoll_items.alive(), 0u);
}

}  // namespace
}  // namespace model
