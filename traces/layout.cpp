// SPDX-License-Identifier: Apache-2.0
#include "traces/layout.hpp"

#include <fmt/format.h>

#include "model/uffd/abi.hpp"

namespace traces {

Layout::Layout(const Program& program) {
  for (const Region& region : program.regions) {
    if (region.placement == Region::Placement::apart && !regions_.empty()) end_ = end_ + model::PageCount{1};
    const std::uint64_t unit = region.page_bytes();
    const model::VirtAddr start{(end_.value + unit - 1) / unit * unit};
    end_ = start + region.pages;
    regions_.push_back({start, end_});
    names_.push_back(region.name);
    page_sizes_.push_back(region.backing.page_size);
    single_.push_back(region.count() == 1);
  }
}

model::PageSize Layout::page_size_at(model::VirtAddr address) const {
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    if (regions_[i].contains(address)) return page_sizes_[i];
  }
  return model::PageSize::base;
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
  const model::PageSize size = page_size_at({message.start});
  const model::VirtAddr page{message.start & ~(model::bytes_of(size) - 1)};
  std::uint64_t length = range.length;
  if (length == RangeExpression::kWholeMessage && message.event == UFFD_EVENT_REMAP) {
    length = static_cast<std::uint64_t>(message.field);
  } else if (length == RangeExpression::kWholeMessage) {
    length = message.end > message.start ? message.end - message.start : model::bytes_of(size);
  }
  return {{page.value + range.offset}, length};
}

std::string Layout::name_of(model::VirtAddr address) const {
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    if (!regions_[i].contains(address)) continue;
    const std::uint64_t offset = address - regions_[i].start;
    const std::uint64_t page = offset / model::bytes_of(page_sizes_[i]);
    const std::uint64_t within = offset % model::bytes_of(page_sizes_[i]);
    std::string text = single_[i] ? names_[i] : fmt::format("{}[{}]", names_[i], page);
    if (within != 0) text += fmt::format("+{:#x}", within);
    return text;
  }
  return fmt::format("@{:#x}", address.value);
}

std::string Layout::name_of(model::AddrRange range) const {
  const std::uint64_t unit = model::bytes_of(page_size_at(range.start));
  if (range.end - range.start == unit) return name_of(range.start);
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    const bool whole_pages = range.start.value % unit == 0 && range.end.value % unit == 0;
    if (regions_[i].start > range.start || range.end > regions_[i].end || !whole_pages) continue;
    const std::uint64_t first = (range.start - regions_[i].start) / unit;
    const std::uint64_t last = (range.end - regions_[i].start) / unit;
    return fmt::format("{}[{}..{}]", names_[i], first, last);
  }
  return fmt::format("@{:#x}..@{:#x}", range.start.value, range.end.value);
}

}  // namespace traces
