// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/read_word.hpp"

#include <fmt/format.h>

#include <csignal>
#include <limits>
#include <utility>

#include "model/uffd/abi.hpp"
#include "scenarios/language/events.hpp"
#include "scenarios/language/grammar.hpp"
#include "scenarios/language/scan_options.hpp"

namespace language {
namespace {

using model::kPageSize;
using traces::PageState;
using traces::Value;
using traces::ValueKind;

std::optional<Value> small(ValueKind kind, unsigned bits) {
  Value value{.kind = kind};
  value.small = static_cast<std::uint8_t>(bits);
  return value;
}

std::optional<char> read_letter(std::string_view token) {
  if (token == "zero") return '\0';
  const auto found = letters(token);
  if (!found || found->size() != 1) return std::nullopt;
  return found->front().value;
}

std::optional<Value> read_signal(std::string_view token) {
  if (token == "SIGBUS") return Value::signal(SIGBUS);
  if (token == "SIGSEGV") return Value::signal(SIGSEGV);
  if (!token.starts_with("SIG")) return std::nullopt;
  const auto which = number(token.substr(3));
  if (!which || *which > std::numeric_limits<std::uint8_t>::max()) return std::nullopt;
  return Value::signal(static_cast<int>(*which));
}

std::optional<PageState> page_state(std::string_view token) {
  if (token == "unmapped") return PageState::unmapped;
  if (token == "missing") return PageState::missing;
  if (token == "present") return PageState::present;
  if (token == "present+wp") return PageState::present_wp;
  if (token == "missing+wp") return PageState::missing_wp;
  if (token == "poisoned") return PageState::poisoned;
  if (token == "guarded") return PageState::guarded;
  if (token == "present+rwp") return PageState::present_rwp;
  return std::nullopt;
}

std::optional<unsigned> mapping_bits(std::string_view token) {
  namespace state = traces::vma_state;
  if (token == "unmapped") return 0;
  unsigned bits = state::kMapped;
  // In the order in which they are written, from the last.
  constexpr std::pair<std::string_view, std::uint8_t> kSuffixes[] = {{"+shared", state::kShared},
                                                                     {"+rwp", state::kUffdRwp},
                                                                     {"+minor", state::kUffdMinor},
                                                                     {"+wp", state::kUffdWp},
                                                                     {"+uffd", state::kUffdMissing}};
  for (const auto& [suffix, bit] : kSuffixes) {
    if (!token.ends_with(suffix)) continue;
    bits |= bit;
    token.remove_suffix(suffix.size());
  }
  if (token == "none") return bits;
  if (token == "r") return bits | state::kRead;
  if (token == "w") return bits | state::kWrite;
  if (token == "rw") return bits | state::kRead | state::kWrite;
  return std::nullopt;
}

std::optional<Value> read_counts(std::string_view token) {
  const std::size_t slash = token.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto pending = number(token.substr(0, slash));
  const auto total = number(token.substr(slash + 1));
  if (!pending || !total) return std::nullopt;
  return Value{.kind = ValueKind::counts, .start = *pending, .end = *total};
}

// x[0..0]: no bytes, at the beginning of a page.
std::optional<model::AddrRange> read_no_bytes(std::string_view text, const Names& names) {
  const auto found = place(text);
  if (!found || !found->first || found->first != found->last) return std::nullopt;
  const auto page = read_addresses(fmt::format("{}[{}]", found->name, *found->first), names);
  if (!page) return std::nullopt;
  return model::AddrRange{page->start, page->start};
}

// x->y, r[0..2]->elsewhere: a range and where it is now; x[0..0]->y of shared pages that are mapped twice.
std::optional<Pattern> read_remap(std::string_view text, Value value, const Names& names) {
  const std::size_t arrow = text.find("->");
  if (arrow == std::string_view::npos) return std::nullopt;
  auto from = read_addresses(text.substr(0, arrow), names);
  if (!from) from = read_no_bytes(text.substr(0, arrow), names);
  const std::string_view where = text.substr(arrow + 2);
  std::optional<model::AddrRange> to;
  if (where == "elsewhere") {
    to = {traces::Layout::kElsewhere, {}};
  } else {
    to = read_addresses(where, names);
  }
  if (!from || !to) return std::nullopt;
  value.start = from->start.value;
  value.end = to->start.value;
  value.field = static_cast<std::int64_t>(from->bytes());
  return Pattern{value, true};
}

std::optional<Pattern> read_message(std::string_view token, const Names& names) {
  const std::size_t colon = token.find(':');
  const auto kind = event_named(token.substr(0, colon));
  if (!kind) return std::nullopt;
  Value value{.kind = ValueKind::message, .event = kind->event, .flags = kind->flags};
  if (colon == std::string_view::npos) return Pattern{value, false};
  if (!has_place(*kind)) return std::nullopt;
  if (kind->event == UFFD_EVENT_REMAP) return read_remap(token.substr(colon + 1), value, names);
  const auto range = read_addresses(token.substr(colon + 1), names);
  if (!range) return std::nullopt;
  value.start = range->start.value;
  if (!is_fault(*kind)) {
    value.end = range->end.value;
  } else if (range->bytes() != model::bytes_of(names.layout.page_size_at(range->start))) {
    return std::nullopt;  // a fault has one address
  }
  return Pattern{value, true};
}

std::optional<Pattern> as_pattern(const std::optional<Value>& value) {
  return value ? std::optional(Pattern{*value}) : std::nullopt;
}

std::optional<Pattern> read_kind(std::string_view token, ValueKind kind, const Names& names) {
  switch (kind) {
    case ValueKind::unset:
      return std::nullopt;
    case ValueKind::errnum: {
      const auto error = errno_named(token);
      return error ? std::optional(Pattern{Value::of(*error)}) : std::nullopt;
    }
    case ValueKind::content: {
      const auto letter = read_letter(token);
      return letter ? std::optional(Pattern{Value::letter(*letter)}) : std::nullopt;
    }
    case ValueKind::signal:
      return as_pattern(read_signal(token));
    case ValueKind::message:
      return read_message(token, names);
    case ValueKind::events: {
      const auto bits = poll_named(token);
      return bits ? as_pattern(small(kind, *bits)) : std::nullopt;
    }
    case ValueKind::number: {
      const auto count = number(token);
      return count ? std::optional(Pattern{Value::number(*count)}) : std::nullopt;
    }
    case ValueKind::page: {
      const auto state = page_state(token);
      return state ? as_pattern(small(kind, static_cast<unsigned>(*state))) : std::nullopt;
    }
    case ValueKind::counts:
      return as_pattern(read_counts(token));
    case ValueKind::mapping: {
      const auto bits = mapping_bits(token);
      return bits ? as_pattern(small(kind, *bits)) : std::nullopt;
    }
    case ValueKind::scan:
      return as_pattern(read_regions(token, names));
  }
  return std::nullopt;
}

constexpr ValueKind kKinds[] = {ValueKind::errnum,  ValueKind::content, ValueKind::signal, ValueKind::message,
                                ValueKind::events,  ValueKind::number,  ValueKind::page,   ValueKind::counts,
                                ValueKind::mapping, ValueKind::scan};

}  // namespace

std::optional<model::AddrRange> read_addresses(std::string_view text, const Names& names) {
  if (const std::size_t dots = text.find("..@"); dots != std::string_view::npos && text.front() == '@') {
    const auto start = number(text.substr(1, dots - 1)), end = number(text.substr(dots + 3));
    if (!start || !end || *start >= *end || *start % kPageSize != 0 || *end % kPageSize != 0)
      return std::nullopt;
    return model::AddrRange{{*start}, {*end}};
  }
  const auto found = place(text);
  if (!found) return std::nullopt;
  if (found->name.empty()) {
    const std::uint64_t start = found->address + found->offset;
    return model::AddrRange{{start}, {start + kPageSize}};
  }
  for (std::size_t i = 0; i < names.program.regions.size(); ++i) {
    if (names.program.regions[i].name != found->name) continue;
    const model::AddrRange region = names.layout.region(i);
    const std::uint64_t unit = names.program.regions[i].page_bytes();
    const std::uint64_t pages = region.bytes() / unit;
    const std::uint64_t first = found->first.value_or(0);
    const std::uint64_t last = found->last.value_or(found->first ? first + 1 : pages);
    const bool aligned = found->offset % unit == 0;
    if (first >= pages || last <= first || last > pages || (!aligned && last - first > 1))
      return std::nullopt;
    const std::uint64_t start = region.start.value + first * unit + found->offset;
    return model::AddrRange{{start}, {start + (last - first) * unit}};
  }
  return std::nullopt;
}

std::optional<Pattern> read_word(std::string_view token, ValueKinds allowed, const Names& names) {
  for (const ValueKind kind : kKinds) {
    if (!allowed.has(kind)) continue;
    if (const auto found = read_kind(token, kind, names)) return found;
  }
  return std::nullopt;
}

std::optional<traces::Value> read_field(std::string_view token, FieldUnit unit) {
  if (token == "untouched") return Value::untouched(model::Errno::none);
  const auto written = [](std::uint64_t field) {
    return Value::with_field(model::Errno::none, static_cast<std::int64_t>(field));
  };
  if (unit == FieldUnit::mask || !token.starts_with('-')) {
    const bool pages = unit == FieldUnit::bytes && token.ends_with('p');
    if (pages) token.remove_suffix(1);
    const auto count = number(token);
    if (!count || (pages && *count > (std::numeric_limits<std::int64_t>::max() >> model::kPageShift))) {
      return std::nullopt;
    }
    return written(pages ? *count * kPageSize : *count);
  }
  token.remove_prefix(1);
  if (const auto error = errno_named(token)) return written(0 - std::uint64_t{static_cast<unsigned>(*error)});
  constexpr std::string_view kNumbered = "errno-";
  const auto count = number(token.starts_with(kNumbered) ? token.substr(kNumbered.size()) : token);
  return count ? std::optional(written(0 - *count)) : std::nullopt;
}

std::optional<traces::ThreadEnd> read_end(std::string_view token) {
  using traces::ThreadEnd;
  for (const ThreadEnd end :
       {ThreadEnd::done, ThreadEnd::blocked, ThreadEnd::spins, ThreadEnd::killed, ThreadEnd::unborn}) {
    if (word(end) == token) return end;
  }
  return std::nullopt;
}

std::optional<traces::FinalState::Page> read_page(std::string_view token) {
  for (const PageState state : {PageState::unmapped, PageState::missing, PageState::missing_wp,
                                PageState::poisoned, PageState::guarded, PageState::present_rwp}) {
    if (page_state(token) == state) return traces::FinalState::Page{state, 0};
  }
  constexpr std::string_view kWp = "+wp";
  const bool protects = token.ends_with(kWp);
  if (protects) token.remove_suffix(kWp.size());
  const auto letter = read_letter(token);
  if (!letter) return std::nullopt;
  return traces::FinalState::Page{protects ? PageState::present_wp : PageState::present, *letter};
}

std::optional<traces::FinalState::Page> read_file_page(std::string_view token) {
  if (token == "hole") return traces::FinalState::Page{PageState::missing, 0};
  if (token == "beyond") return traces::FinalState::Page{PageState::unmapped, 0};
  const auto letter = read_letter(token);
  return letter ? std::optional(traces::FinalState::Page{PageState::present, *letter}) : std::nullopt;
}

Choices forms_of(ValueKinds allowed) {
  Choices forms;
  if (allowed.has(ValueKind::content)) forms.insert(forms.end(), {"'A'", "zero"});
  if (allowed.has(ValueKind::signal)) forms.insert(forms.end(), {"SIGBUS", "SIGSEGV"});
  if (allowed.has(ValueKind::message)) {
    for (const std::string& name : event_names())
      forms.push_back(has_place(*event_named(name)) ? name + "[:x]" : name);
  }
  if (allowed.has(ValueKind::events)) forms.insert(forms.end(), {"in", "err", "in+err", "none"});
  if (allowed.has(ValueKind::number)) forms.emplace_back("a number");
  if (allowed.has(ValueKind::page))
    forms.insert(forms.end(), {"missing", "present", "present+wp", "present+rwp", "unmapped"});
  if (allowed.has(ValueKind::counts)) forms.emplace_back("1/2 (pending/total)");
  if (allowed.has(ValueKind::mapping))
    forms.insert(forms.end(),
                 {"rw", "r", "none", "rw+uffd", "rw+wp", "rw+minor", "rw+rwp", "rw+shared", "unmapped"});
  if (allowed.has(ValueKind::scan))
    forms.insert(forms.end(), {"nothing", "regions as r[0..2]:written,r[3]:present"});
  if (allowed.has(ValueKind::errnum)) forms.insert(forms.end(), {"ok", "an errno as EAGAIN"});
  return forms;
}

Choices forms_of(FieldUnit unit) {
  if (unit == FieldUnit::mask) return {"untouched", "a mask as 0x1ff"};
  return {"untouched", "pages as 1p", "bytes as 0", "-EAGAIN"};
}

}  // namespace language
