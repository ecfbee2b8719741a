// SPDX-License-Identifier: Apache-2.0
// What the oracle says of the two ways to protect pages.
#include <algorithm>
#include <string_view>

#include "model/uffd/abi.hpp"
#include "proptests/oracle.hpp"

namespace proptests {
namespace {

using model::Errno;
using traces::Operation;
using traces::Value;

}  // namespace

void Oracle::change_wp(Span part, bool protect, bool markers) {
  for (Page page = part.first; page < part.end; ++page) {
    const auto known = pages_.find(page);
    if (known == pages_.end()) {
      if (protect && markers) pages_[page] = {.kind = PageInfo::Kind::marked};
    } else if (known->second.kind == PageInfo::Kind::present) {
      known->second.wp = protect;
    } else if (known->second.kind == PageInfo::Kind::marked && !protect) {
      pages_.erase(known);
    }
  }
}

Oracle::Answer Oracle::writeprotect(const Operation& operation, Span span) {
  const bool protect = operation.mode & UFFDIO_WRITEPROTECT_MODE_WP;
  const bool one_mapping = std::string_view(kernel_.name) == "6.1";
  const auto first = mapping_of(span.first);
  if (one_mapping && (first == mappings_.end() || first->second.end < span.end))
    return Value::of(Errno::noent);
  Errno error = Errno::noent;
  for (Span rest = span;;) {
    const auto at = next_in(rest);
    if (at == mappings_.end()) break;
    if (!(at->second.modes & UFFDIO_REGISTER_MODE_WP)) return Value::of(Errno::noent);
    const Span part{std::max(rest.first, at->first), std::min(span.end, at->second.end)};
    const bool unpopulated = owner_of(at->second).features & model::abi::kFeatureWpUnpopulated;
    change_wp(part, protect, unpopulated || at->second.file != kNoFile);
    rest.first = part.end;
    error = Errno::none;
  }
  return Value::of(error);
}

Value Oracle::rwprotect(const Operation& operation, Span span) {
  if (next_in(span) == mappings_.end()) return Value::of(Errno::noent);
  for (Span rest = span;; rest.first = next_in(rest)->second.end) {
    const auto at = next_in(rest);
    if (at == mappings_.end()) break;
    if (!(at->second.modes & model::abi::kRegisterModeRwp)) return Value::of(Errno::noent);
  }
  for (auto at = pages_.lower_bound(span.first); at != pages_.end() && at->first < span.end; ++at) {
    if (at->second.kind == PageInfo::Kind::present)
      at->second.wp = operation.mode & model::abi::kRwprotectModeRwp;
  }
  return Value::ok();
}

Oracle::Answer Oracle::set_mode(Context& context, const Operation& operation) {
  const std::uint64_t enable = operation.features, disable = operation.disabled;
  const bool known = ((enable | disable) & ~model::abi::kFeatureRwpAsync) == 0 && (enable & disable) == 0;
  if (!known || (enable != 0 && !(context.features & model::abi::kFeatureRwp)))
    return Value::of(Errno::inval);
  context.features = (context.features | enable) & ~disable;
  return Value::ok();
}

// Part of one mapping is nobody's from now on.
void Oracle::disarm(Span part) {
  if (mapping_of(part.first)->second.modes & kProtectingModes) change_wp(part, false, false);
  split_at(part.first);
  split_at(part.end);
  Mapping& freed = mapping_of(part.first)->second;
  freed.owner = kNobody;
  freed.modes = 0;
  merge_around(part);
}

}  // namespace proptests
