// SPDX-License-Identifier: Apache-2.0
// What the oracle says of mremap.
#include <sys/mman.h>

#include <algorithm>
#include <string_view>

#include "model/uffd/abi.hpp"
#include "proptests/oracle.hpp"

namespace proptests {
namespace {

using model::Errno;
using traces::Operation;
using traces::Value;

constexpr std::uint64_t kPage = model::kPageSize;
constexpr std::uint64_t kTask = traces::Layout::kTaskSize.value;

std::uint64_t rounded_up(std::uint64_t length) { return (length + kPage - 1) / kPage * kPage; }

// Everything in bytes, as it was asked for.
struct Asked {
  std::uint64_t from, old_length, to, new_length, flags;
  bool has_to;

  bool placed() const { return flags & (MREMAP_FIXED | MREMAP_DONTUNMAP); }
  bool bad_place() const {
    if (new_length > kTask) return true;
    if (!has_to) return false;
    if (to % kPage != 0 || to > kTask - new_length) return true;
    return from < to + new_length && to < from + old_length;
  }
};

}  // namespace

bool Oracle::before_6_17() const {
  const std::string_view version = kernel_.name;
  return version == "6.1" || version == "6.12";
}

Errno Oracle::may_resize(const Move& move) {
  const auto at = mapping_of(move.from.first);
  if (at == mappings_.end()) return Errno::fault;
  if (move.from.first == move.from.end) return at->second.shared ? Errno::none : Errno::inval;
  return move.from.end <= at->second.end && move.from.first < move.from.end ? Errno::none : Errno::fault;
}

Errno Oracle::shrink(Move& move) {
  const Page end = move.from.first + move.pages;
  if (move.from.end > kTask / kPage || end > move.from.end) return Errno::inval;
  move.heard |= unmap({end, move.from.end});
  move.from.end = end;
  return Errno::none;
}

// A hint that is free; else away from everything.
void Oracle::choose_place(const Operation& operation, Move& move) {
  const bool hint = operation.has_target && move.flags & MREMAP_DONTUNMAP;
  if (hint && next_in({move.to, move.to + move.pages}) == mappings_.end()) return;
  move.to = elsewhere_;
  elsewhere_ += move.pages + 1;
}

void Oracle::move_pages(const Move& move, bool keeps_wp) {
  const auto first = pages_.lower_bound(move.from.first), last = pages_.lower_bound(move.from.end);
  std::map<Page, PageInfo> moved;
  for (auto at = first; at != last; ++at) {
    PageInfo info = at->second;
    if (!keeps_wp && info.kind == PageInfo::Kind::marked) continue;
    if (!keeps_wp) info.wp = false;
    moved[at->first - move.from.first + move.to] = info;
  }
  pages_.erase(first, last);
  pages_.merge(moved);
}

void Oracle::move_one(Move& move) {
  Mapping copy = mapping_of(move.from.first)->second;
  const bool owned = copy.owner != kNobody;
  const bool told = owned && owner_of(copy).features & UFFD_FEATURE_EVENT_REMAP;
  const bool leaves = owned && !told;
  const bool may_choose = copy.family == 0 && copy.file == kNoFile;
  copy.shift = may_choose ? 0 : copy.shift + move.from.first - move.to;
  copy.end = move.to + move.pages;
  mappings_[move.to] = copy;
  const Mapping& kept = mapping_of(move.from.first)->second;
  const bool beside = mapping_of(move.from.first)->first == copy.end || kept.end == move.to;
  const bool keeps_apart =
      move.flags & MREMAP_DONTUNMAP && may_choose && beside && kernel_.merge_with_kept == model::Merge::never;
  const bool merges = !keeps_apart && (!leaves || kernel_.merge_out_of_uffd == model::Merge::with_neighbours);
  if (merges) merge_around({move.to, copy.end});
  move_pages(move, !leaves);
  Mapping& now = mapping_of(move.to)->second;
  if (leaves) now.owner = kNobody, now.modes = 0;  // and with it whatever it was merged with
  move.heard |= told;
  if (!(move.flags & MREMAP_DONTUNMAP)) {
    if (move.from.first < move.from.end) move.heard |= unmap(move.from);
    return;
  }
  const auto left = mappings_.find(move.from.first);
  const bool all_of_it =
      left != mappings_.end() && left->second.end == move.from.end && &left->second != &now;
  if (all_of_it) left->second.family = 0;
}

Errno Oracle::move_to(Move& move) {
  if (move.flags & MREMAP_FIXED) {
    move.heard |= unmap({move.to, move.to + move.pages});
    if (!before_6_17() && mapping_of(move.from.first) == mappings_.end()) return Errno::fault;
  }
  if (move.from.end - move.from.first > move.pages) {
    const Errno shrunk = shrink(move);
    if (shrunk != Errno::none) return shrunk;
  }
  const Errno refused = may_resize(move);
  if (refused == Errno::none) move_one(move);
  return refused;
}

// Since 6.17 what only moves may be several mappings.
Errno Oracle::move_each(Move& move) {
  const Span all = move.from;
  const Page to = move.to;
  for (Span rest = all;;) {
    const auto at = next_in(rest);
    if (at == mappings_.end()) return rest.first == all.first ? Errno::fault : Errno::none;
    const Span part{std::max(at->first, rest.first), std::min(at->second.end, all.end)};
    const bool first = rest.first == all.first;
    const bool gap = part.first != all.first;
    const bool more = at->second.end < all.end;
    if (first && gap) return Errno::fault;
    if (at->second.owner != kNobody && (!first || more)) return Errno::fault;
    move.from = part;
    move.to = to + (part.first - all.first);
    move.pages = part.end - part.first;
    const Errno refused = move_to(move);
    if (refused != Errno::none) return refused;
    rest.first = part.end;
  }
}

Errno Oracle::resize_here(Move& move) {
  const Page pages = move.from.end - move.from.first;
  if (pages > move.pages) return shrink(move);
  if (pages == move.pages) return Errno::none;
  const Errno refused = may_resize(move);
  if (refused != Errno::none) return refused;
  const auto at = mapping_of(move.from.first);
  const Page end = move.from.first + move.pages;
  const bool room = end <= kTask / kPage && next_in({move.from.end, end}) == mappings_.end();
  if (at->second.end == move.from.end && room) {
    at->second.end = end;
    merge_at(end);
    return Errno::none;
  }
  if (!(move.flags & MREMAP_MAYMOVE) || move.pages > kTask / kPage) return Errno::nomem;
  choose_place({}, move);
  move_one(move);
  return Errno::none;
}

Oracle::Answer Oracle::mremap(const Operation& operation, std::uint64_t start, std::uint64_t length) {
  const traces::Layout::Resolved target = layout_.resolve(operation.target, {});
  const Asked asked{start,           rounded_up(length),  target.start.value, rounded_up(target.length),
                    operation.flags, operation.has_target};
  const bool resizes = before_6_17() ? length != target.length : asked.old_length != asked.new_length;
  if (asked.flags > 7 || (asked.placed() && !(asked.flags & MREMAP_MAYMOVE)) || start % kPage != 0 ||
      (asked.flags & MREMAP_DONTUNMAP && resizes) || asked.new_length == 0) {
    return Value::of(Errno::inval);
  }
  const auto mapped = [&] { return mapping_of(start / kPage) != mappings_.end(); };
  if (before_6_17() && !mapped()) return Value::of(Errno::fault);
  if (asked.placed() && asked.bad_place()) return Value::of(Errno::inval);
  Move move{.from = {start / kPage, start / kPage + asked.old_length / kPage},
            .pages = asked.new_length / kPage,
            .to = asked.to / kPage,
            .flags = asked.flags};
  const bool fixed = asked.flags & MREMAP_FIXED;
  Errno error = Errno::none;
  if (!before_6_17() && fixed && asked.old_length == asked.new_length) {
    error = move_each(move);
  } else {
    if (!before_6_17() && asked.new_length > kTask) return Value::of(Errno::inval);
    if (!before_6_17() && !mapped()) return Value::of(Errno::fault);
    Move kept = move;
    kept.from.end = std::min(kept.from.end, kept.from.first + kept.pages);
    if (!before_6_17() && asked.placed()) error = may_resize(kept);
    if (!fixed && asked.placed()) choose_place(operation, move);
    if (error == Errno::none) error = asked.placed() ? move_to(move) : resize_here(move);
  }
  if (move.heard) return std::nullopt;
  return Value::of(error);
}

}  // namespace proptests
