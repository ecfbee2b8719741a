// SPDX-License-Identifier: Apache-2.0
// The importer of QEMU's trace-event log (destination of a postcopy migration). QEMU prints around its
// system calls, so each observation is an interval: an event printed behind its call happened since the
// thread's previous line, one printed before it until the thread's next line. A copy is followed by up to
// three lines: postcopy_page_req_del (if the page was asked for), mark_postcopy_blocktime_end,
// postcopy_place_page. It was over at the first of them.
#include <fcntl.h>
#include <fmt/format.h>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/mm/address.hpp"
#include "model/uffd/abi.hpp"
#include "traces/format/check.hpp"
#include "traces/import/import.hpp"
#include "traces/import/scan.hpp"

namespace traces {
namespace {

constexpr std::size_t kMaxTracked = std::size_t{1} << 16;

struct QemuLine {
  std::uint32_t thread = 0;
  std::uint64_t clock = 0;
  std::string_view event;
  std::string_view rest;
};

// TID@SEC.USEC:event rest
std::optional<QemuLine> parse_qemu_line(std::string_view text) {
  QemuLine line;
  const auto thread = take_decimal(text);
  if (!thread || *thread > std::numeric_limits<std::uint32_t>::max() || !take(text, "@")) return std::nullopt;
  const auto clock = take_seconds(text);
  if (!clock || !take(text, ":")) return std::nullopt;
  line.thread = static_cast<std::uint32_t>(*thread);
  line.clock = *clock;
  line.event = take_word(text);
  if (line.event.empty()) return std::nullopt;
  skip_spaces(text);
  line.rest = text;
  return line;
}

// The number behind "key" in the text.
std::optional<std::uint64_t> number_behind(std::string_view text, std::string_view key) {
  const std::size_t at = text.rfind(key);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + key.size());
  return take_number(text);
}

// The page that the line says is there now: one of the lines that follow a copy.
std::optional<std::uint64_t> address_resolved(const QemuLine& line) {
  if (line.event == "postcopy_page_req_del") return number_behind(line.rest, "page req ");
  if (line.event == "mark_postcopy_blocktime_end") return number_behind(line.rest, "addr: ");
  return std::nullopt;
}

struct RamBlock {
  std::string name;
  std::uint64_t start = 0;
  std::uint64_t length = 0;
  std::uint64_t line = 0;
};

class QemuImporter {
 public:
  QemuImporter(Lines& lines, const Sink& sink, ImportSummary& summary)
      : lines_(lines), sink_(sink), summary_(summary) {}

  Expected<void> run();

 private:
  using Done = Expected<void>;
  enum class When : std::uint8_t { before_the_line, behind_the_line };

  Done take_line(const QemuLine& line);
  Done take_event(const QemuLine& line);
  Done on_range(const QemuLine& line);
  Done on_cleanup(const QemuLine& line);
  Done on_fault(const QemuLine& line);
  Done on_place(const QemuLine& line, OperationKind kind, When when);
  Done open(const QemuLine& line);
  Done open_if_needed(const QemuLine& line);
  std::optional<RamBlock> block_of(const QemuLine& line) const;

  Observation observation_of(const QemuLine& line, OperationKind kind) const;
  Done happened(const QemuLine& line, Observation observation, When when);
  Done emit(const Observation& observation);
  Done finish_open_ended();
  tl::unexpected<Error> fail(std::string what, std::string why) const;

  Lines& lines_;
  const Sink& sink_;
  ImportSummary& summary_;
  std::vector<RamBlock> blocks_;
  std::uint32_t uffd_ = 0;  // 0 until postcopy_ram_fault_thread_fds_core names it
  enum class State : std::uint8_t { before, open, closed } state_ = State::before;
  // The first line that says a page is there, until postcopy_place_page confirms how.
  struct Resolved {
    std::uint64_t address = 0;
    std::uint64_t clock = 0;
  };
  std::map<std::uint32_t, Resolved> resolved_;       // by thread
  std::map<std::uint32_t, std::uint64_t> previous_;  // by thread: when it last printed
  std::map<std::uint32_t, Observation> open_ended_;  // by thread: printed before its call
};

tl::unexpected<Error> QemuImporter::fail(std::string what, std::string why) const {
  return tl::unexpected(Error{lines_.name(), lines_.number(), std::move(what), std::move(why),
                              "is this the log of the destination, with -trace 'postcopy_*'?"});
}

Expected<void> QemuImporter::run() {
  for (;;) {
    const auto line = lines_.next();
    if (!line) return tl::unexpected(line.error());
    if (!*line) return finish_open_ended();
    ++summary_.lines;
    const auto parsed = parse_qemu_line((*line)->text);
    if (!parsed) {
      if (!(*line)->text.empty()) summary_.note_unknown(lines_.number(), (*line)->text);
      continue;
    }
    auto done = take_line(*parsed);
    if (!done) return done;
  }
}

Expected<void> QemuImporter::take_line(const QemuLine& line) {
  const auto waiting = open_ended_.find(line.thread);
  if (waiting != open_ended_.end()) {
    Observation observation = std::move(waiting->second);
    open_ended_.erase(waiting);
    if (line.clock > observation.clock) observation.duration = line.clock - observation.clock;
    auto done = emit(observation);
    if (!done) return done;
  }
  const auto resolved = address_resolved(line);
  if (resolved && resolved_.size() < kMaxTracked) {
    summary_.ignore(line.event);
    if (resolved_[line.thread].address != *resolved) resolved_[line.thread] = {*resolved, line.clock};
    return {};
  }
  auto done = take_event(line);
  if (previous_.size() >= kMaxTracked && !previous_.contains(line.thread)) {
    return fail("too many threads", "a QEMU has fewer");
  }
  previous_[line.thread] = line.clock;
  return done;
}

Expected<void> QemuImporter::take_event(const QemuLine& line) {
  if (line.event == "postcopy_init_range" || line.event == "postcopy_nhp_range") return on_range(line);
  if (line.event == "postcopy_cleanup_range") return on_cleanup(line);
  if (line.event == "postcopy_ram_fault_thread_request") return on_fault(line);
  if (line.event == "postcopy_place_page") return on_place(line, OperationKind::copy, When::before_the_line);
  if (line.event == "postcopy_place_page_zero") {
    return on_place(line, OperationKind::zeropage, When::behind_the_line);
  }
  if (line.event == "postcopy_ram_enable_notify") return open(line);
  if (line.event == "postcopy_ram_incoming_cleanup_closeuf" && state_ == State::open) {
    state_ = State::closed;
    return happened(line, observation_of(line, OperationKind::close), When::behind_the_line);
  }
  if (line.event == "postcopy_ram_fault_thread_fds_core") {
    uffd_ = static_cast<std::uint32_t>(number_behind(line.rest, "ufd: ").value_or(0));
  }
  summary_.ignore(line.event);
  return {};
}

// "pc.ram: 0x7f8f19e00000 offset=0x0 length=0x6000000"
std::optional<RamBlock> QemuImporter::block_of(const QemuLine& line) const {
  const std::size_t colon = line.rest.rfind(": 0x");
  const auto length = number_behind(line.rest, "length=");
  if (colon == std::string_view::npos || !length) return std::nullopt;
  std::string_view address = line.rest.substr(colon + 2);
  const auto start = take_number(address);
  if (!start) return std::nullopt;
  return RamBlock{std::string(line.rest.substr(0, colon)), *start, *length, lines_.number()};
}

Expected<void> QemuImporter::on_range(const QemuLine& line) {
  auto block = block_of(line);
  if (!block) return fail("the range cannot be understood", std::string(line.rest.substr(0, 80)));
  if (block->start + block->length < block->start) return fail("the length wraps around 2^64", block->name);
  summary_.ignore(line.event);
  for (const RamBlock& known : blocks_) {
    if (known.start == block->start && known.length == block->length) return {};
  }
  if (blocks_.size() >= kMaxTracked) return fail("too many RAM blocks", "a QEMU has fewer");
  blocks_.push_back(std::move(*block));
  return {};
}

// QEMU does not trace how it opens its userfaultfd: it has done so, and registered every block, when it says
// "enable_notify".
Expected<void> QemuImporter::open(const QemuLine& line) {
  if (state_ != State::before) {
    summary_.ignore(line.event);
    return {};
  }
  state_ = State::open;
  constexpr const char* kInferred = "inferred";
  Observation creation = observation_of(line, OperationKind::userfaultfd);
  creation.mode = O_CLOEXEC | O_NONBLOCK;
  creation.note = kInferred;
  Observation handshake = observation_of(line, OperationKind::api);
  handshake.address = UFFD_API;
  handshake.mode = UFFD_FEATURE_THREAD_ID;
  handshake.note = kInferred;
  for (const Observation& observation : {creation, handshake}) {
    auto done = happened(line, observation, When::before_the_line);
    if (!done) return done;
  }
  for (const RamBlock& block : blocks_) {
    Observation registration = observation_of(line, OperationKind::register_);
    registration.address = block.start;
    registration.length = block.length;
    registration.mode = UFFDIO_REGISTER_MODE_MISSING;
    registration.note = block.name;
    auto done = happened(line, registration, When::before_the_line);
    if (!done) return done;
  }
  return {};
}

Expected<void> QemuImporter::open_if_needed(const QemuLine& line) {
  if (state_ == State::open) return {};
  if (state_ == State::closed)
    return fail("a page is placed or asked for after the userfaultfd was closed", "");
  if (blocks_.empty()) {
    return fail("a page is placed or asked for before any RAM block is known",
                "there was no postcopy_init_range and no postcopy_nhp_range");
  }
  return open(line);
}

Expected<void> QemuImporter::on_cleanup(const QemuLine& line) {
  const auto block = block_of(line);
  if (!block) return fail("the range cannot be understood", std::string(line.rest.substr(0, 80)));
  if (state_ != State::open) {
    summary_.ignore(line.event);
    return {};
  }
  Observation observation = observation_of(line, OperationKind::unregister);
  observation.address = block->start;
  observation.length = block->length;
  return happened(line, observation, When::behind_the_line);
}

// "Request for HVA=0x7fdaab2f2000 rb=pc.ram offset=0x54f2000 pid=11445"
Expected<void> QemuImporter::on_fault(const QemuLine& line) {
  const auto address = number_behind(line.rest, "HVA=");
  const auto ptid = number_behind(line.rest, "pid=");
  if (!address || !ptid || *ptid > std::numeric_limits<std::uint32_t>::max()) {
    return fail("the request cannot be understood", std::string(line.rest.substr(0, 80)));
  }
  auto opened = open_if_needed(line);
  if (!opened) return opened;
  Observation observation = observation_of(line, OperationKind::read);
  observation.value = Value{.kind = ValueKind::message, .event = UFFD_EVENT_PAGEFAULT, .start = *address};
  observation.ptid = static_cast<std::uint32_t>(*ptid);
  return happened(line, observation, When::before_the_line);
}

// "host=0x7fdaab2f2000"
Expected<void> QemuImporter::on_place(const QemuLine& line, OperationKind kind, When when) {
  const auto address = number_behind(line.rest, "host=");
  if (!address) return fail("the placement cannot be understood", std::string(line.rest.substr(0, 80)));
  auto opened = open_if_needed(line);
  if (!opened) return opened;
  Observation observation = observation_of(line, kind);
  observation.address = *address;
  observation.length = model::kPageSize;  // Simplified: QEMU does not say; hugetlb blocks place more
  const auto resolved = resolved_.find(line.thread);
  QemuLine over = line;
  if (resolved != resolved_.end() && resolved->second.address == *address)
    over.clock = resolved->second.clock;
  if (resolved != resolved_.end()) resolved_.erase(resolved);
  return happened(when == When::before_the_line ? over : line, observation, when);
}

Observation QemuImporter::observation_of(const QemuLine& line, OperationKind kind) const {
  Observation observation;
  observation.clock = line.clock;
  observation.thread = line.thread;
  observation.uffd = uffd_;
  observation.kind = kind;
  observation.value = Value::ok();  // QEMU gives up on the first failure, and says so elsewhere
  observation.origin =
      fmt::format("{}:{}", lines_.name().substr(lines_.name().rfind('/') + 1), lines_.number());
  return observation;
}

Expected<void> QemuImporter::happened(const QemuLine& line, Observation observation, When when) {
  if (when == When::behind_the_line) {
    open_ended_[line.thread] = std::move(observation);
    return {};
  }
  const auto previous = previous_.find(line.thread);
  if (previous != previous_.end() && previous->second < line.clock) {
    observation.clock = previous->second;
    observation.duration = line.clock - previous->second;
  }
  return emit(observation);
}

Expected<void> QemuImporter::emit(const Observation& observation) {
  const std::string why = complaint(observation);
  if (!why.empty()) return fail("the event cannot have happened as it is written", why);
  ++summary_.observations;
  return sink_(observation);
}

Expected<void> QemuImporter::finish_open_ended() {
  for (const auto& [thread, observation] : open_ended_) {
    auto done = emit(observation);
    if (!done) return done;
  }
  return {};
}

}  // namespace

Expected<void> import_qemu(Lines& lines, const Sink& sink, ImportSummary& summary) {
  return QemuImporter(lines, sink, summary).run();
}

}  // namespace traces
