// SPDX-License-Identifier: Apache-2.0
#include "proptests/generate_place.hpp"

namespace proptests {
namespace {

using traces::Layout;
using traces::RangeExpression;

constexpr std::uint64_t kPage = model::kPageSize;

}  // namespace

RangeExpression PlaceMaker::in_region(std::uint64_t page, std::uint64_t count) {
  const std::uint64_t before = page == 0 && draw_.one_in(12) ? kPage : 0;  // the page in front of the region
  RangeExpression place;
  place.index = static_cast<std::uint8_t>(draw_.below(static_cast<std::uint32_t>(program_.regions.size())));
  place.offset = page * kPage - before;
  place.length = count * kPage;
  return place;
}

RangeExpression PlaceMaker::pages() {
  if (draw_.one_in(16)) {
    const auto last = static_cast<std::uint32_t>(Layout(program_).end().page_number() + 1);
    const std::uint64_t first = draw_.between(0, last);
    return {.base = RangeExpression::Base::absolute,
            .offset = first * kPage,
            .length = draw_.between(1, 4) * kPage};
  }
  const std::uint64_t page = draw_.below(4);
  const std::uint64_t count = draw_.one_in(3) ? draw_.between(1, 6) : 1;
  return in_region(page, count);
}

RangeExpression PlaceMaker::touched() {
  RangeExpression place = pages();
  place.length = kPage;
  place.offset += byte_of_page_;
  if (draw_.one_in(48)) {
    place.base = RangeExpression::Base::absolute;
    place.offset =
        draw_.one_of({Layout::kTaskSize.value, Layout::kTaskSize.value + kPage, ~std::uint64_t{0}});
  }
  return place;
}

RangeExpression PlaceMaker::range() {
  RangeExpression range = pages();
  if (draw_.one_in(8)) spoil(range);
  return range;
}

void PlaceMaker::spoil(RangeExpression& range) {
  switch (draw_.below(8)) {
    case 0:
      range.length = 0;
      break;
    case 1:
      range.offset += draw_.between(1, kPage - 1);
      break;
    case 2:
      range.length += draw_.between(1, kPage - 1);
      break;
    case 3:
      range.length = draw_.one_of<std::uint64_t>({1, 8, 0xfff});
      break;
    case 4:
      range.length = 0 - std::uint64_t{draw_.below(8)} * kPage;
      break;
    case 5:
      range.length = ~std::uint64_t{0} - draw_.below(0x2000);
      break;
    case 6:
      // Inside the kernel machine's window, or beyond every process; what lies between is clipped there, and
      // a message would tell where.
      range.length = std::uint64_t{1} << draw_.one_of({39, 47, 48, 55, 63});
      break;
    default:
      range.base = RangeExpression::Base::absolute;
      range.offset = Layout::kTaskSize.value + kPage * draw_.below(3);
      if (draw_.one_in(3)) range.offset -= range.length;
      break;
  }
}

}  // namespace proptests
