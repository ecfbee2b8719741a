// SPDX-License-Identifier: Apache-2.0
#include "proptests/oracle.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <csignal>

#include "model/uffd/abi.hpp"

namespace proptests {
namespace {

using model::Errno;
using traces::Operation;
using traces::OperationKind;
using traces::Value;
using traces::ValueKind;

constexpr std::uint64_t kPage = model::kPageSize;
constexpr std::uint64_t kTask = traces::Layout::kTaskSize.value;

bool aligned(std::uint64_t number) { return number % kPage == 0; }
std::uint64_t rounded_up(std::uint64_t length) { return (length + kPage - 1) / kPage * kPage; }

}  // namespace

Oracle::Oracle(const traces::Program& program, const model::Kernel& kernel)
    : program_(program), layout_(program), kernel_(kernel) {
  descriptors_.fill(kNobody);
  for (const traces::MemoryFile& file : program.files) {
    File& made = files_.emplace_back();
    made.size = file.pages.value;
    for (std::size_t page = 0; page < file.initial.size(); ++page) {
      if (!file.initial[page].empty()) made.pages[page] = file.initial[page][0];
    }
  }
  for (std::size_t i = 0; i < program.regions.size(); ++i) {
    const model::AddrRange range = layout_.region(i);
    const traces::Region& region = program.regions[i];
    if (region.mapped) mmap(range.start.value, range.bytes(), region.protection, region.backing);
  }
  for (std::size_t i = 0; i < program.regions.size(); ++i) {
    const Page first = layout_.region(i).start.page_number();
    for (std::size_t page = 0; page < program.regions[i].initial.size(); ++page) {
      if (program.regions[i].initial[page].empty() || !program.regions[i].mapped) continue;
      const auto mapping = mapping_of(first + page);
      give_family(mapping);
      if (mapping->second.file == kNoFile) pages_[first + page] = {};
      if (mapping->second.file != kNoFile) file_fault(mapping, first + page, true, false);
      content(first + page) = program.regions[i].initial[page][0];
    }
  }
  for (std::size_t i = 0; i < program.uffds.size(); ++i) {
    const traces::UffdSetup& setup = program.uffds[i];
    if (setup.prepared == traces::UffdSetup::Prepared::nothing) continue;
    descriptors_[i] = static_cast<ContextId>(contexts_.size());
    const bool ready = setup.prepared == traces::UffdSetup::Prepared::handshake;
    contexts_.push_back({.flags = setup.flags, .ready = ready});
    contexts_.back().enable(setup.features);
    for (const traces::UffdSetup::Registration& registration : setup.registrations) {
      const traces::Layout::Resolved range = layout_.resolve(registration.range, {});
      const Page first = range.start.page_number();
      register_(descriptors_[i], {.mode = registration.mode}, {first, first + range.length / kPage});
    }
  }
}

void Oracle::perform(std::size_t, const Operation& operation, const Value& message) {
  if (exited_) return;
  result_ = answer(operation, layout_.resolve(operation.range, message));
  asleep_ = !result_ && !exited_;
}

Oracle::Answer Oracle::take_result(std::size_t) { return std::exchange(result_, std::nullopt); }

traces::FinalState Oracle::look() {
  traces::FinalState state;
  state.exited = exited_;
  state.threads.push_back({asleep_ ? traces::ThreadEnd::blocked : traces::ThreadEnd::done, {}});
  for (std::size_t i = 0; i < program_.regions.size(); ++i) {
    const model::AddrRange range = layout_.region(i);
    std::vector<traces::FinalState::Page>& pages = state.pages.emplace_back();
    for (Page page = range.start.page_number(); page < range.end.page_number(); ++page) {
      const traces::PageState is = state_of(page);
      const bool present = is == traces::PageState::present || is == traces::PageState::present_wp;
      pages.push_back({is, present ? content(page) : '\0'});
    }
  }
  look_at_files(state);
  for (std::size_t i = 0; i < program_.uffds.size(); ++i) {
    const ContextId id = descriptors_[i];
    if (id == kNobody) {
      state.uffds.push_back({});
    } else {
      const auto sleeping =
          static_cast<std::uint32_t>(contexts_[static_cast<std::size_t>(id)].sleeping_fault);
      state.uffds.push_back({true, sleeping, sleeping});
    }
  }
  return state;
}

// --- Mappings.

Oracle::Mappings::iterator Oracle::mapping_of(Page page) {
  auto at = mappings_.upper_bound(page);
  if (at == mappings_.begin()) return mappings_.end();
  --at;
  return page < at->second.end ? at : mappings_.end();
}

// The first mapping that has a page of the span; the end if none has.
Oracle::Mappings::iterator Oracle::next_in(Span span) {
  if (span.first >= span.end) return mappings_.end();
  if (const auto here = mapping_of(span.first); here != mappings_.end()) return here;
  const auto next = mappings_.lower_bound(span.first);
  return next != mappings_.end() && next->first < span.end ? next : mappings_.end();
}

void Oracle::split_at(Page page) {
  const auto at = mapping_of(page);
  if (at == mappings_.end() || at->first == page) return;
  mappings_.emplace(page, at->second);
  at->second.end = page;
}

// Joins what ends at the page and what begins there, if they are alike.
void Oracle::merge_at(Page page) {
  const auto upper = mappings_.find(page);
  if (upper == mappings_.end() || upper == mappings_.begin()) return;
  Mapping& lower = std::prev(upper)->second;
  if (lower.end != page) return;
  Mapping joined = upper->second;
  if (joined.family == 0) joined.family = lower.family;
  Mapping other = lower;
  if (other.family == 0) other.family = joined.family;
  other.end = joined.end;
  if (!(joined == other)) return;
  lower = joined;
  mappings_.erase(upper);
}

void Oracle::merge_around(Span span) {
  merge_at(span.first);
  merge_at(span.end);
}

// The first write gives a mapping a family; a neighbour's, if they differ in access rights at most.
void Oracle::give_family(Mappings::iterator mapping) {
  Mapping& mine = mapping->second;
  if (mine.family != 0 || mine.shared) return;
  const auto compatible = [&](const Mapping& other) {
    const bool same_memory =
        other.shared == mine.shared && other.file == mine.file && other.shift == mine.shift;
    return same_memory && other.accounted == mine.accounted && other.owner == mine.owner &&
           other.modes == mine.modes && other.family != 0;
  };
  const auto next = std::next(mapping);
  if (next != mappings_.end() && next->first == mine.end && compatible(next->second)) {
    mine.family = next->second.family;
  } else if (mapping != mappings_.begin() && std::prev(mapping)->second.end == mapping->first &&
             compatible(std::prev(mapping)->second)) {
    mine.family = std::prev(mapping)->second.family;
  } else {
    mine.family = ++families_;
  }
}

// True if some owner wants to hear of it.
bool Oracle::unmap(Span span) {
  split_at(span.first);
  split_at(span.end);
  bool heard = false;
  for (auto at = next_in(span); at != mappings_.end(); at = next_in(span)) {
    const ContextId owner = at->second.owner;
    if (owner != kNobody && contexts_[static_cast<std::size_t>(owner)].features & UFFD_FEATURE_EVENT_UNMAP)
      heard = true;
    mappings_.erase(at);
  }
  pages_.erase(pages_.lower_bound(span.first), pages_.lower_bound(span.end));
  return heard;
}

// --- Touches.

bool Oracle::refuses(ContextId id, bool kernel_mode) const {
  const Context& context = contexts_[static_cast<std::size_t>(id)];
  return context.features & UFFD_FEATURE_SIGBUS || (kernel_mode && context.flags & model::abi::kUserModeOnly);
}

Oracle::Fault Oracle::fault(Page page, bool write, bool kernel_mode) {
  const auto mapping = mapping_of(page);
  if (mapping == mappings_.end()) return Fault::refused_by_mapping;
  const std::uint8_t needed = write ? traces::kProtWrite : traces::kProtRead | traces::kProtWrite;
  if (!(mapping->second.protection & needed)) return Fault::refused_by_mapping;
  const auto known = pages_.find(page);
  const bool marked = known != pages_.end() && known->second.kind == PageInfo::Kind::marked;
  if (known != pages_.end() && known->second.kind == PageInfo::Kind::poisoned)
    return Fault::refused_by_context;
  if (known != pages_.end() && known->second.kind == PageInfo::Kind::guarded)
    return Fault::refused_by_mapping;
  if ((known == pages_.end() || marked) && mapping->second.file != kNoFile) {
    const Fault how = file_fault(mapping, page, write, kernel_mode);
    if (how != Fault::resolved) return how;
  } else if (known == pages_.end() || marked) {
    if (write) give_family(mapping);
    if (mapping->second.modes & UFFDIO_REGISTER_MODE_MISSING) {
      return becomes_userfault(mapping->second, kernel_mode);
    }
    const bool wp = marked && mapping->second.modes & UFFDIO_REGISTER_MODE_WP;
    pages_[page] = {.wp = wp, .zero_page = !write};
  }
  PageInfo& info = pages_[page];
  const bool closed = info.wp && mapping->second.modes & model::abi::kRegisterModeRwp;
  if (closed && !(owner_of(mapping->second).features & model::abi::kFeatureRwpAsync)) {
    return becomes_userfault(mapping->second, kernel_mode);
  }
  if (closed) info.wp = false;
  const bool protects = write && info.wp && mapping->second.modes & UFFDIO_REGISTER_MODE_WP;
  if (protects && !(owner_of(mapping->second).features & model::abi::kFeatureWpAsync)) {
    return becomes_userfault(mapping->second, kernel_mode);
  }
  if (protects) info.wp = false;
  if (write) give_family(mapping);
  if (write && info.zero_page) info = {};  // a copy, with none of its bits
  if (write && info.of_file && !mapping->second.shared) info = {.content = content(page)};
  return Fault::resolved;
}

Oracle::Fault Oracle::becomes_userfault(const Mapping& mapping, bool kernel_mode) {
  if (refuses(mapping.owner, kernel_mode)) return Fault::refused_by_context;
  contexts_[static_cast<std::size_t>(mapping.owner)].sleeping_fault = 1;
  return Fault::sleeps;
}

traces::PageState Oracle::state_of(Page page) {
  const auto mapping = mapping_of(page);
  if (mapping == mappings_.end()) return traces::PageState::unmapped;
  const auto known = pages_.find(page);
  if (known == pages_.end()) return traces::PageState::missing;
  switch (known->second.kind) {
    case PageInfo::Kind::marked:
      return traces::PageState::missing_wp;
    case PageInfo::Kind::poisoned:
      return known->second.wp ? traces::PageState::missing_wp : traces::PageState::poisoned;
    case PageInfo::Kind::guarded:
      return known->second.wp ? traces::PageState::missing_wp : traces::PageState::guarded;
    case PageInfo::Kind::present:
      break;
  }
  if (!known->second.wp) return traces::PageState::present;
  const bool rwp = mapping->second.modes & model::abi::kRegisterModeRwp;
  return rwp ? traces::PageState::present_rwp : traces::PageState::present_wp;
}

Oracle::Answer Oracle::touch(const Operation& operation, std::uint64_t address) {
  const OperationKind kind = operation.kind;
  const bool write = kind == OperationKind::store || kind == OperationKind::copy_to_user;
  const bool kernel_mode = kind == OperationKind::copy_from_user || kind == OperationKind::copy_to_user;
  const Fault how = fault(address / kPage, write, kernel_mode);
  if (how == Fault::sleeps) return std::nullopt;
  if (how != Fault::resolved) {
    if (kernel_mode) return Value::of(Errno::fault);
    return Value::signal(how == Fault::refused_by_context ? SIGBUS : SIGSEGV);
  }
  if (!write) return Value::letter(content(address / kPage));
  content(address / kPage) = operation.contents[0];
  return Value::ok();
}

// --- Memory system calls.

Oracle::Answer Oracle::mmap(std::uint64_t start, std::uint64_t length, std::uint8_t protection,
                            const traces::Backing& backing) {
  if (length == 0) return Value::of(Errno::inval);
  length = rounded_up(length);
  if (length == 0 || length > kTask || start > kTask - length) return Value::of(Errno::nomem);
  if (!aligned(start)) return Value::of(Errno::inval);
  const Span span{start / kPage, (start + length) / kPage};
  const bool heard = unmap(span);
  const bool writable = protection & traces::kProtWrite;
  Mapping made{.end = span.end, .protection = protection, .accounted = writable && !backing.shared()};
  made.shared = backing.shared();
  if (backing.has_file) {
    made.file = backing.file;
    made.shift = backing.page - span.first;
  } else if (backing.shared()) {
    made.file = static_cast<int>(files_.size());
    made.shift = 0 - span.first;
    files_.push_back({.size = span.end - span.first});
  }
  mappings_[span.first] = made;
  merge_around(span);
  if (heard) return std::nullopt;
  return Value::ok();
}

Oracle::Answer Oracle::munmap(std::uint64_t start, std::uint64_t length) {
  if (!aligned(start) || start > kTask || length > kTask - start || length == 0)
    return Value::of(Errno::inval);
  if (unmap({start / kPage, (start + rounded_up(length)) / kPage})) return std::nullopt;
  return Value::ok();
}

Oracle::Answer Oracle::mprotect(std::uint64_t start, std::uint64_t length, std::uint8_t protection) {
  if (!aligned(start)) return Value::of(Errno::inval);
  if (length == 0) return Value::ok();
  const std::uint64_t last = start + rounded_up(length);
  if (last <= start) return Value::of(Errno::nomem);
  for (Page page = start / kPage; page < last / kPage;) {
    auto at = mapping_of(page);
    if (at == mappings_.end()) return Value::of(Errno::nomem);
    const Span part{page, std::min(at->second.end, last / kPage)};
    page = part.end;
    if (at->second.protection == protection) continue;
    split_at(part.first);
    split_at(part.end);
    Mapping& changed = mapping_of(part.first)->second;
    changed.protection = protection;
    if (protection & traces::kProtWrite && !changed.shared) changed.accounted = true;
    const bool untouched = changed.family == 0 && changed.file == kNoFile;
    if (!(protection & traces::kProtWrite) && untouched) changed.accounted = false;
    merge_around(part);
  }
  return Value::ok();
}

Oracle::Answer Oracle::answer(const Operation& operation, const traces::Layout::Resolved& range) {
  const std::uint64_t start = range.start.value;
  switch (operation.kind) {
    case OperationKind::load:
    case OperationKind::store:
    case OperationKind::copy_from_user:
    case OperationKind::copy_to_user:
      return touch(operation, start);
    case OperationKind::mmap:
      return mmap(start, range.length, operation.protection, operation.backing);
    case OperationKind::munmap:
      return munmap(start, range.length);
    case OperationKind::mprotect:
      return mprotect(start, range.length, operation.protection);
    case OperationKind::dontneed:
      return madvise(start, range.length, MADV_DONTNEED);
    case OperationKind::remove:
      return madvise(start, range.length, MADV_REMOVE);
    case OperationKind::truncate:
    case OperationKind::punch:
    case OperationKind::pwrite:
      return change_file(operation, range);
    case OperationKind::madvise:
      return madvise(start, range.length, operation.mode);
    case OperationKind::mremap:
      return mremap(operation, start, range.length);
    case OperationKind::userfaultfd:
      return userfaultfd(operation);
    case OperationKind::exit: {
      mappings_.clear();
      descriptors_.fill(kNobody);
      exited_ = true;
      return std::nullopt;
    }
    case OperationKind::pagemap: {
      return Value{.kind = ValueKind::page, .small = static_cast<std::uint8_t>(state_of(start / kPage))};
    }
    case OperationKind::vma: {
      Value value{.kind = ValueKind::mapping};
      if (const auto at = mapping_of(start / kPage); at != mappings_.end()) {
        value.small = static_cast<std::uint8_t>(traces::vma_state::kMapped | at->second.protection << 1);
        if (at->second.modes & UFFDIO_REGISTER_MODE_MISSING) value.small |= traces::vma_state::kUffdMissing;
        if (at->second.modes & UFFDIO_REGISTER_MODE_WP) value.small |= traces::vma_state::kUffdWp;
        if (at->second.modes & UFFDIO_REGISTER_MODE_MINOR) value.small |= traces::vma_state::kUffdMinor;
        if (at->second.shared) value.small |= traces::vma_state::kShared;
        if (at->second.modes & model::abi::kRegisterModeRwp) value.small |= traces::vma_state::kUffdRwp;
      }
      return value;
    }
    case OperationKind::scan:
      return scan(operation, range);
    default:
      return with_context(operation, range);
  }
}

}  // namespace proptests
