// SPDX-License-Identifier: Apache-2.0
// A recording to a program and its steps.
#include "traces/replay/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/uffd/abi.hpp"
#include "traces/format/check.hpp"
#include "traces/format/names.hpp"
#include "traces/replay/order.hpp"
#include "traces/replay/planner.hpp"

namespace traces {

void Planner::build_regions() {
  for (const auto& region : regions_.regions()) {
    plan_.program.regions.push_back(
        {.name = region.name, .pages = {(region.end - region.start) >> model::kPageShift}});
  }
  for (const auto& [start, end] : outside_.ranges()) {
    plan_.program.regions.push_back({.name = fmt::format("outside{}", plan_.program.regions.size()),
                                     .pages = {(end - start) >> model::kPageShift},
                                     .mapped = false});
  }
  plan_.program.uffds.resize(uffds_.size());
  for (const auto& [number, variable] : uffds_) {
    plan_.program.uffds[variable] = {.name = number == kNoDescriptor ? "u" : fmt::format("u{}", number),
                                     .prepared = UffdSetup::Prepared::nothing};
  }
  layout_.emplace(plan_.program);
}

void Planner::build_threads() {
  for (auto& [thread, index] : threads_) {
    index = plan_.program.threads.size();
    plan_.program.threads.push_back({.name = fmt::format("t{}", thread)});
  }
  for (std::size_t i = 0, count = strangers(); i < count; ++i) {
    plan_.strangers.push_back(plan_.program.threads.size());
    plan_.program.threads.push_back({.name = fmt::format("someone{}", i)});
  }
}

RangeExpression Planner::range_of(std::uint64_t start, std::uint64_t length) const {
  if (const auto region = regions_.find(start)) {
    return {.index = static_cast<std::uint8_t>(*region),
            .offset = start - regions_.regions()[*region].start,
            .length = length};
  }
  std::size_t index = regions_.regions().size();
  for (const auto& [from, to] : outside_.ranges()) {
    if (from <= start && start < to) {
      return {.index = static_cast<std::uint8_t>(index), .offset = start - from, .length = length};
    }
    ++index;
  }
  return {.base = RangeExpression::Base::absolute, .offset = start, .length = length};
}

model::VirtAddr Planner::program_address(std::uint64_t address) const {
  return layout_->resolve(range_of(address, 0), {}).start;
}

std::string Planner::letters(const RangeExpression& range) const {
  const Layout::Resolved bytes = layout_->resolve(range, {});
  std::string letters;
  const std::uint64_t pages = std::max<std::uint64_t>(bytes.length >> model::kPageShift, 1);
  for (std::uint64_t i = 0; i < std::min(pages, kMaxFill >> model::kPageShift); ++i) {
    if (bytes.start + model::PageCount{i} >= layout_->end()) break;
    letters += page_letter(bytes.start + model::PageCount{i});
  }
  return letters;
}

Operation Planner::operation_of(const Observation& o, std::uint64_t start, std::uint64_t length) const {
  Operation operation{.kind = o.kind};
  if (has_range(o.kind)) operation.range = range_of(start, length);
  const auto uffd =
      uffds_.find(o.kind == OperationKind::userfaultfd && !succeeded(o) ? kNoDescriptor : o.uffd);
  if (uffd != uffds_.end()) operation.uffd = uffd->second;
  if (o.kind == OperationKind::copy || touches(o.kind)) operation.contents = letters(operation.range);
  switch (o.kind) {
    case OperationKind::userfaultfd:
      operation.flags = o.mode;
      break;
    case OperationKind::api:
      operation.api = o.address;
      operation.features = o.mode;
      break;
    case OperationKind::set_mode:
      operation.features = o.mode;
      operation.disabled = o.source;
      break;
    case OperationKind::mmap:
    case OperationKind::mprotect:
      operation.protection = static_cast<std::uint8_t>(o.mode & (kProtRead | kProtWrite));
      break;
    default:
      operation.mode = o.mode;
      break;
  }
  return operation;
}

Value Planner::expectation(const Observation& o) {
  Value value = o.value;
  if (value.kind != ValueKind::message) return value;
  value.thread = -1;
  if (o.ptid != 0) value.thread = static_cast<std::int8_t>(threads_.at(o.ptid));
  if (value.event == UFFD_EVENT_PAGEFAULT) {
    value.start = program_address(value.start).value;
  } else if (value.event == UFFD_EVENT_REMOVE || value.event == UFFD_EVENT_UNMAP) {
    Observation range{
        .kind = OperationKind::munmap, .address = value.start, .length = value.end - value.start};
    const auto inside = pieces(range);
    if (inside.empty()) return value;
    value.start = program_address(inside.front().first).value;
    value.end = value.start + inside.front().second;
  }
  return value;
}

void Planner::store_fault(const Observation& o, ReplayStep& step) {
  if (o.value.kind != ValueKind::message || o.value.event != UFFD_EVENT_PAGEFAULT) return;
  ReplayStep::Fault fault;
  if (o.ptid != 0) fault.thread = threads_.at(o.ptid);
  const bool write = (o.value.flags & UFFD_PAGEFAULT_FLAG_WRITE) != 0;
  fault.access.kind = write ? OperationKind::store : OperationKind::load;
  fault.access.range = range_of(o.value.start, 1);
  fault.access.contents = letters(fault.access.range);
  step.fault = fault;
}

void Planner::push(ReplayStep step) {
  const OperationKind kind = step.operation.kind;
  const bool has_events = (features_ & (UFFD_FEATURE_EVENT_REMOVE | UFFD_FEATURE_EVENT_UNMAP)) != 0;
  const bool may_sleep = (changes_mappings(kind) && has_events) || touches(kind);
  if (!may_sleep || step.begin == step.end) {
    plan_.steps.push_back(std::move(step));
    return;
  }
  ReplayStep end = step;
  step.phase = ReplayStep::Phase::begin;
  step.end = step.begin;
  end.phase = ReplayStep::Phase::end;
  end.begin = end.end;
  plan_.steps.push_back(std::move(step));
  plan_.steps.push_back(std::move(end));
}

Expected<void> Planner::add_steps(std::size_t index, std::uint64_t begin, std::uint64_t end) {
  const Observation& o = recording_.observations[index];
  ReplayStep step{.observation = index, .thread = threads_.at(o.thread), .begin = begin, .end = end};
  step.expected = expectation(o);
  store_fault(o, step);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> parts{{o.address, o.length}};
  if (changes_mappings(o.kind) && !pieces(o).empty()) parts = pieces(o);
  for (const auto& [start, length] : parts) {
    step.operation = operation_of(o, start, length);
    push(step);
  }
  return {};
}

Expected<void> Planner::build_steps() {
  std::map<std::uint32_t, std::pair<std::size_t, std::uint64_t>> begun;  // by thread: enter, and its time
  const bool timed = recording_.header.clock != Clock::none;
  for (std::size_t i = 0; i < recording_.observations.size(); ++i) {
    const Observation& o = recording_.observations[i];
    if (!replayable(o.kind) || foreign(o)) {
      ++plan_.not_replayed[foreign(o) ? "of another process" : std::string(kind_name(o.kind))];
      continue;
    }
    std::uint64_t begin = timed ? o.clock : i;
    const std::uint64_t end = timed ? o.clock + o.duration : i;
    if (o.moment == Moment::enter && o.kind != OperationKind::exit) {
      begun[o.thread] = {i, begin};
      continue;
    }
    const auto enter = begun.find(o.thread);
    if (o.moment == Moment::exit && enter != begun.end()) begin = enter->second.second;
    if (enter != begun.end()) begun.erase(enter);
    auto done = add_steps(i, begin, end);
    if (!done) return done;
  }
  if (!begun.empty()) plan_.not_replayed["never returned"] += begun.size();
  return {};
}

Expected<ReplayPlan> Planner::plan() {
  plan_.program.name = recording_.file;
  auto done = survey();
  if (!done) return tl::unexpected(done.error());
  build_threads();
  build_regions();
  done = build_steps();
  if (!done) return tl::unexpected(done.error());
  order_steps(plan_);
  return std::move(plan_);
}

char page_letter(model::VirtAddr address) {
  constexpr std::uint64_t kLetters = 26;
  return static_cast<char>('A' + address.page_number() % kLetters);
}

Expected<ReplayPlan> plan_replay(const Recording& recording) { return Planner(recording).plan(); }

}  // namespace traces
