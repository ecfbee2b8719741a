// SPDX-License-Identifier: Apache-2.0
// Where litmus files are run for real: the kernel of this machine, or another one in a QEMU guest.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/cli/files.hpp"
#include "scenarios/cli/interruption.hpp"
#include "traces/kernel/job.hpp"

namespace cli {

class KernelHost {
 public:
  using Progress = std::function<void(std::size_t done)>;
  virtual ~KernelHost() = default;

  // The modelled kernel it is compared with, as far as that is known before it has run: "6.18", or empty.
  virtual std::string model() const = 0;
  // Why the file is not for this host, which could run it otherwise; empty if it is.
  virtual std::string why_not(const LitmusFile& file) const = 0;
  // Runs the files. Those that were not run because somebody stopped it are missing at the end.
  struct Result {
    std::string kernel;  // release
    std::vector<traces::FileReport> reports;
    std::string failure;  // why not all files were run; empty if they were
  };
  virtual Result run(const std::vector<const LitmusFile*>& files, const traces::FreeOptions& options,
                     const Interruption& interruption, const Progress& progress) = 0;
};

// An Error with one sentence if there is no userfaultfd here.
std::unique_ptr<KernelHost> this_machine();
// A guest with this image; `model` may be empty.
std::unique_ptr<KernelHost> guest(const std::filesystem::path& image, const std::string& model);

}  // namespace cli
