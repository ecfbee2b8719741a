// SPDX-License-Identifier: Apache-2.0
// The model against the kernel of this machine: generated sequences. `uffdsim fuzz` runs as many as one
// likes.
#include <gtest/gtest.h>

#include "proptests/kernel_machines.hpp"
#include "traces/kernel/availability.hpp"
#include "traces/kernel/version.hpp"

namespace proptests {
namespace {

// A program that forks needs a process of its own, and to copy one with the sanitizer's shadow takes long.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t kPrograms = 200;
#else
constexpr std::uint64_t kPrograms = 2'000;
#endif

class KernelAgrees : public testing::TestWithParam<std::uint32_t> {
 protected:
  void SetUp() override {
    if (const auto why = traces::why_no_userfaultfd()) GTEST_SKIP() << *why;
    kernel_ = model::find_kernel(traces::modelled_kernel(traces::running_kernel()).c_str());
    if (kernel_ == nullptr) GTEST_SKIP() << "no modelled kernel is as old as " << traces::running_kernel();
  }
  const model::Kernel* kernel_ = nullptr;
};

TEST_P(KernelAgrees, OnGeneratedSequences) {
  FreshMachines<traces::ModelMachine> modelled = models(*kernel_);
  KernelMachines real;
  Differ differ(modelled, real);
  for (std::uint64_t number = 0; number < kPrograms; ++number) {
    const std::string found = differ.compare_generated(
        1, number, {.threads = GetParam(), .forks = SequenceShape::Forks::sometimes});
    ASSERT_EQ(found, "") << "program " << number << " of seed 1";
  }
  EXPECT_GT(differ.whole(), differ.programs() / 4);
}

INSTANTIATE_TEST_SUITE_P(Threads, KernelAgrees, testing::Values(1u, 2u));

}  // namespace
}  // namespace proptests
