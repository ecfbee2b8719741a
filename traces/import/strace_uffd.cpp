// SPDX-License-Identifier: Apache-2.0
// The calls on userfaultfds themselves: creation, ioctls, reads.
#include <fmt/format.h>

#include <limits>

#include "traces/import/flags.hpp"
#include "traces/import/message.hpp"
#include "traces/import/scan.hpp"
#include "traces/import/strace_importer.hpp"

namespace traces {

struct StraceImporter::IoctlShape {
  std::string_view command;
  OperationKind kind;
  std::string_view range;  // the member that is a struct uffdio_range, "" if the members lie open
  std::string_view start;
  std::string_view source;  // "" if there is none
  std::string_view mode;
  std::string_view field;  // the output field
};
namespace {

constexpr StraceImporter::IoctlShape kIoctls[] = {
    {"UFFDIO_REGISTER", OperationKind::register_, "range", "start", "", "mode", "ioctls"},
    {"UFFDIO_UNREGISTER", OperationKind::unregister, "", "start", "", "", ""},
    {"UFFDIO_COPY", OperationKind::copy, "", "dst", "src", "mode", "copy"},
    {"UFFDIO_ZEROPAGE", OperationKind::zeropage, "range", "start", "", "mode", "zeropage"},
    {"UFFDIO_WRITEPROTECT", OperationKind::writeprotect, "range", "start", "", "mode", ""},
    {"UFFDIO_CONTINUE", OperationKind::continue_, "range", "start", "", "mode", "mapped"},
    {"UFFDIO_WAKE", OperationKind::wake, "", "start", "", "", ""},
};

}  // namespace

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

}  // namespace traces
