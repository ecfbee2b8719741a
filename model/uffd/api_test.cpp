// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/api.hpp"

#include "model/one_thread_for_test.hpp"

namespace model {
namespace {

IoctlReply handshake(OneThread& one, ApiRequest request) {
  return one.run([&] { return userfaultfd_api(one.ctx(), request); });
}

TEST(Api, OffersWhatTheKernelHasWhateverWasAskedFor) {
  const std::pair<const Kernel*, std::int64_t> offers[] = {
      {&linux_6_1, 0x1fff}, {&linux_6_12, 0x1ffff}, {&linux_6_18, 0x1ffff}, {&linux_7_3, 0x7ffff}};
  for (const auto& [kernel, features] : offers) {
    OneThread one(*kernel);
    EXPECT_EQ(one.run([&] { return sys_userfaultfd(one.process(), 0); }), 0);
    const IoctlReply reply = handshake(one, {});
    EXPECT_EQ(reply.error, Errno::none);
    EXPECT_EQ(reply.field, features) << kernel->name;
  }
}

TEST(Api, AFailureLeavesTheDescriptorFreshAndASecondSuccessIsRefused) {
  OneThread one;
  EXPECT_EQ(one.run([&] { return sys_userfaultfd(one.process(), 0); }), 0);
  EXPECT_EQ(handshake(one, {.api = 0xab}).error, Errno::inval);
  EXPECT_EQ(handshake(one, {.features = std::uint64_t{1} << 63}).field, 0) << "zeros, not the offer";
  EXPECT_EQ(handshake(one, {}).error, Errno::none);
  EXPECT_EQ(handshake(one, {}).error, Errno::inval);
}

TEST(Api, EventForkNeedsACapability) {
  OneThread one;
  EXPECT_EQ(one.run([&] { return sys_userfaultfd(one.process(), 0); }), 0);
  const ApiRequest fork{.features = UFFD_FEATURE_EVENT_FORK, .capability = SysPtrace::absent};
  EXPECT_EQ(handshake(one, fork).error, Errno::perm);
}

TEST(Userfaultfd, PermissionIsAskedBeforeTheFlags) {
  OneThread one(default_kernel(), SysPtrace::absent);
  EXPECT_EQ(one.run([&] { return sys_userfaultfd(one.process(), 0x40); }).error(), Errno::perm);
  EXPECT_EQ(one.run([&] { return sys_userfaultfd(one.process(), UFFD_USER_MODE_ONLY | 0x40); }).error(),
            Errno::inval);
  EXPECT_EQ(one.run([&] { return sys_userfaultfd(one.process(), UFFD_USER_MODE_ONLY); }), 0);
}

TEST(Userfaultfd, TakesTheLowestFreeDescriptor) {
  OneThread one;
  for (int fd = 0; fd < Process::kMaxFds; ++fd) {
    EXPECT_EQ(one.run([&] { return sys_userfaultfd(one.process(), 0); }), fd);
  }
  EXPECT_EQ(one.run([&] { return sys_userfaultfd(one.process(), 0); }).error(), Errno::mfile);
  EXPECT_EQ(one.run([&] { return sys_close(one.process(), 1); }), Errno::none);
  EXPECT_EQ(one.run([&] { return sys_userfaultfd(one.process(), 0); }), 1);
  EXPECT_EQ(one.run([&] { return sys_close(one.process(), Process::kMaxFds); }), Errno::badf);
  EXPECT_EQ(one.run([&] { return sys_close(one.process(), -1); }), Errno::badf);
}

}  // namespace
}  // namespace model
