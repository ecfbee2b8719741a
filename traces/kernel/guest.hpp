// SPDX-License-Identifier: Apache-2.0
// A guest: another kernel, booted by QEMU for one job and gone afterwards. Its first process is a static
// program that knows what to make of the job; see guest_init.hpp.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace traces {

struct GuestOptions {
  std::filesystem::path image;              // vmlinuz
  std::filesystem::path runner;             // static; kernel_runner, fuzz_runner
  std::chrono::seconds boot_patience{120};  // until the first sign of the runner
  std::chrono::seconds stall_patience{60};  // between signs; it gives one every two seconds
};

// How it ended.
struct GuestEnd {
  std::string kernel;   // release; empty if it never said so
  std::string failure;  // why the job was not done; empty if it was
};

// Why no guest can run on this machine, for a person: there is no QEMU on the PATH.
std::optional<std::string> why_no_guest();

// Neither the job nor a report has a newline. `report` is called as they arrive; false from it ends the
// guest. Never waits longer than the patience allows.
using OnReport = std::function<bool(const std::string& report)>;
GuestEnd run_in_guest(const GuestOptions& options, const std::string& job, const OnReport& report);

}  // namespace traces
