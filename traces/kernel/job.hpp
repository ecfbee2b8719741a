// SPDX-License-Identifier: Apache-2.0
// A job: litmus files to be run in free mode, and the reports that come of it. This is what goes into a
// guest and what comes out of it; the reports also are what `kernel_runner` prints, one JSON object a line.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "traces/kernel/free_run.hpp"
#include "traces/kernel/histogram.hpp"

namespace traces {

struct Job {
  struct File {
    std::string name;
    std::string text;
  };
  FreeOptions options;
  std::vector<File> files;
};

struct FileReport {
  std::string name;
  std::optional<Histogram> histogram;
  std::string unavailable{};  // why this machine cannot run it
  std::string error;          // why there is none: the file does not parse, the kernel refuses its setup, …
};

std::string to_json_text(const Job& job);
std::string to_json_text(const FileReport& report);
// Throw nlohmann::json::exception on any other text.
Job job_from_json(const std::string& text);
FileReport file_report_from_json(const std::string& text);

// Makes a program of a litmus file, or says why not. The language lies above this folder, so whoever runs a
// job brings its parser.
using Parse = std::function<tl::expected<Program, std::string>(const Job::File& file)>;

// Runs the files in order; `report` is called after each.
void run_job(const Job& job, const Parse& parse, const std::function<void(const FileReport&)>& report);

}  // namespace traces
