// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/events.hpp"

#include <fmt/format.h>
#include <poll.h>

#include "model/uffd/abi.hpp"
#include "scenarios/language/grammar.hpp"

namespace language {
namespace {

struct NamedEvent {
  std::string_view name;
  EventKind kind;
};
constexpr NamedEvent kEvents[] = {
    {"read-fault", {UFFD_EVENT_PAGEFAULT, 0}},
    {"write-fault", {UFFD_EVENT_PAGEFAULT, UFFD_PAGEFAULT_FLAG_WRITE}},
    {"wp-fault", {UFFD_EVENT_PAGEFAULT, UFFD_PAGEFAULT_FLAG_WRITE | UFFD_PAGEFAULT_FLAG_WP}},
    {"minor-fault", {UFFD_EVENT_PAGEFAULT, UFFD_PAGEFAULT_FLAG_MINOR}},
    {"minor-write-fault", {UFFD_EVENT_PAGEFAULT, UFFD_PAGEFAULT_FLAG_WRITE | UFFD_PAGEFAULT_FLAG_MINOR}},
    {"rwp-fault", {UFFD_EVENT_PAGEFAULT, model::abi::kPagefaultFlagRwp}},
    {"rwp-write-fault", {UFFD_EVENT_PAGEFAULT, UFFD_PAGEFAULT_FLAG_WRITE | model::abi::kPagefaultFlagRwp}},
    {"fork", {UFFD_EVENT_FORK, 0}},
    {"remap", {UFFD_EVENT_REMAP, 0}},
    {"remove", {UFFD_EVENT_REMOVE, 0}},
    {"unmap", {UFFD_EVENT_UNMAP, 0}},
};

struct NamedPoll {
  std::string_view name;
  std::uint8_t bit;
};
constexpr NamedPoll kPolls[] = {{"in", POLLIN},         {"pri", POLLPRI},      {"out", POLLOUT},
                                {"err", POLLERR},       {"hup", POLLHUP},      {"nval", POLLNVAL},
                                {"rdnorm", POLLRDNORM}, {"rdband", POLLRDBAND}};

}  // namespace

bool is_fault(EventKind kind) { return kind.event == UFFD_EVENT_PAGEFAULT; }
bool has_place(EventKind kind) { return kind.event != UFFD_EVENT_FORK; }

std::string event_word(EventKind kind) {
  for (const NamedEvent& entry : kEvents) {
    if (entry.kind.event == kind.event && entry.kind.flags == kind.flags) return std::string(entry.name);
  }
  return fmt::format("event-{:#x}", kind.event | kind.flags << 8);
}

std::optional<EventKind> event_named(std::string_view name) {
  for (const NamedEvent& entry : kEvents) {
    if (entry.name == name) return entry.kind;
  }
  constexpr std::string_view kNumbered = "event-";
  if (!name.starts_with(kNumbered)) return std::nullopt;
  const std::optional<std::uint64_t> bits = number(name.substr(kNumbered.size()));
  if (!bits || *bits > 0xffff) return std::nullopt;
  return EventKind{static_cast<std::uint8_t>(*bits), static_cast<std::uint8_t>(*bits >> 8)};
}

Choices event_names() {
  Choices names;
  for (const NamedEvent& entry : kEvents) names.emplace_back(entry.name);
  return names;
}

std::string poll_word(std::uint8_t bits) {
  std::string text;
  for (const NamedPoll& entry : kPolls) {
    if ((bits & entry.bit) == 0) continue;
    if (!text.empty()) text += '+';
    text += entry.name;
  }
  return text.empty() ? "none" : text;
}

std::optional<std::uint8_t> poll_named(std::string_view name) {
  if (name == "none") return std::uint8_t{0};
  unsigned bits = 0;
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t plus = std::min(name.find('+', from), name.size());
    const std::string_view part = name.substr(from, plus - from);
    unsigned bit = 0;
    for (const NamedPoll& entry : kPolls) {
      if (entry.name == part) bit = entry.bit;
    }
    if (bit == 0) return std::nullopt;
    bits |= bit;
    from = plus + 1;
  }
  return static_cast<std::uint8_t>(bits);
}

}  // namespace language
