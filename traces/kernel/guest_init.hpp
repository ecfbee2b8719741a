// SPDX-License-Identifier: Apache-2.0
// The guest's side of a boot: this process is the first one, the job lies in the initial file system, and
// the reports leave as frames over the second serial line. See guest.hpp for the host's side.
#pragma once
#include <functional>
#include <string>

namespace traces {

inline constexpr const char* kGuestJob = "/job";

// Does the job, and sends what is to be told of it; throws if it cannot.
using Send = std::function<void(const std::string& report)>;
using Work = std::function<void(const std::string& job, const Send& report)>;

// What a frame says, by its first word: "kernel RELEASE" once booted, "alive" every other second, "report
// TEXT", "end" last; "failed WHY" instead of it.
bool is_init();  // process number 1
[[noreturn]] void be_init(const Work& work);

}  // namespace traces
