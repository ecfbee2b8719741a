// SPDX-License-Identifier: Apache-2.0
// uffdsim kernel: litmus files on a real kernel; what it does must be allowed.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "scenarios/cli/command.hpp"
#include "scenarios/cli/guest_image.hpp"
#include "scenarios/cli/kernel_host.hpp"
#include "scenarios/cli/kernel_text.hpp"
#include "scenarios/cli/progress.hpp"
#include "traces/kernel/availability.hpp"
#include "traces/kernel/version.hpp"

namespace cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::uint64_t iterations = 300;
  std::uint64_t seed = 1;
  GuestChoice guest;
  bool probe = false;
  bool json = false;
};

Status probe(const Terminal& terminal) {
  if (const auto why = traces::why_no_userfaultfd()) throw Error(*why);
  const std::string release = traces::running_kernel();
  terminal.print(fmt::format("Linux {} gives userfaultfds; its outcomes are compared with the model of {}.\n",
                             release, traces::modelled_kernel(release)));
  return Status::holds;
}

// None: there is no QEMU, or no image to be had, which the terminal has been told.
std::unique_ptr<KernelHost> host_for(const Options& options, const Terminal& terminal) {
  if (!options.guest.wanted()) return this_machine();
  const std::optional<std::filesystem::path> image = image_of(options.guest, terminal);
  return image ? guest(*image, options.guest.kernel) : nullptr;
}

std::string why_not_there(const LitmusFile& file, const std::string& model, const KernelHost& host) {
  std::string why = why_not_run(file, model);
  return why.empty() ? host.why_not(file) : why;
}

// Files that may speak of the kernel.
std::vector<const LitmusFile*> files_for(const std::vector<LitmusFile>& files, const KernelHost& host) {
  std::vector<const LitmusFile*> wanted;
  for (const LitmusFile& file : files) {
    if (why_not_there(file, host.model(), host).empty()) wanted.push_back(&file);
  }
  return wanted;
}

std::vector<KernelRun> compare_all(const std::vector<LitmusFile>& files, const std::string& model,
                                   const KernelHost& host, const KernelHost::Result& result) {
  std::vector<KernelRun> runs;
  for (const LitmusFile& file : files) {
    if (std::string reason = why_not_there(file, model, host); !reason.empty()) {
      runs.push_back(skip(file, model, std::move(reason)));
      continue;
    }
    const auto report = std::find_if(result.reports.begin(), result.reports.end(),
                                     [&](const traces::FileReport& r) { return r.name == file.shown; });
    if (report != result.reports.end()) runs.push_back(compare(file, model, *report));
  }
  return runs;
}

void print_text(const std::vector<KernelRun>& runs, const std::string& kernel, const Terminal& terminal) {
  const Paint& paint = terminal.paint();
  std::size_t width = 0;
  for (const KernelRun& run : runs) width = std::max(width, width_of(run.file->shown));
  const bool alone = runs.size() == 1 && runs.front().error.empty() && runs.front().skipped.empty();
  for (const KernelRun& run : runs) {
    terminal.print(alone ? kernel_table(run, kernel, paint) : kernel_line(run, paint, width));
  }
  terminal.print((alone ? "" : "\n") + kernel_summary(runs, kernel, paint));
}

Status status_of(const std::vector<KernelRun>& runs, const std::string& failure) {
  const auto is = [&](KernelRun::Verdict verdict) {
    return std::any_of(runs.begin(), runs.end(),
                       [&](const KernelRun& run) { return run.verdict == verdict; });
  };
  if (is(KernelRun::Verdict::differs)) return Status::fails;
  return is(KernelRun::Verdict::unknown) || !failure.empty() ? Status::stopped : Status::holds;
}

Status run_on_kernel(const Options& options, const Terminal& terminal) {
  if (options.probe) return probe(terminal);
  if (options.paths.empty()) throw Error("kernel: a litmus file or a folder of them is required, or --probe");
  const std::vector<LitmusFile> files = read_litmus_files(options.paths);
  const std::unique_ptr<KernelHost> host = host_for(options, terminal);
  if (!host) return Status::skipped;

  const Interruption interruption;
  ProgressLine progress(terminal);
  const std::vector<const LitmusFile*> wanted = files_for(files, *host);
  const traces::FreeOptions free{.iterations = options.iterations, .seed = options.seed};
  const KernelHost::Result result = host->run(wanted, free, interruption, [&](std::size_t done) {
    progress.show(fmt::format("{} of {} files", done, wanted.size()));
  });
  progress.clear();
  if (result.kernel.empty()) {
    terminal.complain(fmt::format("uffdsim: the guest did not begin: {}\n", result.failure));
    return Status::stopped;
  }
  const std::string model = traces::modelled_kernel(result.kernel);
  if (model.empty()) throw Error(fmt::format("no modelled kernel is like '{}'", result.kernel));
  const std::vector<KernelRun> runs = compare_all(files, model, *host, result);
  if (options.json) {
    terminal.print(kernel_json(runs, result.kernel, result.failure).dump(2) + '\n');
  } else {
    print_text(runs, result.kernel, terminal);
  }
  if (!result.failure.empty()) {
    terminal.complain(fmt::format("uffdsim: {} of {} files were run: {}\n", result.reports.size(),
                                  wanted.size(), result.failure));
  }
  return status_of(runs, result.failure);
}

}  // namespace

void add_kernel(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("kernel", "litmus files on a real kernel: what it shows must be allowed");
  command->add_option("PATH", options->paths, "litmus files, and folders of them");
  command->add_option("-n,--iterations", options->iterations, "times that each file is run")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_option("--seed", options->seed, "of the random delays")->capture_default_str();
  add_guest_options(*command, options->guest);
  command->add_flag("--probe", options->probe, "only say whether this machine gives userfaultfds");
  command->add_flag("--json", options->json, "one JSON document instead of text");
  command->callback([&chosen, options] {
    chosen = [options](const Terminal& terminal) { return run_on_kernel(*options, terminal); };
  });
}

}  // namespace cli
