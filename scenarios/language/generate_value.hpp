// SPDX-License-Identifier: Apache-2.0
// Generators (rapidcheck): numbers, letters, and values as machines return them. For tests only.
#pragma once
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "model/uffd/abi.hpp"
#include "scenarios/language/registers.hpp"
#include "traces/layout.hpp"
#include "traces/scan.hpp"

namespace language::generate {

// Draws, for use within rc::gen::exec. All shrink towards 0, the first choice, or no.
inline std::uint64_t below(std::uint64_t bound) { return *rc::gen::inRange<std::uint64_t>(0, bound); }
inline std::size_t at_most(std::size_t most) { return *rc::gen::inRange<std::size_t>(0, most + 1); }
inline bool one_in(std::uint64_t chances) { return below(chances) == chances - 1; }
template <class T>
T one_of(const std::vector<T>& choices) {
  return choices[below(choices.size())];
}
// Any 64-bit number, small ones and edges more often than chance would have it.
inline std::uint64_t number() {
  switch (below(4)) {
    case 0:
      return below(16);
    case 1:
      return below(16) * model::kPageSize;
    case 2:
      return 0 - below(16);
    default:
      return *rc::gen::arbitrary<std::uint64_t>();
  }
}
inline char letter() {
  return one_in(4) ? static_cast<char>(below(256))
                   : one_of<char>({'A', 'B', '\0', '.', ' ', '\'', '\\', '#', '~', '\x7f'});
}

// A value of the kind; messages come from one of `threads` threads, or none.
inline traces::Value value(traces::ValueKind kind, const traces::Layout& layout, std::size_t threads) {
  using traces::ValueKind;
  traces::Value value{.kind = kind};
  const auto byte = [] { return static_cast<std::uint8_t>(below(256)); };
  switch (kind) {
    case ValueKind::unset:
      break;
    case ValueKind::errnum:
      value.error =
          one_in(4) ? static_cast<model::Errno>(below(256))
                    : one_of<model::Errno>({model::Errno::none, model::Errno::again, model::Errno::exist});
      break;
    case ValueKind::content:
      value.small = static_cast<std::uint8_t>(letter());
      break;
    case ValueKind::signal:
      value.small = one_in(3) ? byte() : std::uint8_t{7};
      break;
    case ValueKind::message: {
      value.event = one_of<std::uint8_t>(
          {UFFD_EVENT_PAGEFAULT, UFFD_EVENT_REMOVE, UFFD_EVENT_UNMAP, UFFD_EVENT_REMAP, 0x19});
      if (value.event == UFFD_EVENT_PAGEFAULT || value.event == 0x19)
        value.flags = static_cast<std::uint8_t>(below(16));
      value.thread = static_cast<std::int8_t>(static_cast<int>(at_most(threads)) - 1);
      const std::uint64_t page = below(layout.end().page_number() + 2) * model::kPageSize;
      value.start = page;
      if (value.event == UFFD_EVENT_REMAP) {
        value.field = static_cast<std::int64_t>((1 + below(3)) * model::kPageSize);
        value.end = below(layout.end().page_number() + 2) * model::kPageSize;
        if (one_in(4)) value.end = traces::Layout::kElsewhere.value;
      } else if (value.event != UFFD_EVENT_PAGEFAULT) {
        value.end = page + (1 + below(3)) * model::kPageSize;
      } else if (one_in(3)) {
        value.start += below(model::kPageSize);
      }
      break;
    }
    case ValueKind::events:
      value.small = byte();
      break;
    case ValueKind::number:
      value.start = number();
      break;
    case ValueKind::page:
      value.small = static_cast<std::uint8_t>(below(8));
      break;
    case ValueKind::counts:
      value.start = number();
      value.end = number();
      break;
    case ValueKind::scan: {
      std::vector<traces::ScannedRegion> regions;
      std::uint64_t page = 1;
      for (std::size_t n = at_most(traces::kMostScanRegions); n > 0; --n) {
        page += below(3);
        const model::VirtAddr start{page * model::kPageSize};
        page += 1 + below(3);
        regions.push_back({{start, {page * model::kPageSize}}, static_cast<std::uint16_t>(below(1024))});
      }
      value = traces::scanned(regions, 0);
      value.field_state = traces::FieldState::none;
      value.field = 0;
      break;
    }
    case ValueKind::mapping:
      value.small = one_in(4) ? std::uint8_t{0} : static_cast<std::uint8_t>(1 + 2 * below(128));
      break;
  }
  return value;
}

// An output field.
inline traces::Value field() {
  if (one_in(4)) return traces::Value::untouched(model::Errno::none);
  return traces::Value::with_field(model::Errno::none, static_cast<std::int64_t>(number()));
}

// The kinds of value that a register with these sources can hold, as a list.
inline std::vector<traces::ValueKind> kinds_of(OperationKinds operations) {
  std::vector<traces::ValueKind> kinds;
  for (int i = 0; i <= static_cast<int>(traces::ValueKind::scan); ++i) {
    const auto kind = static_cast<traces::ValueKind>(i);
    if (values_of(operations).has(kind)) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace language::generate
