// SPDX-License-Identifier: Apache-2.0
#include "proptests/fuzz_command.hpp"

#include <fmt/format.h>

#include <chrono>

#include "proptests/fuzz.hpp"
#include "proptests/fuzz_crew.hpp"
#include "proptests/generate_sequence.hpp"
#include "scenarios/cli/guest_image.hpp"
#include "scenarios/cli/interruption.hpp"
#include "scenarios/cli/progress.hpp"
#include "traces/kernel/availability.hpp"
#include "traces/kernel/guest.hpp"
#include "traces/kernel/version.hpp"

namespace proptests {
namespace {

using cli::Status;
using cli::Terminal;

struct Options {
  FuzzJob job;
  std::uint64_t programs = 100'000;
  std::uint64_t jobs = 2;
  std::uint64_t most_divergences = 5;
  cli::GuestChoice guest;
};

// Takes reports in until there is enough of them.
class Result {
 public:
  Result(const Options& options, const Terminal& terminal) : options_(options), progress_(terminal) {}

  bool take(const FuzzReport* report) {
    if (report) all_.add(*report);
    progress_.show(fmt::format("{} of {} programs, {:.0f} a second, {} divergences", all_.programs,
                               options_.programs, rate(), all_.divergences.size()));
    return !interruption_.struck() && all_.divergences.size() < options_.most_divergences;
  }

  const FuzzReport& all() const { return all_; }
  void clear() { progress_.clear(); }
  double rate() const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
    return static_cast<double>(all_.programs) / took.count();
  }

 private:
  const Options& options_;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  FuzzReport all_;
  cli::Interruption interruption_;
  cli::ProgressLine progress_;
};

const char* threads_text(FuzzJob::Threads threads) {
  switch (threads) {
    case FuzzJob::Threads::one:
      return "1 thread";
    case FuzzJob::Threads::two:
      return "2 threads";
    case FuzzJob::Threads::by_turns:
      break;
  }
  return "1 and 2 threads";
}

void print(const Options& options, const std::string& kernel, const Result& result,
           const Terminal& terminal) {
  const FuzzReport& all = result.all();
  for (const auto& [number, text] : all.divergences) {
    terminal.print(fmt::format("divergence in program {} of seed {}:\n{}\n", number, options.job.seed, text));
  }
  terminal.print(fmt::format("model of {} against kernel {}, seed {}, {}\n", traces::modelled_kernel(kernel),
                             kernel, options.job.seed, threads_text(options.job.threads)));
  terminal.print(
      fmt::format("{} programs ({} of at least {} operations), {} operations, {:.0f} programs a second\n",
                  all.programs, all.whole, kLeastSteps, all.tally.operations(), result.rate()));
  terminal.print(fmt::format("{}{} divergences\n", all.tally.to_text(), all.divergences.size()));
}

// `kernel` is its release, or empty if it never came to that; `failure` says why not all programs were run.
Status conclude(const Options& options, Result& result, const std::string& kernel, const std::string& failure,
                const Terminal& terminal) {
  result.clear();
  const FuzzReport& all = result.all();
  if (all.programs != 0) print(options, kernel, result, terminal);
  if (!all.divergences.empty()) return Status::fails;
  if (failure.empty()) return Status::holds;
  terminal.complain(
      fmt::format("uffdsim: {} of {} programs were run: {}\n", all.programs, options.programs, failure));
  return Status::stopped;
}

Status ask_this_machine(const Options& options, const Terminal& terminal) {
  if (const auto why = traces::why_no_userfaultfd()) {
    terminal.complain(fmt::format("uffdsim: skipped: {}\n", *why));
    return Status::skipped;
  }
  FuzzCrew crew(options.job, options.jobs);
  Result result(options, terminal);
  const std::string failure = crew.wait([&](const FuzzReport* report) { return result.take(report); });
  return conclude(options, result, traces::running_kernel(), failure, terminal);
}

Status ask_guest(const Options& options, const Terminal& terminal) {
  const std::optional<std::filesystem::path> image = image_of(options.guest, terminal);
  if (!image) return Status::skipped;
  Result result(options, terminal);
  const auto take = [&](const std::string& text) {
    const FuzzReport report = fuzz_report_from_json(text);
    return result.take(&report);
  };
  const traces::GuestOptions guest{.image = *image, .runner = cli::beside("fuzz_runner")};
  const traces::GuestEnd end = traces::run_in_guest(guest, to_json_text(options.job), take);
  return conclude(options, result, end.kernel, end.failure, terminal);
}

Status run(Options options, const Terminal& terminal) {
  options.job.end = options.job.first + options.programs;
  return options.guest.wanted() ? ask_guest(options, terminal) : ask_this_machine(options, terminal);
}

}  // namespace

void add_fuzz(CLI::App& app, cli::Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("fuzz", "generated programs, one operation at a time, on the model and on a kernel");
  command->add_option("--seed", options->job.seed, "which programs")->capture_default_str();
  command->add_option("--programs", options->programs, "how many")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_option("--first", options->job.first, "number of the first one")->capture_default_str();
  const std::map<std::string, FuzzJob::Threads> threads = {
      {"1", FuzzJob::Threads::one}, {"2", FuzzJob::Threads::two}, {"by-turns", FuzzJob::Threads::by_turns}};
  command
      ->add_option("--threads", options->job.threads,
                   "1; or 2: the second answers what the first one asks; or by-turns (default)")
      ->transform(CLI::CheckedTransformer(threads).description(""));
  command->add_option("--jobs", options->jobs, "processes that share the work, on this machine")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command->add_option("--most-divergences", options->most_divergences, "stop after so many")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  add_guest_options(*command, options->guest);
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) { return run(*options, terminal); };
  });
}

}  // namespace proptests
