// SPDX-License-Identifier: Apache-2.0
#include "traces/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/uffd/abi.hpp"
#include "traces/format/check.hpp"
#include "traces/format/names.hpp"

namespace traces {
namespace {

// One recording in words that do not depend on the machine it was made on.
class Side {
 public:
  explicit Side(const Recording& recording) : regions_(recording) {
    for (const Observation& o : recording.observations) {
      threads_[number(order_, o.thread)].push_back(&o);
      names_.emplace(order_.at(o.thread), o.thread);
      if (o.ptid != 0) names_.emplace(number(order_, o.ptid), o.ptid);
      if (o.uffd != 0) number(uffds_, o.uffd);
    }
  }

  std::size_t thread_count() const { return names_.size(); }
  std::uint32_t thread_name(std::size_t thread) const { return names_.at(thread); }
  const std::vector<const Observation*>& of_thread(std::size_t thread) const {
    static const std::vector<const Observation*> kNone;
    const auto found = threads_.find(thread);
    return found == threads_.end() ? kNone : found->second;
  }
  const RecordedRegions& regions() const { return regions_; }

  // The region's index and the offset in it; addresses outside are their own offset.
  std::string place(std::uint64_t address) const {
    const auto region = regions_.find(address);
    if (!region) return fmt::format("{:#x}", address);
    return fmt::format("region {}+{:#x}", *region, address - regions_.regions()[*region].start);
  }
  // An end belongs to the region it ends.
  std::string end_place(std::uint64_t end) const { return end == 0 ? place(0) : place(end - 1); }
  std::string thread_place(std::uint32_t ptid) const {
    return ptid == 0 ? "nobody" : fmt::format("thread {}", order_.at(ptid));
  }
  std::string uffd_place(std::uint32_t uffd) const {
    return uffd == 0 ? "none" : fmt::format("userfaultfd {}", uffds_.at(uffd));
  }

 private:
  static std::size_t number(std::map<std::uint32_t, std::size_t>& numbers, std::uint32_t name) {
    return numbers.emplace(name, numbers.size()).first->second;
  }

  RecordedRegions regions_;
  std::map<std::uint32_t, std::size_t> order_;  // thread -> when it first appeared
  std::map<std::uint32_t, std::size_t> uffds_;
  std::map<std::size_t, std::uint32_t> names_;
  std::map<std::size_t, std::vector<const Observation*>> threads_;
};

std::string message_text(const Side& side, const Observation& o) {
  const Value& value = o.value;
  std::string text = fmt::format("{} flags {:#x} ", event_name(value.event), value.flags);
  switch (value.event) {
    case UFFD_EVENT_PAGEFAULT:
      text += side.place(value.start);
      break;
    case UFFD_EVENT_FORK:
      text += "fork";
      break;  // the number is the reader's affair
    default:
      text += fmt::format("{}..{}", side.place(value.start), side.end_place(value.end));
      break;
  }
  return text + fmt::format(" by {}", side.thread_place(o.ptid));
}

std::string value_text(const Side& side, const Observation& o) {
  const Value& value = o.value;
  if (value.kind == ValueKind::message) return message_text(side, o);
  std::string text = value.kind == ValueKind::errnum
                         ? errno_name(value.error)
                         : fmt::format("value {} {} {} {}", static_cast<int>(value.kind), value.small,
                                       value.start, value.end);
  if (value.field_state == FieldState::written) text += fmt::format(", field {}", value.field);
  if (value.field_state == FieldState::untouched) text += ", field untouched";
  return text;
}

struct Aspect {
  const char* what;
  std::string (*text)(const Side&, const Observation&);
};
constexpr Aspect kAspects[] = {
    {"the operation differs",
     [](const Side&, const Observation& o) { return std::string(kind_name(o.kind)); }},
    {"one returned and the other did not",
     [](const Side&, const Observation& o) { return std::string(moment_name(o.moment)); }},
    {"the userfaultfd differs", [](const Side& s, const Observation& o) { return s.uffd_place(o.uffd); }},
    {"the address differs",
     [](const Side& s, const Observation& o) {
       return has_range(o.kind) ? s.place(o.address) : std::string{};
     }},
    {"the length differs", [](const Side&, const Observation& o) { return fmt::format("{:#x}", o.length); }},
    {"the new place differs", [](const Side& s, const Observation& o) { return s.place(o.target); }},
    {"the new length differs",
     [](const Side&, const Observation& o) { return fmt::format("{:#x}", o.target_length); }},
    {"the mode differs", [](const Side&, const Observation& o) { return fmt::format("{:#x}", o.mode); }},
    {"the result differs", value_text},
};

std::string describe(const Side& side, const Observation& o) {
  std::string text = fmt::format("{}: {}", o.origin, kind_name(o.kind));
  if (has_range(o.kind)) text += fmt::format(" {} length {:#x}", side.regions().name_of(o.address), o.length);
  if (o.mode != 0) text += fmt::format(" mode {:#x}", o.mode);
  if (o.value.kind == ValueKind::message && o.value.event == UFFD_EVENT_PAGEFAULT) {
    return text + fmt::format(" = PAGEFAULT flags {:#x} at {} by {}", o.value.flags,
                              side.regions().name_of(o.value.start), o.ptid);
  }
  return text + " = " + value_text(side, o);
}

const char* first_difference(const Side& left, const Observation& a, const Side& right,
                             const Observation& b) {
  for (const Aspect& aspect : kAspects) {
    if (aspect.text(left, a) != aspect.text(right, b)) return aspect.what;
  }
  return nullptr;
}

void compare_thread(const Side& left, const Side& right, std::size_t thread, DiffReport& report) {
  const auto& a = left.of_thread(thread);
  const auto& b = right.of_thread(thread);
  const std::string name = fmt::format("thread {} / {}", left.thread_name(thread), right.thread_name(thread));
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const bool both = i < a.size() && i < b.size();
    const char* what = both ? first_difference(left, *a[i], right, *b[i]) : "one goes on";
    if (what == nullptr) {
      ++report.compared;
      continue;
    }
    report.differences.push_back({name, i + 1, i < a.size() ? describe(left, *a[i]) : "nothing more",
                                  i < b.size() ? describe(right, *b[i]) : "nothing more", what});
    return;
  }
}

void compare_regions(const Side& left, const Side& right, DiffReport& report) {
  const auto& a = left.regions().regions();
  const auto& b = right.regions().regions();
  if (a.size() != b.size()) {
    report.differences.push_back({"the regions", 0, fmt::format("{} regions", a.size()),
                                  fmt::format("{} regions", b.size()), "their number differs"});
    return;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].end - a[i].start == b[i].end - b[i].start) continue;
    report.differences.push_back(
        {"the regions", i + 1, fmt::format("{} has {:#x} bytes", a[i].name, a[i].end - a[i].start),
         fmt::format("{} has {:#x} bytes", b[i].name, b[i].end - b[i].start), "the size differs"});
  }
}

}  // namespace

DiffReport diff(const Recording& left, const Recording& right) {
  const Side a(left);
  const Side b(right);
  DiffReport report;
  compare_regions(a, b, report);
  if (a.thread_count() != b.thread_count()) {
    report.differences.push_back({"the threads", 0, fmt::format("{} threads", a.thread_count()),
                                  fmt::format("{} threads", b.thread_count()), "their number differs"});
  }
  for (std::size_t i = 0; i < std::min(a.thread_count(), b.thread_count()); ++i)
    compare_thread(a, b, i, report);
  return report;
}

std::string to_text(const DiffReport& report) {
  if (report.equal()) return fmt::format("equal: {} observations, thread by thread\n", report.compared);
  std::string text =
      fmt::format("{} differences; {} observations agree\n", report.differences.size(), report.compared);
  for (const Difference& d : report.differences) {
    text += d.thread;
    if (d.position != 0) text += fmt::format(", number {}", d.position);
    text += fmt::format(": {}\n  left   {}\n  right  {}\n", d.what, d.left, d.right);
  }
  return text;
}

}  // namespace traces
