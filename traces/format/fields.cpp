// SPDX-License-Identifier: Apache-2.0
#include "traces/format/fields.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <span>

#include "traces/format/names.hpp"
#include "traces/format/recorded.hpp"
#include "traces/scan.hpp"

namespace traces {
namespace {

using simdjson::dom::element;

// One key of an object: its name, what a person may write there, and how it is stored.
template <class Target>
struct Key {
  std::string_view name;
  std::string_view wants;
  bool (*store)(element, Target&);
};

bool text(element e, std::string_view& out) { return e.get(out) == simdjson::SUCCESS; }

template <class Number>
bool number(element e, Number& out) {
  std::uint64_t wide = 0;
  if (e.get(wide) != simdjson::SUCCESS || wide > std::numeric_limits<Number>::max()) return false;
  out = static_cast<Number>(wide);
  return true;
}

// "0x7f…" or a plain number.
bool hex(element e, std::uint64_t& out) {
  std::string_view digits;
  if (!text(e, digits)) return number(e, out);
  if (!digits.starts_with("0x")) return false;
  digits.remove_prefix(2);
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, out, 16);
  return error == std::errc{} && at == end;
}

bool string(element e, std::string& out) {
  std::string_view view;
  if (!text(e, view)) return false;
  out = view;
  return true;
}

template <class Enum>
bool named(element e, Enum& out, std::optional<Enum> (*find)(std::string_view)) {
  std::string_view name;
  if (!text(e, name)) return false;
  const auto found = find(name);
  if (found) out = *found;
  return found.has_value();
}

template <class Target>
std::string store_all(simdjson::dom::object object, std::span<const Key<Target>> keys, Target& target,
                      std::uint64_t required) {
  std::uint64_t seen = 0;
  for (const auto [name, value] : object) {
    std::size_t i = 0;
    while (i < keys.size() && keys[i].name != name) ++i;
    if (i == keys.size()) return fmt::format("unknown key \"{}\"", name.substr(0, 64));
    const std::uint64_t bit = std::uint64_t{1} << i;
    if ((seen & bit) != 0) return fmt::format("key \"{}\" twice", name);
    seen |= bit;
    if (!keys[i].store(value, target)) return fmt::format("\"{}\" should be {}", name, keys[i].wants);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if ((required >> i & 1) != 0 && (seen >> i & 1) == 0)
      return fmt::format("key \"{}\" is missing", keys[i].name);
  }
  return {};
}

// Which kind of value the line holds: at most one.
bool claim(Value& value, ValueKind kind) {
  if (value.kind != ValueKind::unset) return false;
  value.kind = kind;
  return true;
}
bool small(element e, Observation& o, ValueKind kind) {
  return claim(o.value, kind) && number(e, o.value.small);
}

bool store_event(element e, Value& value) {
  if (named(e, value.event, event_named)) return true;
  return number(e, value.event) && event_name(value.event).empty() == false;
}
bool store_faulter(element e, Value& value) {
  std::uint64_t index = 0;
  if (!number(e, index) || index > std::numeric_limits<std::int8_t>::max()) return false;
  value.thread = static_cast<std::int8_t>(index);
  return true;
}
constexpr Key<Value> kMessageKeys[] = {
    {"event", "PAGEFAULT, FORK, REMAP, REMOVE or UNMAP: no other event exists", store_event},
    {"flags", "a number below 256", [](element e, Value& v) { return number(e, v.flags); }},
    {"start", "an address", [](element e, Value& v) { return hex(e, v.start); }},
    {"end", "an address", [](element e, Value& v) { return hex(e, v.end); }},
    {"thread", "a thread's index below 128", store_faulter},
};

bool store_message(element e, Observation& o) {
  simdjson::dom::object object;
  if (!claim(o.value, ValueKind::message) || e.get(object) != simdjson::SUCCESS) return false;
  return store_all<Value>(object, kMessageKeys, o.value, 1).empty();
}

bool store_field(element e, Observation& o) {
  std::string_view word;
  if (text(e, word)) {
    o.value.field_state = FieldState::untouched;
    return word == "untouched";
  }
  o.value.field_state = FieldState::written;
  return e.get(o.value.field) == simdjson::SUCCESS;
}

bool store_errno(element e, Observation& o) {
  return claim(o.value, ValueKind::errnum) && named(e, o.value.error, errno_named);
}

bool store_counts(element e, Observation& o) {
  simdjson::dom::array array;
  if (!claim(o.value, ValueKind::counts) || e.get(array) != simdjson::SUCCESS || array.size() != 2)
    return false;
  return number(array.at(0), o.value.start) && number(array.at(1), o.value.end);
}

// [start, end, categories] of each.
bool store_regions(element e, Observation& o) {
  simdjson::dom::array array;
  const bool right = claim(o.value, ValueKind::scan) && e.get(array) == simdjson::SUCCESS;
  if (!right || array.size() > kMostScanRegions) return false;
  std::vector<ScannedRegion> regions;
  for (const element item : array) {
    simdjson::dom::array three;
    if (item.get(three) != simdjson::SUCCESS || three.size() != 3) return false;
    ScannedRegion region;
    const bool read = hex(three.at(0), region.range.start.value) &&
                      hex(three.at(1), region.range.end.value) && number(three.at(2), region.categories);
    const bool pages = region.range.start.page_aligned() && region.range.end.page_aligned();
    if (!read || !pages || !can_hold(region)) return false;
    regions.push_back(region);
  }
  const Value value = scanned(regions, 0);
  o.value.small = value.small;
  o.value.start = value.start;
  o.value.end = value.end;
  return true;
}

constexpr Key<Observation> kObservationKeys[] = {
    {"kind", "the name of an operation, such as copy: this kind is unknown",
     [](element e, Observation& o) { return named(e, o.kind, kind_named); }},
    {"thread", "a thread's number", [](element e, Observation& o) { return number(e, o.thread); }},
    {"clock", "nanoseconds", [](element e, Observation& o) { return number(e, o.clock); }},
    {"duration", "nanoseconds", [](element e, Observation& o) { return number(e, o.duration); }},
    {"process", "a process number", [](element e, Observation& o) { return number(e, o.process); }},
    {"uffd", "a descriptor number", [](element e, Observation& o) { return number(e, o.uffd); }},
    {"ptid", "a thread's number", [](element e, Observation& o) { return number(e, o.ptid); }},
    {"moment", "enter, exit or whole",
     [](element e, Observation& o) { return named(e, o.moment, moment_named); }},
    {"address", "an address, such as \"0x7f00\"",
     [](element e, Observation& o) { return hex(e, o.address); }},
    {"length", "a number of bytes", [](element e, Observation& o) { return hex(e, o.length); }},
    {"source", "an address", [](element e, Observation& o) { return hex(e, o.source); }},
    {"target", "an address", [](element e, Observation& o) { return hex(e, o.target); }},
    {"target_length", "a number of bytes", [](element e, Observation& o) { return hex(e, o.target_length); }},
    {"mode", "a mask of bits", [](element e, Observation& o) { return hex(e, o.mode); }},
    {"errno", "ok or an errno's name, and the only result", store_errno},
    {"content", "a byte, and the only result",
     [](element e, Observation& o) { return small(e, o, ValueKind::content); }},
    {"signal", "a signal's number, and the only result",
     [](element e, Observation& o) { return small(e, o, ValueKind::signal); }},
    {"message", "a message with a known event (PAGEFAULT, FORK, REMAP, REMOVE, UNMAP), and the only result",
     store_message},
    {"events", "POLL bits, and the only result",
     [](element e, Observation& o) { return small(e, o, ValueKind::events); }},
    {"number", "a number, and the only result",
     [](element e, Observation& o) { return claim(o.value, ValueKind::number) && number(e, o.value.start); }},
    {"page", "a page's state, and the only result",
     [](element e, Observation& o) {
       return small(e, o, ValueKind::page) &&
              o.value.small <= static_cast<std::uint8_t>(PageState::present_rwp);
     }},
    {"counts", "[pending, total], and the only result", store_counts},
    {"mapping", "a mask of bits, and the only result",
     [](element e, Observation& o) { return small(e, o, ValueKind::mapping); }},
    {"regions", "a list of [start, end, categories], and the only result", store_regions},
    {"field", "a number or \"untouched\"", store_field},
    {"note", "text", [](element e, Observation& o) { return string(e, o.note); }},
    {"origin", "FILE:LINE", [](element e, Observation& o) { return string(e, o.origin); }},
};
constexpr std::uint64_t kObservationNeeds = 0b11;  // kind, thread

bool store_clock(element e, Header& h) {
  std::string_view name;
  if (!text(e, name)) return false;
  h.clock = name == "realtime" ? Clock::realtime : name == "monotonic" ? Clock::monotonic : Clock::none;
  return h.clock != Clock::none || name == "none";
}
bool store_recorded(element e, Header& h) {
  simdjson::dom::array array;
  if (e.get(array) != simdjson::SUCCESS) return false;
  for (const element item : array) {
    std::string_view name;
    if (!text(item, name)) return false;
    for (const auto& [bit, word] : kRecordedNames) {
      if (word == name) h.recorded = static_cast<std::uint8_t>(h.recorded | bit);
    }
  }
  return true;
}
constexpr Key<Header> kHeaderKeys[] = {
    {"uffdsim_trace", "a version number", [](element e, Header& h) { return number(e, h.version); }},
    {"producer", "text", [](element e, Header& h) { return string(e, h.producer); }},
    {"source", "text", [](element e, Header& h) { return string(e, h.source); }},
    {"clock", "none, realtime or monotonic", store_clock},
    {"recorded", "a list of words", store_recorded},
};
constexpr std::uint64_t kHeaderNeeds = 0b1;

}  // namespace

std::string store_fields(simdjson::dom::object object, Header& header) {
  return store_all<Header>(object, kHeaderKeys, header, kHeaderNeeds);
}
std::string store_fields(simdjson::dom::object object, Observation& observation) {
  return store_all<Observation>(object, kObservationKeys, observation, kObservationNeeds);
}

}  // namespace traces
