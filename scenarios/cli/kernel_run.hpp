// SPDX-License-Identifier: Apache-2.0
// A litmus file on a real kernel: the rows that were seen, beside the rows that are allowed.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "scenarios/cli/files.hpp"
#include "scenarios/language/verdict.hpp"
#include "traces/kernel/job.hpp"

namespace cli {

struct KernelRun {
  enum class Verdict : unsigned char {
    agrees,   // every row that was seen is allowed
    differs,  // some is not, or the kernel refuses what the model does not
    unknown,  // nothing was seen
    skipped,  // the file does not speak of this kernel
  };
  struct Row {
    language::Words words;
    std::uint64_t count = 0;  // 0: allowed, and not seen
    bool allowed = true;
  };

  const LitmusFile* file = nullptr;
  std::string model;  // the kernel whose table counts: "6.18"
  std::string error;  // why nothing could be run
  std::string skipped;
  std::uint64_t iterations = 0;
  std::uint64_t undecided = 0;
  std::vector<std::string> reasons;  // for the undecided ones
  std::vector<language::Column> columns;
  std::vector<Row> rows;             // in the table's order, then those outside it
  std::vector<std::size_t> refuted;  // indices into Litmus::claims
  Verdict verdict = Verdict::unknown;

  std::size_t rows_allowed() const;
  std::size_t rows_seen() const;  // of those that are allowed
};

// Compares a report with the file's table for the modelled kernel; a file without a table is compared with
// what the model does.
KernelRun compare(const LitmusFile& file, const std::string& model, const traces::FileReport& report);
// The file was not run, for this reason.
KernelRun skip(const LitmusFile& file, const std::string& model, std::string reason);
// Why a file is not run where the model's kernel runs, or any kernel if that is empty; empty if it is.
std::string why_not_run(const LitmusFile& file, const std::string& model);

}  // namespace cli
