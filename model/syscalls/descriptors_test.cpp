// SPDX-License-Identifier: Apache-2.0
// dup, fcntl, close and descriptors in sockets.
#include <fcntl.h>
#include <gtest/gtest.h>

#include "model/one_thread_for_test.hpp"
#include "model/processes_for_test.hpp"
#include "model/uffd/read.hpp"

namespace model {
namespace {

constexpr VirtAddr kPage{16 * kPageSize};

struct Descriptors : testing::Test, Processes {
  Descriptors() : Processes({.sockets = 1}) {}
  int open(std::uint64_t flags = 0) {
    return *as(parent(), [&, flags] { return sys_userfaultfd(parent(), flags); });
  }
  Errno close(Process& process, int fd) {
    return as(process, [&process, fd] { return sys_close(process, fd); });
  }
  File* file(Process& process, int fd) { return process.fds[fd].peek(); }
  // A registered page behind a descriptor that has shaken hands.
  int open_and_register() {
    const int fd = open();
    UserfaultfdCtx& ctx = *file(parent(), fd)->ctx;
    EXPECT_TRUE(as(parent(), [&] {
      return sys_mmap(parent(), kPage, kPageSize, kProtectRead | kProtectWrite, MapPlacement::fixed);
    }));
    EXPECT_EQ(as(parent(), [&] { return userfaultfd_api(ctx, {}); }).error, Errno::none);
    const RangeRequest all{kPage, kPageSize, UFFDIO_REGISTER_MODE_MISSING, UserPointer::readable};
    EXPECT_EQ(as(parent(), [&] { return userfaultfd_register(ctx, all); }).error, Errno::none);
    return fd;
  }
  bool armed() { return parent().mm.vmas.vma_lookup(kPage)->userfaultfd_armed(); }
};

TEST_F(Descriptors, DuplicatesAreOneFileUntilTheLastIsClosed) {
  const int first = open_and_register();
  const int second = *as(parent(), [&] { return sys_dup(parent(), first); });
  EXPECT_EQ(second, 1) << "the lowest that is free";
  EXPECT_EQ(file(parent(), second), file(parent(), first));
  EXPECT_EQ(close(parent(), first), Errno::none);
  EXPECT_TRUE(armed());
  EXPECT_EQ(close(parent(), second), Errno::none);
  EXPECT_FALSE(armed());
  EXPECT_EQ(machine().files.alive(), 0u);
  EXPECT_EQ(machine().contexts.alive(), 0u);
}

TEST_F(Descriptors, WhatIsClosedCannotBeDuplicated) {
  EXPECT_EQ(as(parent(), [&] { return sys_dup(parent(), 3); }), tl::unexpected(Errno::badf));
}

TEST_F(Descriptors, AFullTableTakesNoDuplicate) {
  open();
  for (int i = 1; i < Process::kMaxFds; ++i) {
    EXPECT_TRUE(as(parent(), [&] { return sys_dup(parent(), 0); }));
  }
  EXPECT_EQ(as(parent(), [&] { return sys_dup(parent(), 0); }), tl::unexpected(Errno::mfile));
  EXPECT_EQ(file(parent(), 0)->refs.peek(), static_cast<std::uint32_t>(Process::kMaxFds));
}

TEST_F(Descriptors, FcntlSetsOneFlagOfTheFile) {
  const int fd = open(O_CLOEXEC);
  const auto setfl = [&](std::uint64_t flags) {
    return as(parent(), [&, flags] { return sys_fcntl_setfl(parent(), fd, flags); });
  };
  EXPECT_EQ(setfl(O_NONBLOCK | O_APPEND), Errno::none);
  EXPECT_EQ(file(parent(), fd)->f_flags.peek(), static_cast<std::uint32_t>(O_CLOEXEC | O_NONBLOCK));
  EXPECT_EQ(setfl(0), Errno::none);
  EXPECT_EQ(file(parent(), fd)->f_flags.peek(), static_cast<std::uint32_t>(O_CLOEXEC));
  EXPECT_EQ(as(parent(), [&] { return sys_fcntl_setfl(parent(), 7, 0); }), Errno::badf);
}

TEST_F(Descriptors, AFileInFlightStaysOpen) {
  const int fd = open_and_register();
  EXPECT_EQ(fork(), Errno::none);
  EXPECT_EQ(close(child(), fd), Errno::none);
  EXPECT_EQ(as(parent(), [&] { return sys_send_fd(parent(), machine().sockets[0], fd); }), Errno::none);
  EXPECT_EQ(close(parent(), fd), Errno::none);
  EXPECT_TRUE(armed());
  EXPECT_EQ(as(child(), [&] { return sys_receive_fd(child(), machine().sockets[0]); }), 0);
  EXPECT_TRUE(armed());
  EXPECT_EQ(close(child(), 0), Errno::none);
  EXPECT_FALSE(armed());
}

TEST_F(Descriptors, FilesArriveInTheOrderInWhichTheyWereSent) {
  for (int fd = 0; fd < 2; ++fd) {
    open();
    EXPECT_EQ(as(parent(), [&] { return sys_send_fd(parent(), machine().sockets[0], fd); }), Errno::none);
  }
  for (int fd = 0; fd < 2; ++fd) {
    const auto received = as(parent(), [&] { return sys_receive_fd(parent(), machine().sockets[0]); });
    EXPECT_EQ(file(parent(), *received), file(parent(), fd));
  }
}

TEST_F(Descriptors, TheDeviceAsksWhoOpensIt) {
  parent().capability = SysPtrace::absent;
  EXPECT_EQ(as(parent(), [&] { return sys_userfaultfd(parent(), 0); }), tl::unexpected(Errno::perm));
  EXPECT_EQ(as(parent(), [&] { return sys_userfaultfd(parent(), 0, Door::device); }), 0);
  parent().device = DeviceAccess::refused;
  EXPECT_EQ(as(parent(), [&] { return sys_userfaultfd(parent(), 0, Door::device); }),
            tl::unexpected(Errno::acces));
  machine().unprivileged_userfaultfd = UnprivilegedUffd::allowed;
  EXPECT_EQ(as(parent(), [&] { return sys_userfaultfd(parent(), 0); }), 1);
}

}  // namespace
}  // namespace model
