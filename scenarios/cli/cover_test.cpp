// SPDX-License-Identifier: Apache-2.0
// uffdsim cover, run as people run it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/cli/command_for_test.hpp"

namespace cli {
namespace {

using Json = nlohmann::json;

bool lists(const Json& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

TEST_F(CommandTest, CoverTellsWhatAFileGoesThroughAndWhatNot) {
  write("a.litmus", missing_copy());
  const Ran ran = run("cover a.litmus --json");
  ASSERT_EQ(ran.status, 0) << ran.err;
  const Json json = Json::parse(ran.out);
  const Json& kinds = json["kinds"];
  const Json& points = kinds["scheduling points and locks"];
  EXPECT_TRUE(lists(points["reached"], "userfaultfd_must_wait")) << points;
  EXPECT_TRUE(lists(points["never"], "shmem_falloc")) << points;
  EXPECT_FALSE(lists(points["never"], "userfaultfd_must_wait"));
  EXPECT_TRUE(lists(kinds["pairs of locks, one taken under the other"]["reached"],
                    "fault_pending_wqh.lock → fault_wqh.lock"))
      << kinds;
  EXPECT_EQ(kinds["kinds of message read"]["reached"], Json::array({"read-fault"}));
  EXPECT_TRUE(lists(kinds["kinds of message read"]["never"], "fork"));
  EXPECT_TRUE(lists(kinds["operations with their errnos"]["reached"], "copy EEXIST"));
  EXPECT_TRUE(lists(kinds["errnos"]["never"], "EPERM"));
  EXPECT_EQ(kinds["defects that a claim names"]["reached"], Json::array({"no-recheck-before-sleep"}));
  EXPECT_TRUE(json["not_complete"].empty());
}

TEST_F(CommandTest, CoverSaysWhatItDidNotLookAt) {
  write("l/a.litmus", missing_copy());
  write("l/b.litmus", std::string("litmus b\nkernels 6.1\n") + kProgram);
  const Ran ran = run("cover l --worlds 100");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find("1 file on the model of Linux 6.18, 1 not for it"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("Only 100 worlds were looked at of each of: l/a.litmus"), std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("never: "), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace cli
