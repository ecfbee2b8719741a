// SPDX-License-Identifier: Apache-2.0
// What the oracle says of madvise.
#include <sys/mman.h>

#include <algorithm>

#include "model/syscalls/madvise.hpp"
#include "model/uffd/abi.hpp"
#include "proptests/oracle.hpp"

namespace proptests {
namespace {

using model::Errno;
using traces::Value;

constexpr std::uint64_t kPage = model::kPageSize;

std::uint64_t rounded_up(std::uint64_t length) { return (length + kPage - 1) / kPage * kPage; }
bool is_guard(std::uint64_t advice) {
  return advice == model::kMadvGuardInstall || advice == model::kMadvGuardRemove;
}
bool is_announced(std::uint64_t advice) {
  return advice == MADV_DONTNEED || advice == MADV_FREE || advice == MADV_REMOVE;
}

}  // namespace

bool Oracle::knows(std::uint64_t advice) const { return !is_guard(advice) || kernel_.madvise_guard_install; }

// What an advice does to a part of one mapping.
Errno Oracle::advise(Mappings::iterator mapping, Span part, std::uint64_t advice) {
  const Mapping& mine = mapping->second;
  if (advice == MADV_REMOVE) punch(mine.file, part.first + mine.shift, part.end + mine.shift);
  if (advice == MADV_FREE && mine.file != kNoFile) return Errno::inval;
  if (advice == model::kMadvGuardInstall && mine.file == kNoFile) give_family(mapping);
  for (Page page = part.first; page < part.end; ++page) {
    const auto known = pages_.find(page);
    const bool nothing = known == pages_.end();
    const bool guarded = !nothing && known->second.kind == PageInfo::Kind::guarded;
    const bool poisoned = !nothing && known->second.kind == PageInfo::Kind::poisoned;
    if (advice == model::kMadvGuardInstall) {
      if (!guarded) pages_[page] = {.kind = PageInfo::Kind::guarded};
    } else if (advice == MADV_DONTNEED) {
      discard(mine, page);
    } else if ((advice == model::kMadvGuardRemove && guarded) || (advice == MADV_FREE && poisoned)) {
      pages_.erase(known);
    }
  }
  return Errno::none;
}

Oracle::Answer Oracle::populate(Span span, bool write) {
  bool hole = false;
  for (Page page = span.first; page < span.end; ++page) {
    const auto mapping = mapping_of(page);
    if (mapping == mappings_.end()) {
      const auto next = next_in({page, span.end});
      if (kernel_.holes_of_populate == model::HolesOfPopulate::end_it || next == mappings_.end()) {
        return Value::of(Errno::nomem);
      }
      hole = true;
      page = next->first - 1;
      continue;
    }
    const std::uint8_t needed = write ? traces::kProtWrite : traces::kProtRead;
    if (!(mapping->second.protection & needed)) return Value::of(Errno::inval);
    const auto known = pages_.find(page);
    const bool poisoned = known != pages_.end() && known->second.kind == PageInfo::Kind::poisoned;
    if (poisoned) return Value::of(Errno::hwpoison);
    const Fault how = fault(page, write, true);
    if (how == Fault::sleeps) return std::nullopt;
    if (how != Fault::resolved) return Value::of(Errno::fault);
  }
  return Value::of(hole ? Errno::nomem : Errno::none);
}

Oracle::Answer Oracle::madvise(std::uint64_t start, std::uint64_t length, std::uint64_t advice) {
  const std::uint64_t last = start + rounded_up(length);
  const bool wraps = (length != 0 && rounded_up(length) == 0) || last < start;
  if (!knows(advice) || start % kPage != 0 || wraps) return Value::of(Errno::inval);
  const Span whole{start / kPage, last / kPage};
  if (advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE) {
    return populate(whole, advice == MADV_POPULATE_WRITE);
  }
  bool hole = false;
  for (Page page = whole.first; page < whole.end;) {
    const auto at = next_in({page, whole.end});
    if (at == mappings_.end()) return Value::of(Errno::nomem);
    hole = hole || at->first > page;
    const Span part{std::max(page, at->first), std::min(at->second.end, whole.end)};
    const bool owned = at->second.owner != kNobody;
    const bool remove = advice == MADV_REMOVE;
    if (remove && at->second.file == kNoFile) return Value::of(Errno::inval);
    if (remove && !at->second.shared) return Value::of(Errno::acces);
    const bool told = owned && owner_of(at->second).features & UFFD_FEATURE_EVENT_REMOVE;
    if (is_announced(advice) && told) return std::nullopt;
    const Errno error = advise(at, part, advice);
    if (error != Errno::none) return Value::of(error);
    page = part.end;
  }
  return Value::of(hole ? Errno::nomem : Errno::none);
}

}  // namespace proptests
