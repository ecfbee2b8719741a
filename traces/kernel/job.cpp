// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/job.hpp"

#include <exception>
#include <nlohmann/json.hpp>

#include "traces/kernel/final_state_json.hpp"
#include "traces/kernel/huge_pool.hpp"

namespace traces {
namespace {

using nlohmann::json;

FileReport run_file(const Job::File& file, const FreeOptions& options, const Parse& parse) {
  FileReport report{.name = file.name, .histogram = std::nullopt, .unavailable = {}, .error = {}};
  const tl::expected<Program, std::string> program = parse(file);
  if (!program) {
    report.error = program.error();
    return report;
  }
  try {
    report.histogram = run_free(*program, options);
  } catch (const Unavailable& problem) {
    report.unavailable = problem.what();
  } catch (const std::exception& problem) {
    report.error = problem.what();
  }
  return report;
}

}  // namespace

std::string to_json_text(const Job& job) {
  json files = json::array();
  for (const Job::File& file : job.files) files.push_back({{"name", file.name}, {"text", file.text}});
  const json whole = {{"iterations", job.options.iterations},
                      {"seed", job.options.seed},
                      {"patience", job.options.patience.count()},
                      {"files", files}};
  return whole.dump();
}

Job job_from_json(const std::string& text) {
  const json whole = json::parse(text);
  Job job;
  job.options.iterations = whole.at("iterations").get<std::uint64_t>();
  job.options.seed = whole.at("seed").get<std::uint64_t>();
  job.options.patience = std::chrono::milliseconds(whole.at("patience").get<std::int64_t>());
  for (const json& file : whole.at("files")) {
    job.files.push_back({file.at("name").get<std::string>(), file.at("text").get<std::string>()});
  }
  return job;
}

std::string to_json_text(const FileReport& report) {
  json whole = {{"file", report.name}};
  if (report.histogram) {
    whole["histogram"] = json::parse(to_json_text(*report.histogram));
  } else if (!report.unavailable.empty()) {
    whole["unavailable"] = report.unavailable;
  } else {
    whole["error"] = report.error;
  }
  return whole.dump();
}

FileReport file_report_from_json(const std::string& text) {
  const json whole = json::parse(text);
  FileReport report{
      .name = whole.at("file").get<std::string>(), .histogram = std::nullopt, .unavailable = {}, .error = {}};
  if (whole.contains("histogram")) {
    report.histogram = histogram_from_json(whole.at("histogram").dump());
  } else if (whole.contains("unavailable")) {
    report.unavailable = whole.at("unavailable").get<std::string>();
  } else {
    report.error = whole.at("error").get<std::string>();
  }
  return report;
}

void run_job(const Job& job, const Parse& parse, const std::function<void(const FileReport&)>& report) {
  for (const Job::File& file : job.files) report(run_file(file, job.options, parse));
}

}  // namespace traces
