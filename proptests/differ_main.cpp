// SPDX-License-Identifier: Apache-2.0
// differ: generated sequences on the model and on the kernel of this machine, every answer compared.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>

#include "proptests/kernel_machines.hpp"
#include "traces/kernel/availability.hpp"
#include "traces/kernel/version.hpp"

namespace {

volatile std::sig_atomic_t g_interrupted = 0;

struct Wanted {
  std::uint64_t seed = 1;
  std::uint64_t programs = 100'000;
  std::uint64_t first = 0;
  std::uint64_t most_divergences = 5;
  std::string kernel;
  proptests::SequenceShape shape;
};

// Exit statuses of the project.
enum Status : int { kHolds = 0, kDiverges = 1, kBadUsage = 2, kStopped = 3 };

class Progress {
 public:
  void tell(const Wanted& wanted, const proptests::Differ& differ, std::uint64_t divergences) {
    const auto now = std::chrono::steady_clock::now();
    if (now - told_ < std::chrono::seconds(5)) return;
    told_ = now;
    fmt::print(stderr, "{} of {} programs, {:.0f} a second, {} divergences\n", differ.programs(),
               wanted.programs, rate(differ), divergences);
  }
  double rate(const proptests::Differ& differ) const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
    return static_cast<double>(differ.programs()) / took.count();
  }

 private:
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point told_ = begun_;
};

int compare_all(const Wanted& wanted, const model::Kernel& kernel) {
  proptests::FreshMachines<traces::ModelMachine> modelled = proptests::models(kernel);
  proptests::KernelMachines real;
  proptests::Differ differ(modelled, real);
  Progress progress;
  std::uint64_t divergences = 0;
  for (std::uint64_t i = 0; i < wanted.programs && g_interrupted == 0; ++i) {
    const std::uint64_t number = wanted.first + i;
    const std::string found = differ.compare_generated(wanted.seed, number, wanted.shape);
    if (!found.empty()) {
      fmt::print("divergence in program {} of seed {}:\n{}\n", number, wanted.seed, found);
      std::fflush(stdout);
      if (++divergences == wanted.most_divergences) break;
    }
    progress.tell(wanted, differ, divergences);
  }
  fmt::print("model of {} against kernel {}, seed {}, {} thread{}\n", kernel.name, traces::running_kernel(),
             wanted.seed, wanted.shape.threads, wanted.shape.threads == 1 ? "" : "s");
  fmt::print("{} programs ({} of at least {} operations), {} operations, {:.0f} programs a second\n",
             differ.programs(), differ.whole(), proptests::kLeastSteps, differ.tally().operations(),
             progress.rate(differ));
  fmt::print("{}{} divergences\n", differ.tally().to_text(), divergences);
  if (divergences != 0) return kDiverges;
  return g_interrupted != 0 ? kStopped : kHolds;
}

}  // namespace

int main(int argc, char** argv) {
  Wanted wanted;
  CLI::App app{
      "Generated programs, one operation at a time, on the model and on the kernel of this machine."};
  app.add_option("--seed", wanted.seed, "which programs")->capture_default_str();
  app.add_option("--programs", wanted.programs, "how many")->capture_default_str();
  app.add_option("--first", wanted.first, "number of the first one")->capture_default_str();
  app.add_option("--threads", wanted.shape.threads, "1; or 2: the second answers what the first one asks")
      ->check(CLI::Range(1, 2))
      ->capture_default_str();
  app.add_option("--kernel", wanted.kernel, "the modelled kernel; default: the nearest to the one that runs");
  app.add_option("--most-divergences", wanted.most_divergences, "stop after so many")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kHolds : kBadUsage;
  }
  if (const auto why = traces::why_no_userfaultfd()) {
    fmt::print(stderr, "{}\n", *why);
    return kStopped;
  }
  if (wanted.kernel.empty()) wanted.kernel = traces::modelled_kernel(traces::running_kernel());
  const model::Kernel* kernel = model::find_kernel(wanted.kernel.c_str());
  if (kernel == nullptr) {
    fmt::print(stderr, "--kernel {}: no such kernel is modelled; there are 6.1, 6.12, 6.18 and 7.3\n",
               wanted.kernel);
    return kBadUsage;
  }
  wanted.shape.offered = kernel->features;
  std::signal(SIGINT, [](int) { g_interrupted = 1; });
  try {
    return compare_all(wanted, *kernel);
  } catch (const std::exception& error) {
    fmt::print(stderr, "differ: {}\n", error.what());
    return kStopped;
  }
}
