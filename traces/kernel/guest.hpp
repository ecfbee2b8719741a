// SPDX-License-Identifier: Apache-2.0
// A guest: another kernel, booted by QEMU for one job and gone afterwards. Its first process is the static
// `kernel_runner`; see guest_init.hpp.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "traces/kernel/job.hpp"

namespace traces {

struct GuestOptions {
  std::filesystem::path image;              // vmlinuz
  std::filesystem::path runner;             // kernel_runner, static
  std::chrono::seconds boot_patience{120};  // until the first sign of the runner
  std::chrono::seconds stall_patience{60};  // between signs; it gives one every two seconds
};

struct GuestReport {
  std::string kernel;             // release; empty if it never said so
  std::vector<FileReport> files;  // those that came back, in the job's order
  std::string failure;            // why not all of them did; empty if all did
};

// Why no guest can run on this machine, for a person: there is no QEMU on the PATH.
std::optional<std::string> why_no_guest();

// Never waits longer than the patience allows. `progress`, if any, is called as reports arrive.
GuestReport run_in_guest(const GuestOptions& options, const Job& job,
                         const std::function<void(const FileReport&)>& progress = {});

}  // namespace traces
