// SPDX-License-Identifier: Apache-2.0
// Stamps: the first word of a schedule that is to be kept, from which is seen whether it still means what it
// meant:
//
//   v1/6.18+refile-unseen/4f2a9c01/98fe76dc reader:7 monitor:4
//
// the format of schedules; the kernel and the defect; a fingerprint of the program; a fingerprint of the run:
// of the scheduling points that it passes and of all that can be seen at its end. The last is how a change of
// the model shows that leaves the schedule possible and makes it another run.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "scenarios/running/litmus_subject.hpp"
#include "sim/schedule.hpp"

namespace running {

inline constexpr int kScheduleFormat = 1;

struct Stamp {
  std::string kernel;
  std::string defect;  // empty: the healthy kernel
  std::uint32_t program = 0;
  std::uint32_t run = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

// The schedule must fit the subject, which is the file's on this kernel.
Stamp stamp_of(const language::Litmus& litmus, const LitmusSubject& subject, const sim::Schedule& schedule);

std::string to_text(const Stamp& stamp);
std::string to_text(const Stamp& stamp, const sim::Schedule& schedule);

struct StampedSchedule {
  std::optional<Stamp> stamp;  // none: written by hand
  sim::Schedule schedule;
};
// The inverse; the error says what cannot be read.
tl::expected<StampedSchedule, std::string> parse_stamped(std::string_view text);

// Empty if the schedule is what it was when it was stamped; else why not. `stamp.kernel` and `stamp.defect`
// must be the subject's.
std::string why_refused(const Stamp& stamp, const language::Litmus& litmus, const LitmusSubject& subject,
                        const sim::Schedule& schedule);

}  // namespace running
