// SPDX-License-Identifier: Apache-2.0
// The model against the oracle: generated single-threaded sequences, on every kernel.
#include "proptests/oracle.hpp"

#include <gtest/gtest.h>

#include "proptests/kernel_machines.hpp"

namespace proptests {
namespace {

class OracleAgrees : public testing::TestWithParam<std::string> {};  // a kernel's name

TEST_P(OracleAgrees, OnGeneratedSequences) {
  const model::Kernel& kernel = *model::find_kernel(GetParam().c_str());
  FreshMachines<traces::ModelMachine> modelled = models(kernel);
  FreshMachines<Oracle> oracles(
      [&](const traces::Program& program) { return std::make_unique<Oracle>(program, kernel); });
  Differ differ(modelled, oracles);
  for (std::uint64_t number = 0; number < 3'000; ++number) {
    const std::string found = differ.compare_generated(7, number, {.offered = kernel.features});
    ASSERT_EQ(found, "") << "program " << number << " of seed 7";
  }
  EXPECT_GT(differ.whole(), differ.programs() / 2);
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const model::Kernel* kernel : model::kernels()) names.emplace_back(kernel->name);
  return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& kernel) {
  std::string name = "Linux" + kernel.param;
  name[name.find('.')] = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Kernels, OracleAgrees, testing::ValuesIn(names()), test_name);

}  // namespace
}  // namespace proptests
