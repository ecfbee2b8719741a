// SPDX-License-Identifier: Apache-2.0
// What a recording is about, and whether it can be replayed.
#include <fmt/format.h>

#include <algorithm>

#include "model/uffd/abi.hpp"
#include "traces/format/check.hpp"
#include "traces/format/names.hpp"
#include "traces/replay/planner.hpp"

namespace traces {

tl::unexpected<Error> Planner::fail(const Observation& o, std::string what, std::string why,
                                    std::string remedy) const {
  return tl::unexpected(Error{o.origin.empty() ? recording_.file : o.origin, 0, std::move(what),
                              std::move(why), std::move(remedy)});
}

bool Planner::foreign(const Observation& o) const {
  return (changes_mappings(o.kind) || o.kind == OperationKind::exit) && process_ && o.process != *process_;
}

Expected<void> Planner::survey() {
  for (const Observation& o : recording_.observations) {
    if (!replayable(o.kind) || foreign(o)) continue;
    auto done = survey_one(o);
    if (!done) return done;
  }
  const std::size_t room = unknown_faulters_ ? kMostThreads - 1 : kMostThreads;
  if (threads_.size() > room) {
    return tl::unexpected(Error{recording_.file, 0, "the trace has too many threads to replay",
                                fmt::format("{} of them; at most {} fit", threads_.size(), room),
                                "record fewer threads"});
  }
  if (regions_.regions().size() + outside_.size() > kMaxIndex || uffds_.size() > kMaxIndex) {
    return tl::unexpected(Error{recording_.file, 0,
                                "the trace has too many regions or userfaultfds to replay",
                                fmt::format("at most {} of each fit", kMaxIndex), "record a shorter run"});
  }
  return {};
}

Expected<void> Planner::survey_one(const Observation& o) {
  threads_.emplace(o.thread, 0);
  if (o.ptid != 0) threads_.emplace(o.ptid, 0);
  const bool fault = o.value.kind == ValueKind::message && o.value.event == UFFD_EVENT_PAGEFAULT;
  unknown_faulters_ = unknown_faulters_ || (fault && o.ptid == 0);
  if (o.kind == OperationKind::userfaultfd) {
    if (!process_) process_ = o.process;
    const auto variable = static_cast<std::uint8_t>(std::min(uffds_.size(), kMaxIndex));
    uffds_.emplace(succeeded(o) ? o.uffd : kNoDescriptor, variable);
    return {};
  }
  if (o.kind == OperationKind::api) features_ |= o.mode;
  const bool uses_uffd = o.kind != OperationKind::exit && !changes_mappings(o.kind) && !touches(o.kind);
  if (uses_uffd && !uffds_.contains(o.uffd)) {
    return fail(
        o, fmt::format("userfaultfd {} is used, but the trace does not show where it was opened", o.uffd), "",
        "record from before userfaultfd(2), in the process that calls it");
  }
  return survey_range(o);
}

Expected<void> Planner::survey_range(const Observation& o) {
  const bool fault = o.value.kind == ValueKind::message && o.value.event == UFFD_EVENT_PAGEFAULT;
  if (fault && !regions_.find(o.value.start)) {
    return fail(
        o, fmt::format("the message's address {:#x} lies outside every region", o.value.start),
        "nothing in the trace registers it, unless mremap moved it there, which a replay cannot follow yet",
        "record from before UFFDIO_REGISTER");
  }
  const bool fill = o.kind == OperationKind::copy || o.kind == OperationKind::zeropage;
  if (fill && succeeded(o) && o.length > kMaxFill) {
    return fail(o, fmt::format("{} bytes in one {} are too many to replay", o.length, kind_name(o.kind)),
                fmt::format("at most {} fit", kMaxFill), "is the length right?");
  }
  const bool below_the_kernel = o.address + o.length <= Layout::kTaskSize.value;
  if (o.kind == OperationKind::register_ && succeeded(o) && !below_the_kernel) {
    return fail(
        o, fmt::format("the region {:#x}..{:#x} lies outside every process", o.address, o.address + o.length),
        "and yet it was registered", "is the length right?");
  }
  if (!has_range(o.kind) || !pieces(o).empty()) return {};
  const bool may_lie_anywhere = !succeeded(o) || o.kind == OperationKind::wake || touches(o.kind);
  if (!may_lie_anywhere) {
    return fail(
        o, fmt::format("the address {:#x} lies outside every region", o.address),
        fmt::format("nothing in the trace registers it, and yet {} succeeded there", kind_name(o.kind)),
        "record from before UFFDIO_REGISTER");
  }
  const std::uint64_t start = o.address & model::kPageMask;
  const std::uint64_t length = std::clamp(o.length, model::kPageSize, kMaxOutside) & model::kPageMask;
  if (start + length > start) outside_.add(start, length);
  return {};
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> Planner::pieces(const Observation& o) const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
  if (!changes_mappings(o.kind)) {
    if (regions_.find(o.address)) found.emplace_back(o.address, o.length);
    return found;
  }
  const std::uint64_t end = o.address + o.length < o.address ? ~std::uint64_t{0} : o.address + o.length;
  for (const auto& region : regions_.regions()) {
    const std::uint64_t from = std::max(region.start, o.address);
    const std::uint64_t to = std::min(region.end, end);
    if (from < to) found.emplace_back(from, to - from);
  }
  return found;
}

}  // namespace traces
