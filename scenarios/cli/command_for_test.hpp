// SPDX-License-Identifier: Apache-2.0
// Runs the command as people run it, in a folder of the test's own.
#pragma once
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace cli {

namespace fs = std::filesystem;

struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

class CommandTest : public testing::Test {
 protected:
  CommandTest() : folder_(fs::path(testing::TempDir()) / ("uffdsim_" + name())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~CommandTest() override { fs::remove_all(folder_); }

  // Runs `uffdsim ARGUMENTS` in a folder of this test's own.
  Ran run(const std::string& arguments) const {
    const std::string command =
        "cd '" + folder_.string() + "' && " UFFDSIM_COMMAND " " + arguments + " >out 2>err";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("out"), read("err")};
  }

  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << text;
  }
  std::string read(const std::string& file) const {
    std::ifstream in(folder_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  static std::string name() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }
  fs::path folder_;
};

inline constexpr const char* kProgram = R"(
page x  missing
uffd    missing

thread reader
    r0 = load x

thread monitor
    f  = read
    r1 = copy f 'A'

thread prefetcher
    r2 = copy x 'B'

)";
inline constexpr const char* kTable = R"(outcomes  reader.r0  monitor.r1  prefetcher.r2  x
          'A'        ok          EEXIST         'A'
          'B'        EEXIST      ok             'B'
          'B'        blocked     ok             'B'
never     reader blocked
with      no-recheck-before-sleep  sometimes reader blocked
)";
inline std::string missing_copy() { return std::string("litmus missing-copy\n") + kProgram + kTable; }

}  // namespace cli
