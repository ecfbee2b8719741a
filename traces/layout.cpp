// SPDX-License-Identifier: Apache-2.0
#include "traces/layout.hpp"

#include <fmt/format.h>

#include "model/uffd/abi.hpp"

namespace traces {

Layout::Layout(const Program& program) {
  for (const Region& region : program.regions) {
    if (region.placement == Region::Placement::apart && !regions_.empty()) end_ = end_ + model::PageCount{1};
    const model::VirtAddr start = end_;
    end_ = start + region.pages;
    regions_.push_back({start, end_});
    names_.push_back(region.name);
    single_.push_back(region.pages.value == 1);
  }
}

Layout::Resolved Layout::resolve(const RangeExpression& range, const Value& message) const {
  switch (range.base) {
    case RangeExpression::Base::region: {
      // An operation that acts nowhere has this form too, and a program may have no region at all.
      const model::VirtAddr start =
          range.index < regions_.size() ? regions_[range.index].start : model::VirtAddr{};
      return {{start.value + range.offset}, range.length};
    }
    case RangeExpression::Base::absolute:
    case RangeExpression::Base::file:
      return {{range.offset}, range.length};
    case RangeExpression::Base::message:
      break;
  }
  const model::VirtAddr page = model::VirtAddr{message.start}.page();
  std::uint64_t length = range.length;
  if (length == RangeExpression::kWholeMessage && message.event == UFFD_EVENT_REMAP) {
    length = static_cast<std::uint64_t>(message.field);
  } else if (length == RangeExpression::kWholeMessage) {
    length = message.end > message.start ? message.end - message.start : model::kPageSize;
  }
  return {{page.value + range.offset}, length};
}

std::string Layout::name_of(model::VirtAddr address) const {
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    if (!regions_[i].contains(address)) continue;
    const std::uint64_t offset = address - regions_[i].start;
    const std::uint64_t page = offset / model::kPageSize;
    const std::uint64_t within = offset % model::kPageSize;
    std::string text = single_[i] ? names_[i] : fmt::format("{}[{}]", names_[i], page);
    if (within != 0) text += fmt::format("+{:#x}", within);
    return text;
  }
  return fmt::format("@{:#x}", address.value);
}

std::string Layout::name_of(model::AddrRange range) const {
  if (range.end - range.start == model::kPageSize) return name_of(range.start);
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    if (regions_[i].start > range.start || range.end > regions_[i].end) continue;
    const std::uint64_t first = (range.start - regions_[i].start) / model::kPageSize;
    const std::uint64_t last = (range.end - regions_[i].start) / model::kPageSize;
    return fmt::format("{}[{}..{}]", names_[i], first, last);
  }
  return fmt::format("@{:#x}..@{:#x}", range.start.value, range.end.value);
}

}  // namespace traces
