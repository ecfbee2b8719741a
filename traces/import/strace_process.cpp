// SPDX-License-Identifier: Apache-2.0
// The calls that change what a process has: descriptors, mappings, threads, children.
#include <sys/mman.h>

#include <limits>

#include "traces/import/flags.hpp"
#include "traces/import/scan.hpp"
#include "traces/import/strace_importer.hpp"

namespace traces {
namespace {
constexpr std::string_view kUserfaultfd = "anon_inode:[userfaultfd]";
// An advice that says nothing of what is mapped.
constexpr std::uint64_t kSaysNothing = ~std::uint64_t{0};

OperationKind kind_of_advice(std::uint64_t advice) {
  if (advice == MADV_DONTNEED) return OperationKind::dontneed;
  return advice == MADV_REMOVE ? OperationKind::remove : OperationKind::madvise;
}

}  // namespace

std::uint32_t StraceImporter::process_of(std::uint32_t thread) {
  const auto found = processes_.find(thread);
  if (found != processes_.end()) return found->second;
  // A thread nobody was seen to make: the child of a fork in flight, else a thread of the first process.
  std::uint32_t process = thread;
  if (forking_) {
    descriptors_.inherit(*forking_, thread);
    registered_[thread] = registered_[*forking_];
    forking_.reset();
  } else {
    process = first_process_.value_or(thread);
  }
  if (!first_process_) first_process_ = process;
  if (processes_.size() < kMaxTracked) processes_[thread] = process;
  return process;
}

std::optional<std::uint32_t> StraceImporter::uffd_of(const Call& call, std::string_view argument) {
  const auto descriptor = parse_descriptor(argument);
  if (!descriptor) return std::nullopt;
  const auto known = descriptors_.find(call.process, descriptor->number);
  const bool told = !descriptor->what.empty();
  const bool named_by_command = call.name == "ioctl" && call.argument(1).starts_with("UFFDIO_");
  if (told ? descriptor->what == kUserfaultfd : known || named_by_command) {
    if (known) return known;
    if (descriptors_.size() >= kMaxTracked) return std::nullopt;
    return descriptors_.open(call.process, descriptor->number);  // opened, received or inherited out of sight
  }
  if (known) static_cast<void>(descriptors_.close(call.process, descriptor->number));  // closed out of sight
  return std::nullopt;
}

Expected<void> StraceImporter::on_close(const Call& call) {
  const auto uffd = uffd_of(call, call.argument(0));
  if (!uffd) {
    summary_.ignore("close");
    return {};
  }
  const auto descriptor = parse_descriptor(call.argument(0));
  if (call.succeeded() && !descriptors_.close(call.process, descriptor->number)) {
    summary_.ignore("close of a duplicate");
    return {};
  }
  Observation observation = observation_of(call, OperationKind::close);
  observation.uffd = *uffd;
  return emit(observation);
}

Expected<void> StraceImporter::on_dup(const Call& call) {
  const auto uffd = uffd_of(call, call.argument(0));
  const bool duplicates = call.name != "fcntl" || call.argument(1).starts_with("F_DUPFD");
  const bool made =
      duplicates && call.succeeded() && *call.call.result <= std::numeric_limits<std::int32_t>::max();
  if (!made) {
    summary_.ignore(call.name);
    return {};
  }
  const auto copy = static_cast<std::uint32_t>(*call.call.result);
  const auto descriptor = parse_descriptor(call.argument(0));
  if (!descriptor || descriptor->number == copy) return {};
  const auto gone = descriptors_.close(call.process, copy);  // dup2 closes what was there
  if (uffd) descriptors_.duplicate(call.process, descriptor->number, copy);
  summary_.ignore(call.name);
  if (!gone) return {};
  Observation observation = observation_of(call, OperationKind::close);
  observation.uffd = *gone;
  return emit(observation);
}

// Whether something was registered there.
bool StraceImporter::concerns(const Call& call, std::optional<std::uint64_t> start,
                              std::optional<std::uint64_t> length) const {
  const auto ranges = registered_.find(call.process);
  return start && length && ranges != registered_.end() && ranges->second.overlap(*start, *length);
}

// mremap(OLD, OLD LENGTH, NEW LENGTH, FLAGS[, NEW]) = WHERE IT IS
Expected<void> StraceImporter::on_mremap(const Call& call) {
  const auto start = whole_number(call.argument(0)), length = whole_number(call.argument(1));
  if (!concerns(call, start, length)) {
    summary_.ignore(call.name);
    return {};
  }
  const auto new_length = whole_number(call.argument(2));
  const auto flags = parse_mask(call.argument(3));
  const bool has_target = !call.argument(4).empty() && call.argument(4) != "NULL";
  const auto target = has_target ? whole_number(call.argument(4)) : std::uint64_t{0};
  if (!new_length || !flags || !target) return misread(call, "the argument");
  Observation observation = observation_of(call, OperationKind::mremap);
  observation.address = *start;
  observation.length = *length;
  observation.mode = *flags;
  observation.target = call.succeeded() ? static_cast<std::uint64_t>(*call.call.result) : *target;
  observation.target_length = *new_length;
  // What was registered may be so where it is now.
  if (call.succeeded()) registered_[call.process].add(observation.target, *new_length);
  return emit(observation);
}

Expected<void> StraceImporter::on_memory(const Call& call) {
  const bool is_mmap = call.name == "mmap";
  auto start = call.argument(0) == "NULL" ? std::optional<std::uint64_t>(0) : whole_number(call.argument(0));
  const auto length = whole_number(call.argument(1));
  if (is_mmap && call.succeeded()) start = static_cast<std::uint64_t>(*call.call.result);
  if (!concerns(call, start, length)) {
    summary_.ignore(call.name);
    return {};
  }
  OperationKind kind = OperationKind::mmap;
  if (call.name == "munmap") kind = OperationKind::munmap;
  if (call.name == "mprotect") kind = OperationKind::mprotect;
  const bool is_madvise = call.name == "madvise";
  const std::uint64_t advice =
      is_madvise ? parse_mask(call.argument(2)).value_or(kSaysNothing) : kSaysNothing;
  if (is_madvise && advice == kSaysNothing) {
    summary_.leave_untold(call.argument(2));
    return {};
  }
  if (is_madvise) kind = kind_of_advice(advice);
  Observation observation = observation_of(call, kind);
  observation.address = *start;
  observation.length = *length;
  if (is_mmap || kind == OperationKind::mprotect) {
    const auto protection = parse_mask(call.argument(2));
    if (!protection) return misread(call, "the protection");
    observation.mode = *protection;
  }
  if (kind == OperationKind::madvise) observation.mode = advice;
  const bool anonymous = !is_mmap || (call.argument(3).find("MAP_PRIVATE") != std::string_view::npos &&
                                      call.argument(3).find("MAP_ANONYMOUS") != std::string_view::npos);
  if (!anonymous) observation.note = "not private anonymous";
  return emit(observation);
}

Expected<void> StraceImporter::on_clone(const Call& call) {
  summary_.ignore(call.name);
  if (call.moment == Moment::enter || !call.succeeded() || *call.call.result == 0) return {};
  if (*call.call.result > std::numeric_limits<std::int32_t>::max()) return misread(call, "the child");
  const auto child = static_cast<std::uint32_t>(*call.call.result);
  bool shares = false;
  for (const std::string_view argument : call.call.arguments) {
    shares = shares || argument.find("CLONE_VM") != std::string_view::npos;
  }
  if (processes_.size() >= kMaxTracked) return {};
  if (shares) {
    processes_[child] = call.process;
    return {};
  }
  forking_.reset();
  if (processes_.emplace(child, child).second) {
    descriptors_.inherit(call.process, child);
    registered_[child] = registered_[call.process];
  }
  return {};
}

Expected<void> StraceImporter::on_exit(const Call& call) {
  if (!registered_.contains(call.process)) {
    summary_.ignore(call.name);
    return {};
  }
  Observation observation = observation_of(call, OperationKind::exit);
  observation.moment = Moment::enter;
  observation.value = Value{};
  return emit(observation);
}

}  // namespace traces
