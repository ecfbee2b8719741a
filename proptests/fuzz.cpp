// SPDX-License-Identifier: Apache-2.0
#include "proptests/fuzz.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "proptests/kernel_machines.hpp"
#include "traces/kernel/version.hpp"

namespace proptests {
namespace {

using nlohmann::json;

const model::Kernel& running_model() {
  const std::string release = traces::running_kernel();
  const model::Kernel* kernel = model::find_kernel(traces::modelled_kernel(release).c_str());
  if (kernel == nullptr) throw std::runtime_error("no modelled kernel is like " + release);
  return *kernel;
}

}  // namespace

std::uint32_t FuzzJob::threads_of(std::uint64_t number) const {
  if (threads == Threads::by_turns) return number % 2 == 0 ? 1 : 2;
  return threads == Threads::one ? 1 : 2;
}

void FuzzReport::add(const FuzzReport& other) {
  programs += other.programs;
  whole += other.whole;
  tally.add(other.tally);
  divergences.insert(other.divergences.begin(), other.divergences.end());
}

std::string to_json_text(const FuzzJob& job) {
  const json whole = {{"seed", job.seed},       {"first", job.first}, {"end", job.end},
                      {"threads", job.threads}, {"crew", job.crew},   {"member", job.member}};
  return whole.dump();
}

FuzzJob fuzz_job_from_json(const std::string& text) {
  const json whole = json::parse(text);
  FuzzJob job;
  whole.at("seed").get_to(job.seed);
  whole.at("first").get_to(job.first);
  whole.at("end").get_to(job.end);
  whole.at("threads").get_to(job.threads);
  whole.at("crew").get_to(job.crew);
  whole.at("member").get_to(job.member);
  return job;
}

std::string to_json_text(const FuzzReport& report) {
  json divergences = json::array();
  for (const auto& [number, text] : report.divergences) {
    divergences.push_back({{"program", number}, {"text", text}});
  }
  const json whole = {{"programs", report.programs},
                      {"whole", report.whole},
                      {"operations", report.tally.operations()},
                      {"answers", report.tally.answers()},
                      {"divergences", divergences}};
  return whole.dump();
}

FuzzReport fuzz_report_from_json(const std::string& text) {
  const json whole = json::parse(text);
  FuzzReport report;
  whole.at("programs").get_to(report.programs);
  whole.at("whole").get_to(report.whole);
  report.tally =
      Tally(whole.at("answers").get<Tally::Answers>(), whole.at("operations").get<std::uint64_t>());
  for (const json& divergence : whole.at("divergences")) {
    report.divergences.emplace(divergence.at("program").get<std::uint64_t>(),
                               divergence.at("text").get<std::string>());
  }
  return report;
}

void fuzz(const FuzzJob& job, const std::function<void(const FuzzReport&)>& report) {
  const model::Kernel& kernel = running_model();
  FreshMachines<traces::ModelMachine> modelled = models(kernel);
  KernelMachines real;
  const std::uint64_t stride = job.crew * FuzzJob::kBatch;
  for (std::uint64_t batch = job.first + job.member * FuzzJob::kBatch; batch < job.end; batch += stride) {
    Differ differ(modelled, real);
    FuzzReport done;
    const std::uint64_t end = std::min(batch + FuzzJob::kBatch, job.end);
    for (std::uint64_t number = batch; number < end; ++number) {
      const SequenceShape shape{.threads = job.threads_of(number),
                                .forks = SequenceShape::Forks::sometimes,
                                .offered = kernel.features};
      std::string found = differ.compare_generated(job.seed, number, shape);
      if (!found.empty()) done.divergences.emplace(number, std::move(found));
    }
    done.programs = differ.programs();
    done.whole = differ.whole();
    done.tally = differ.tally();
    report(done);
  }
}

}  // namespace proptests
