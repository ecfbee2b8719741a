// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/kernel_host.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "scenarios/cli/guest_image.hpp"
#include "scenarios/cli/status.hpp"
#include "traces/kernel/availability.hpp"
#include "traces/kernel/guest.hpp"
#include "traces/kernel/huge_pool.hpp"
#include "traces/kernel/version.hpp"

namespace cli {
namespace {

class ThisMachine : public KernelHost {
 public:
  std::string model() const override { return traces::modelled_kernel(traces::running_kernel()); }
  std::string why_not(const LitmusFile& file) const override {
    if (file.litmus.machines == language::Litmus::Machines::guests)
      return "guests-only: it would leave this machine's kernel damaged; give a guest's with --kernel";
    return traces::why_other_setting(file.litmus.program);
  }

  Result run(const std::vector<const LitmusFile*>& files, const traces::FreeOptions& options,
             const Interruption& interruption, const Progress& progress) override {
    Result result{.kernel = traces::running_kernel()};
    for (const LitmusFile* file : files) {
      if (interruption.struck()) {
        result.failure = "interrupted";
        break;
      }
      traces::FileReport& report = result.reports.emplace_back();
      report.name = file->shown;
      try {
        report.histogram = traces::run_free(file->litmus.program, options);
      } catch (const traces::Unavailable& reason) {
        report.unavailable = reason.what();
      } catch (const std::exception& error) {
        report.error = error.what();
      }
      progress(result.reports.size());
    }
    return result;
  }
};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Guest : public KernelHost {
 public:
  Guest(std::filesystem::path image, std::string model)
      : image_(std::move(image)), model_(std::move(model)) {}

  std::string model() const override { return model_; }
  std::string why_not(const LitmusFile&) const override { return {}; }

  Result run(const std::vector<const LitmusFile*>& files, const traces::FreeOptions& options,
             const Interruption& interruption, const Progress& progress) override {
    traces::Job job{.options = options};
    for (const LitmusFile* file : files) job.files.push_back({file->shown, text_of(file->path)});
    Result result;
    const auto take = [&](const std::string& report) {
      result.reports.push_back(traces::file_report_from_json(report));
      progress(result.reports.size());
      return !interruption.struck();
    };
    traces::GuestEnd end =
        traces::run_in_guest({.image = image_, .runner = beside("kernel_runner")}, to_json_text(job), take);
    result.kernel = std::move(end.kernel);
    result.failure = std::move(end.failure);
    return result;
  }

 private:
  std::filesystem::path image_;
  std::string model_;
};

}  // namespace

std::unique_ptr<KernelHost> this_machine() {
  if (const auto why = traces::why_no_userfaultfd()) throw Error(*why);
  auto host = std::make_unique<ThisMachine>();
  if (host->model().empty()) {
    throw Error(fmt::format("no modelled kernel is as old as this one, {}", traces::running_kernel()));
  }
  return host;
}

std::unique_ptr<KernelHost> guest(const std::filesystem::path& image, const std::string& model) {
  return std::make_unique<Guest>(image, model);
}

}  // namespace cli
