// SPDX-License-Identifier: Apache-2.0
// One litmus file, checked: on the healthy kernel, and on that kernel with each defect that the file's claims
// name.
#pragma once
#include <string>
#include <vector>

#include "scenarios/cli/files.hpp"
#include "scenarios/running/run.hpp"

namespace cli {

struct CheckedFile {
  enum class Verdict : unsigned char { holds, fails, skipped, stopped };

  const LitmusFile* file = nullptr;
  std::string skipped;                    // why nothing was explored; empty: it was
  std::vector<running::Plan> plans;       // the healthy kernel first
  std::vector<running::ModelRun> runs;    // as plans
  Verdict verdict() const;

  // Of the defects that its claims name: whether some claim shows it, and the healthy kernel does not.
  bool tells(const model::Defect& defect) const;
  // Claims with a defect that hold on the healthy kernel just as well, so that they show nothing.
  std::vector<std::size_t> idle_claims() const;
  std::uint64_t worlds() const;  // of all runs
};

// What has to be run: `plan` on the healthy kernel, and once for each defect. Skipped if the file does not speak
// of the kernel.
CheckedFile to_check(const LitmusFile& file, const running::Plan& plan);

}  // namespace cli
