// SPDX-License-Identifier: Apache-2.0
// The planner at work: surveys a recording (what it is about, whether it holds together), then builds the
// program and the steps. plan_replay() is its only user.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/arena.hpp"
#include "traces/ranges.hpp"
#include "traces/replay/plan.hpp"

namespace traces {

inline constexpr std::size_t kMostThreads = sim::kMaxThreads;  // so that every machine can replay a plan
inline constexpr std::size_t kMaxIndex = 255;                  // RangeExpression::index, Operation::uffd
inline constexpr std::uint64_t kMaxOutside = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kMaxFill = std::uint64_t{1} << 34;  // bytes of one copy that succeeded
inline constexpr std::uint32_t kNoDescriptor = ~std::uint32_t{0};

inline bool succeeded(const Observation& o) {
  return o.value.kind == ValueKind::errnum && o.value.error == model::Errno::none;
}
inline bool changes_mappings(OperationKind kind) {
  return kind == OperationKind::mmap || kind == OperationKind::munmap || kind == OperationKind::mprotect ||
         kind == OperationKind::dontneed || kind == OperationKind::remove;
}
inline bool touches(OperationKind kind) {
  return kind == OperationKind::load || kind == OperationKind::store ||
         kind == OperationKind::copy_from_user || kind == OperationKind::copy_to_user;
}
inline bool replayable(OperationKind kind) {
  switch (kind) {
    case OperationKind::madvise:
    case OperationKind::mremap:
    case OperationKind::poll:
    case OperationKind::next:
    case OperationKind::dup:
    case OperationKind::setfl:
    case OperationKind::epoll_add:
    case OperationKind::epoll_del:
    case OperationKind::epoll_wait:
    case OperationKind::send:
    case OperationKind::receive:
    case OperationKind::lock:
    case OperationKind::unlock:
    case OperationKind::get:
    case OperationKind::set:
    case OperationKind::pagemap:
    case OperationKind::fdinfo:
    case OperationKind::vma:
    case OperationKind::scan:
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
  // Threads for faults whose thread nobody recorded: as many as there is room for, if there are such faults.
  std::size_t strangers() const { return unknown_faulters_ ? kMostThreads - threads_.size() : 0; }
  bool unknown_faulters_ = false;
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

}  // namespace traces
