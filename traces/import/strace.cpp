// SPDX-License-Identifier: Apache-2.0
// The strace importer: joins split lines, follows threads, processes and descriptors, and turns the calls
// that concern userfaultfds into observations.
#include <fcntl.h>
#include <fmt/format.h>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "model/uffd/abi.hpp"
#include "traces/format/check.hpp"
#include "traces/format/names.hpp"
#include "traces/import/descriptors.hpp"
#include "traces/import/flags.hpp"
#include "traces/import/import.hpp"
#include "traces/import/message.hpp"
#include "traces/import/scan.hpp"
#include "traces/import/strace_line.hpp"
#include "traces/ranges.hpp"

namespace traces {
namespace {

constexpr std::size_t kMaxPendingText = std::size_t{64} << 10;  // of one split call
constexpr std::size_t kMaxTracked = std::size_t{1} << 16;       // threads, descriptors, ranges
constexpr std::string_view kUserfaultfd = "anon_inode:[userfaultfd]";

// How strace names the fields of an ioctl's struct.
struct IoctlShape {
  std::string_view command;
  OperationKind kind;
  std::string_view range;  // the member that is a struct uffdio_range, "" if the members lie open
  std::string_view start;
  std::string_view source;  // "" if there is none
  std::string_view mode;
  std::string_view field;  // the output field
};
constexpr IoctlShape kIoctls[] = {
    {"UFFDIO_REGISTER", OperationKind::register_, "range", "start", "", "mode", "ioctls"},
    {"UFFDIO_UNREGISTER", OperationKind::unregister, "", "start", "", "", ""},
    {"UFFDIO_COPY", OperationKind::copy, "", "dst", "src", "mode", "copy"},
    {"UFFDIO_ZEROPAGE", OperationKind::zeropage, "range", "start", "", "mode", "zeropage"},
    {"UFFDIO_WAKE", OperationKind::wake, "", "start", "", "", ""},
};

// A call as a whole, whether it stood on one line or two.
struct Call {
  std::string_view name;
  StraceCall call;
  std::uint32_t thread = 0;
  std::uint32_t process = 0;
  std::uint64_t clock = 0;
  std::uint64_t line = 0;
  Moment moment = Moment::whole;  // enter: it never returned

  bool succeeded() const { return call.result && *call.result >= 0; }
  std::string_view argument(std::size_t i) const {
    return i < call.arguments.size() ? call.arguments[i] : std::string_view{};
  }
};

class StraceImporter {
 public:
  StraceImporter(Lines& lines, const Sink& sink, ImportSummary& summary)
      : lines_(lines), sink_(sink), summary_(summary) {}

  Expected<void> run();

 private:
  using Done = Expected<void>;
  using Handler = Done (StraceImporter::*)(const Call&);
  static Handler handler_of(std::string_view name);

  Done take_line(std::string_view text);
  Done take_unfinished(const StraceLine& line);
  Done take_resumed(const StraceLine& line);
  Done take_call(const StraceLine& line, std::string_view rest, std::uint64_t clock, std::uint64_t number);
  Done finish_pending();

  Done on_userfaultfd(const Call& call);
  Done on_ioctl(const Call& call);
  Done on_read(const Call& call);
  Done on_close(const Call& call);
  Done on_dup(const Call& call);
  Done on_memory(const Call& call);
  Done on_clone(const Call& call);
  Done on_exit(const Call& call);

  Done on_api(const Call& call, Observation observation);
  Done on_range_ioctl(const Call& call, const IoctlShape& shape, Observation observation);
  Done on_device(const Call& call);
  Done emit_messages(const Call& call, Observation observation, std::string_view bytes);

  std::uint32_t process_of(std::uint32_t thread);
  std::optional<std::uint32_t> uffd_of(const Call& call, std::string_view argument);
  Observation observation_of(const Call& call, OperationKind kind) const;
  Done emit(const Observation& observation);
  tl::unexpected<Error> fail(std::uint64_t line, std::string what, std::string why, std::string remedy) const;
  tl::unexpected<Error> misread(const Call& call, std::string_view part) const;

  struct Pending {
    std::string name;
    std::string text;
    std::uint64_t clock = 0;
    std::uint64_t line = 0;
  };
  Lines& lines_;
  const Sink& sink_;
  ImportSummary& summary_;
  std::map<std::uint32_t, Pending> pending_;          // by thread
  std::map<std::uint32_t, std::uint32_t> processes_;  // by thread
  std::map<std::uint32_t, Ranges> registered_;        // by process: whatever was registered once
  std::optional<std::uint32_t> first_process_;
  std::optional<std::uint32_t> forking_;  // a process with a fork that has not returned
  Descriptors descriptors_;
};

StraceImporter::Handler StraceImporter::handler_of(std::string_view name) {
  static constexpr std::pair<std::string_view, Handler> kHandlers[] = {
      {"userfaultfd", &StraceImporter::on_userfaultfd},
      {"ioctl", &StraceImporter::on_ioctl},
      {"read", &StraceImporter::on_read},
      {"close", &StraceImporter::on_close},
      {"dup", &StraceImporter::on_dup},
      {"dup2", &StraceImporter::on_dup},
      {"dup3", &StraceImporter::on_dup},
      {"fcntl", &StraceImporter::on_dup},
      {"mmap", &StraceImporter::on_memory},
      {"munmap", &StraceImporter::on_memory},
      {"mprotect", &StraceImporter::on_memory},
      {"madvise", &StraceImporter::on_memory},
      {"mremap", &StraceImporter::on_memory},
      {"clone", &StraceImporter::on_clone},
      {"clone3", &StraceImporter::on_clone},
      {"fork", &StraceImporter::on_clone},
      {"vfork", &StraceImporter::on_clone},
      {"exit_group", &StraceImporter::on_exit},
  };
  for (const auto& [wanted, handler] : kHandlers) {
    if (wanted == name) return handler;
  }
  return nullptr;
}

tl::unexpected<Error> StraceImporter::fail(std::uint64_t line, std::string what, std::string why,
                                           std::string remedy) const {
  return tl::unexpected(Error{lines_.name(), line, std::move(what), std::move(why), std::move(remedy)});
}

tl::unexpected<Error> StraceImporter::misread(const Call& call, std::string_view part) const {
  constexpr std::size_t kExcerpt = 60;
  return fail(call.line, fmt::format("{} of {} cannot be understood", part, call.name),
              fmt::format("\"{}\"", fmt::join(call.call.arguments, ", ")).substr(0, kExcerpt),
              "record with strace 6.1 or newer, or report the line");
}

Expected<void> StraceImporter::run() {
  for (;;) {
    const auto line = lines_.next();
    if (!line) return tl::unexpected(line.error());
    if (!*line) return finish_pending();
    ++summary_.lines;
    auto done = take_line((*line)->text);
    if (!done) return done;
  }
}

Expected<void> StraceImporter::take_line(std::string_view text) {
  if (text.empty()) return {};
  const StraceLine line = parse_strace_line(text);
  switch (line.shape) {
    case StraceLine::Shape::remark:
      summary_.ignore("remarks");
      return {};
    case StraceLine::Shape::unknown:
      summary_.note_unknown(lines_.number(), text);
      return {};
    case StraceLine::Shape::unfinished:
      return take_unfinished(line);
    case StraceLine::Shape::resumed:
      return take_resumed(line);
    case StraceLine::Shape::whole:
      break;
  }
  if (handler_of(line.name) != nullptr) return take_call(line, line.rest, line.clock, lines_.number());
  summary_.ignore(line.name);
  return {};
}

Expected<void> StraceImporter::take_unfinished(const StraceLine& line) {
  if (handler_of(line.name) == nullptr) {
    summary_.ignore(line.name);
    return {};
  }
  const bool threads_left = pending_.contains(line.thread) || pending_.size() < kMaxTracked;
  if (line.rest.size() > kMaxPendingText || !threads_left) {
    return fail(lines_.number(), "too much is unfinished",
                "a call's arguments or the number of threads pass all bounds",
                "check that this is strace's output");
  }
  const bool fork = line.name == "fork" || line.name == "vfork" ||
                    (line.name.starts_with("clone") && line.rest.find("CLONE_VM") == std::string_view::npos);
  if (fork) forking_ = process_of(line.thread);
  pending_[line.thread] = {std::string(line.name), std::string(line.rest), line.clock, lines_.number()};
  return {};
}

Expected<void> StraceImporter::take_resumed(const StraceLine& line) {
  const auto found = pending_.find(line.thread);
  if (found == pending_.end() || found->second.name != line.name) {
    // Its beginning was before the recording, or is of no concern.
    if (handler_of(line.name) != nullptr)
      summary_.leave_untold(fmt::format("{} without its beginning", line.name));
    return {};
  }
  const Pending begun = std::move(found->second);
  pending_.erase(found);
  if (line.rest.size() > kMaxPendingText) {
    return fail(lines_.number(), "the call's arguments pass all bounds", "",
                "check that this is strace's output");
  }
  const std::string joined = begun.text + std::string(line.rest);
  return take_call(line, joined, begun.clock, begun.line);
}

Expected<void> StraceImporter::take_call(const StraceLine& line, std::string_view rest, std::uint64_t clock,
                                         std::uint64_t number) {
  auto parsed = parse_strace_call(rest);
  if (!parsed) {
    summary_.note_unknown(number, rest);
    return {};
  }
  Call call{line.name, std::move(*parsed), line.thread, process_of(line.thread), clock,
            number,    Moment::whole};
  if (!call.call.result) call.moment = Moment::enter;
  return (this->*handler_of(line.name))(call);
}

// What had not returned when the recording ended.
Expected<void> StraceImporter::finish_pending() {
  for (const auto& [thread, begun] : pending_) {
    Call call{begun.name, {}, thread, process_of(thread), begun.clock, begun.line, Moment::enter};
    call.call.arguments = split_arguments(begun.text);
    auto done = (this->*handler_of(begun.name))(call);
    if (!done) return done;
  }
  return {};
}

std::uint32_t StraceImporter::process_of(std::uint32_t thread) {
  const auto found = processes_.find(thread);
  if (found != processes_.end()) return found->second;
  // A thread nobody was seen to make: the child of a fork in flight, else a thread of the first process.
  std::uint32_t process = thread;
  if (forking_) {
    descriptors_.inherit(*forking_, thread);
    registered_[thread] = registered_[*forking_];
    forking_.reset();
  } else {
    process = first_process_.value_or(thread);
  }
  if (!first_process_) first_process_ = process;
  if (processes_.size() < kMaxTracked) processes_[thread] = process;
  return process;
}

std::optional<std::uint32_t> StraceImporter::uffd_of(const Call& call, std::string_view argument) {
  const auto descriptor = parse_descriptor(argument);
  if (!descriptor) return std::nullopt;
  const auto known = descriptors_.find(call.process, descriptor->number);
  const bool told = !descriptor->what.empty();
  const bool named_by_command = call.name == "ioctl" && call.argument(1).starts_with("UFFDIO_");
  if (told ? descriptor->what == kUserfaultfd : known || named_by_command) {
    if (known) return known;
    if (descriptors_.size() >= kMaxTracked) return std::nullopt;
    return descriptors_.open(call.process, descriptor->number);  // opened, received or inherited out of sight
  }
  if (known) static_cast<void>(descriptors_.close(call.process, descriptor->number));  // closed out of sight
  return std::nullopt;
}

Observation StraceImporter::observation_of(const Call& call, OperationKind kind) const {
  Observation observation;
  observation.clock = call.clock;
  observation.duration = call.call.duration;
  observation.process = call.process;
  observation.thread = call.thread;
  observation.moment = call.moment;
  observation.kind = kind;
  if (call.moment != Moment::enter) {
    const auto error = call.call.error.empty() ? model::Errno::none
                                               : errno_named(call.call.error).value_or(model::Errno::inval);
    observation.value = Value::of(error);
  }
  observation.origin = fmt::format("{}:{}", lines_.name().substr(lines_.name().rfind('/') + 1), call.line);
  return observation;
}

Expected<void> StraceImporter::emit(const Observation& observation) {
  const std::string why = complaint(observation);
  if (!why.empty()) {
    const std::size_t colon = observation.origin.rfind(':');
    const auto line = whole_number(std::string_view(observation.origin).substr(colon + 1)).value_or(0);
    return fail(line, "the call cannot have happened as it is written", why, "the file is damaged here");
  }
  ++summary_.observations;
  return sink_(observation);
}

Expected<void> StraceImporter::on_userfaultfd(const Call& call) {
  Observation observation = observation_of(call, OperationKind::userfaultfd);
  const auto flags =
      call.argument(0).empty() ? std::optional<std::uint64_t>(0) : parse_mask(call.argument(0));
  if (!flags) return misread(call, "flags");
  observation.mode = *flags;
  if (call.succeeded()) {
    if (*call.call.result > std::numeric_limits<std::int32_t>::max()) return misread(call, "the descriptor");
    observation.uffd = descriptors_.open(call.process, static_cast<std::uint32_t>(*call.call.result));
  }
  return emit(observation);
}

// ioctl(3</dev/userfaultfd>, USERFAULTFD_IOC_NEW, FLAGS) = descriptor
Expected<void> StraceImporter::on_device(const Call& call) {
  Call creation = call;
  creation.call.arguments = {call.argument(2)};
  return on_userfaultfd(creation);
}

Expected<void> StraceImporter::on_ioctl(const Call& call) {
  const std::string_view command = call.argument(1);
  if (command == "USERFAULTFD_IOC_NEW" || command == "USERFAULTFD_IOC(_IOC_NONE, 0xaa, 0, 0)" ||
      command == "_IOC(_IOC_NONE, 0xaa, 0, 0)") {
    return on_device(call);
  }
  const auto uffd = uffd_of(call, call.argument(0));
  if (!uffd) {
    summary_.ignore("ioctl");
    return {};
  }
  Observation observation;
  if (command == "UFFDIO_API") {
    observation = observation_of(call, OperationKind::api);
    observation.uffd = *uffd;
    return on_api(call, observation);
  }
  for (const IoctlShape& shape : kIoctls) {
    if (shape.command != command) continue;
    observation = observation_of(call, shape.kind);
    observation.uffd = *uffd;
    return on_range_ioctl(call, shape, observation);
  }
  summary_.leave_untold(command);
  return {};
}

Expected<void> StraceImporter::on_api(const Call& call, Observation observation) {
  const std::string_view text = call.argument(2);
  const auto api = whole_number(member_of(text, "api"));
  std::string_view asked = member_of(text, "features");
  if (!text.starts_with('{')) {
    summary_.leave_untold("UFFDIO_API with an unreadable argument");
    return {};
  }
  std::string_view answered = asked;
  const std::size_t arrow = asked.find(" => ");
  if (arrow != std::string_view::npos) {
    constexpr std::string_view kNew = "features=";
    answered = asked.substr(arrow + 4);
    asked = asked.substr(0, arrow);
    static_cast<void>(take(answered, kNew));
  }
  const auto mode = parse_mask(asked);
  const auto features = parse_mask(answered);
  if (!api || !mode || !features) return misread(call, "the argument");
  observation.address = *api;
  observation.mode = *mode;
  if (call.succeeded()) {
    observation.value = Value::with_field(model::Errno::none, static_cast<std::int64_t>(*features));
  }
  return emit(observation);
}

Expected<void> StraceImporter::on_range_ioctl(const Call& call, const IoctlShape& shape,
                                              Observation observation) {
  const std::string_view text = call.argument(2);
  if (!text.starts_with('{')) {
    summary_.leave_untold(fmt::format("{} with an unreadable argument", shape.command));
    return {};
  }
  const std::string_view range = shape.range.empty() ? text : member_of(text, shape.range);
  const auto start = whole_number(member_of(range, shape.start));
  const auto length = whole_number(member_of(range, "len"));
  const auto source = shape.source.empty() ? 0 : whole_number(member_of(text, shape.source));
  const auto mode = shape.mode.empty() ? 0 : parse_mask(member_of(text, shape.mode));
  if (!start || !length || !source || !mode) return misread(call, "the argument");
  observation.address = *start;
  observation.length = *length;
  observation.source = *source;
  observation.mode = *mode;
  const std::string_view field = shape.field.empty() ? std::string_view{} : member_of(text, shape.field);
  if (!field.empty() && call.moment != Moment::enter) {
    const auto number = parse_mask(field);
    if (!number) return misread(call, "the output field");
    observation.value = Value::with_field(observation.value.error, static_cast<std::int64_t>(*number));
  }
  if (shape.kind == OperationKind::register_ && call.succeeded()) {
    Ranges& ranges = registered_[call.process];
    ranges.add(*start, *length);
    if (ranges.size() > kMaxTracked) return fail(call.line, "too many ranges are registered", "", "");
  }
  return emit(observation);
}

Expected<void> StraceImporter::on_read(const Call& call) {
  const auto uffd = uffd_of(call, call.argument(0));
  if (!uffd) {
    summary_.ignore("read");
    return {};
  }
  Observation observation = observation_of(call, OperationKind::read);
  observation.uffd = *uffd;
  if (!call.succeeded()) return emit(observation);
  std::string_view quoted = call.argument(1);
  const auto bytes = unescape(quoted);
  if (!bytes) return misread(call, "the bytes");
  if (!quoted.empty() || bytes->size() != static_cast<std::uint64_t>(*call.call.result)) {
    return fail(call.line, "a message is not there in full",
                fmt::format("read gave {} bytes and strace kept {}", *call.call.result, bytes->size()),
                "record with -s 4096");
  }
  return emit_messages(call, observation, *bytes);
}

Expected<void> StraceImporter::emit_messages(const Call& call, Observation observation,
                                             std::string_view bytes) {
  if (bytes.empty() || bytes.size() % kMessageSize != 0) {
    return fail(call.line, "the bytes are no messages",
                fmt::format("{} is not a positive multiple of {}", bytes.size(), kMessageSize),
                "the file is damaged here");
  }
  for (; !bytes.empty(); bytes.remove_prefix(kMessageSize)) {
    Observation one = observation;
    const std::string why = store_message(bytes.substr(0, kMessageSize), one);
    if (!why.empty()) return fail(call.line, "the bytes are no message", why, "the file is damaged here");
    auto done = emit(one);
    if (!done) return done;
  }
  return {};
}

Expected<void> StraceImporter::on_close(const Call& call) {
  const auto uffd = uffd_of(call, call.argument(0));
  if (!uffd) {
    summary_.ignore("close");
    return {};
  }
  const auto descriptor = parse_descriptor(call.argument(0));
  if (call.succeeded() && !descriptors_.close(call.process, descriptor->number)) {
    summary_.ignore("close of a duplicate");
    return {};
  }
  Observation observation = observation_of(call, OperationKind::close);
  observation.uffd = *uffd;
  return emit(observation);
}

Expected<void> StraceImporter::on_dup(const Call& call) {
  const auto uffd = uffd_of(call, call.argument(0));
  const bool duplicates = call.name != "fcntl" || call.argument(1).starts_with("F_DUPFD");
  const bool made =
      duplicates && call.succeeded() && *call.call.result <= std::numeric_limits<std::int32_t>::max();
  if (!made) {
    summary_.ignore(call.name);
    return {};
  }
  const auto copy = static_cast<std::uint32_t>(*call.call.result);
  const auto descriptor = parse_descriptor(call.argument(0));
  if (!descriptor || descriptor->number == copy) return {};
  const auto gone = descriptors_.close(call.process, copy);  // dup2 closes what was there
  if (uffd) descriptors_.duplicate(call.process, descriptor->number, copy);
  summary_.ignore(call.name);
  if (!gone) return {};
  Observation observation = observation_of(call, OperationKind::close);
  observation.uffd = *gone;
  return emit(observation);
}

Expected<void> StraceImporter::on_memory(const Call& call) {
  const bool is_mmap = call.name == "mmap";
  auto start = call.argument(0) == "NULL" ? std::optional<std::uint64_t>(0) : whole_number(call.argument(0));
  const auto length = whole_number(call.argument(1));
  if (is_mmap && call.succeeded()) start = static_cast<std::uint64_t>(*call.call.result);
  const auto ranges = registered_.find(call.process);
  const bool touches =
      start && length && ranges != registered_.end() && ranges->second.overlap(*start, *length);
  if (!touches) {
    summary_.ignore(call.name);
    return {};
  }
  OperationKind kind = OperationKind::mmap;
  if (call.name == "munmap") kind = OperationKind::munmap;
  if (call.name == "mprotect") kind = OperationKind::mprotect;
  if (call.name == "madvise") kind = OperationKind::dontneed;
  const bool told = call.name == "madvise" ? call.argument(2) == "MADV_DONTNEED" : call.name != "mremap";
  if (!told) {
    summary_.leave_untold(call.name == "madvise" ? call.argument(2) : call.name);
    return {};
  }
  Observation observation = observation_of(call, kind);
  observation.address = *start;
  observation.length = *length;
  if (is_mmap || kind == OperationKind::mprotect) {
    const auto protection = parse_mask(call.argument(2));
    if (!protection) return misread(call, "the protection");
    observation.mode = *protection;
  }
  const bool anonymous = !is_mmap || (call.argument(3).find("MAP_PRIVATE") != std::string_view::npos &&
                                      call.argument(3).find("MAP_ANONYMOUS") != std::string_view::npos);
  if (!anonymous) observation.note = "not private anonymous";
  return emit(observation);
}

Expected<void> StraceImporter::on_clone(const Call& call) {
  summary_.ignore(call.name);
  if (call.moment == Moment::enter || !call.succeeded() || *call.call.result == 0) return {};
  if (*call.call.result > std::numeric_limits<std::int32_t>::max()) return misread(call, "the child");
  const auto child = static_cast<std::uint32_t>(*call.call.result);
  bool shares = false;
  for (const std::string_view argument : call.call.arguments) {
    shares = shares || argument.find("CLONE_VM") != std::string_view::npos;
  }
  if (processes_.size() >= kMaxTracked) return {};
  if (shares) {
    processes_[child] = call.process;
    return {};
  }
  forking_.reset();
  if (processes_.emplace(child, child).second) {
    descriptors_.inherit(call.process, child);
    registered_[child] = registered_[call.process];
  }
  return {};
}

Expected<void> StraceImporter::on_exit(const Call& call) {
  if (!registered_.contains(call.process)) {
    summary_.ignore(call.name);
    return {};
  }
  Observation observation = observation_of(call, OperationKind::exit);
  observation.moment = Moment::enter;
  observation.value = Value{};
  return emit(observation);
}

}  // namespace

Expected<void> import_strace(Lines& lines, const Sink& sink, ImportSummary& summary) {
  return StraceImporter(lines, sink, summary).run();
}

}  // namespace traces
