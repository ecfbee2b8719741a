// SPDX-License-Identifier: Apache-2.0
#include "traces/replay/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "model/uffd/abi.hpp"
#include "traces/format/check.hpp"
#include "traces/format/names.hpp"
#include "traces/ranges.hpp"
#include "traces/replay/order.hpp"

namespace traces {
namespace {

using Steps = std::vector<ReplayStep>;

constexpr std::size_t kMaxThreads = 127;  // Value::thread
constexpr std::size_t kMaxIndex = 255;    // RangeExpression::index, Operation::uffd
constexpr std::size_t kStrangers = 16;    // threads for faults whose thread nobody recorded
constexpr std::uint64_t kMaxOutside = std::uint64_t{1} << 30;
constexpr std::uint64_t kMaxFill = std::uint64_t{1} << 34;  // bytes of one copy that succeeded
constexpr std::uint32_t kNoDescriptor = ~std::uint32_t{0};

bool succeeded(const Observation& o) {
  return o.value.kind == ValueKind::errnum && o.value.error == model::Errno::none;
}
bool changes_mappings(OperationKind kind) {
  return kind == OperationKind::mmap || kind == OperationKind::munmap || kind == OperationKind::mprotect ||
         kind == OperationKind::dontneed;
}
bool touches(OperationKind kind) {
  return kind == OperationKind::load || kind == OperationKind::store ||
         kind == OperationKind::copy_from_user || kind == OperationKind::copy_to_user;
}
bool replayable(OperationKind kind) {
  switch (kind) {
    case OperationKind::poll:
    case OperationKind::lock:
    case OperationKind::unlock:
    case OperationKind::get:
    case OperationKind::set:
    case OperationKind::pagemap:
    case OperationKind::fdinfo:
    case OperationKind::vma:
      return false;
    default:
      return true;
  }
}

class Planner {
 public:
  explicit Planner(const Recording& recording) : recording_(recording), regions_(recording) {}
  Expected<ReplayPlan> plan();

 private:
  Expected<void> survey();
  Expected<void> survey_one(const Observation& o);
  Expected<void> survey_range(const Observation& o);
  void build_regions();
  void build_threads();
  Expected<void> build_steps();
  Expected<void> add_steps(std::size_t index, std::uint64_t begin, std::uint64_t end);
  void push(ReplayStep step);

  RangeExpression range_of(std::uint64_t start, std::uint64_t length) const;
  model::VirtAddr program_address(std::uint64_t address) const;
  Operation operation_of(const Observation& o, std::uint64_t start, std::uint64_t length) const;
  std::string letters(const RangeExpression& range) const;
  Value expectation(const Observation& o);
  void store_fault(const Observation& o, ReplayStep& step);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pieces(const Observation& o) const;
  std::size_t thread_index(std::uint32_t thread);
  bool foreign(const Observation& o) const;
  tl::unexpected<Error> fail(const Observation& o, std::string what, std::string why,
                             std::string remedy) const;

  const Recording& recording_;
  RecordedRegions regions_;
  Ranges outside_;  // addresses outside every region that failed operations name
  std::map<std::uint32_t, std::size_t> threads_;  // recorded thread -> index
  std::map<std::uint32_t, std::uint8_t> uffds_;   // recorded number -> variable
  std::optional<std::uint32_t> process_;          // the one whose memory it is
  std::uint64_t features_ = 0;                    // whatever any handshake asked for
  std::optional<Layout> layout_;
  ReplayPlan plan_;
};

tl::unexpected<Error> Planner::fail(const Observation& o, std::string what, std::string why,
                                    std::string remedy) const {
  return tl::unexpected(Error{o.origin.empty() ? recording_.file : o.origin, 0, std::move(what),
                              std::move(why), std::move(remedy)});
}

bool Planner::foreign(const Observation& o) const {
  return (changes_mappings(o.kind) || o.kind == OperationKind::exit) && process_ && o.process != *process_;
}

// What the recording is about, and whether it holds together.
Expected<void> Planner::survey() {
  for (const Observation& o : recording_.observations) {
    if (!replayable(o.kind) || foreign(o)) continue;
    auto done = survey_one(o);
    if (!done) return done;
  }
  if (threads_.size() + kStrangers > kMaxThreads) {
    return tl::unexpected(
        Error{recording_.file, 0, "the trace has too many threads to replay",
              fmt::format("{} of them; at most {} fit", threads_.size(), kMaxThreads - kStrangers),
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
        "nothing in the trace registers it, unless mremap moved it there, which a trace cannot tell yet",
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

// The parts of the observation's range that lie in regions, for operations that may reach over their ends.
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
  for (std::size_t i = 0; i < kStrangers; ++i) {
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

}  // namespace

char page_letter(model::VirtAddr address) {
  constexpr std::uint64_t kLetters = 26;
  return static_cast<char>('A' + address.page_number() % kLetters);
}

Expected<ReplayPlan> plan_replay(const Recording& recording) { return Planner(recording).plan(); }

}  // namespace traces
