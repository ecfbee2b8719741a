// SPDX-License-Identifier: Apache-2.0
// Lines of strace's output to calls, and calls to those who know what they mean.
#include <fmt/format.h>

#include <utility>

#include "traces/format/check.hpp"
#include "traces/format/names.hpp"
#include "traces/import/scan.hpp"
#include "traces/import/strace_importer.hpp"

namespace traces {
namespace {

constexpr std::size_t kMaxPendingText = std::size_t{64} << 10;  // of one split call

}  // namespace

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
      {"mremap", &StraceImporter::on_mremap},
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

Expected<void> StraceImporter::finish_pending() {
  for (const auto& [thread, begun] : pending_) {
    Call call{begun.name, {}, thread, process_of(thread), begun.clock, begun.line, Moment::enter};
    call.call.arguments = split_arguments(begun.text);
    auto done = (this->*handler_of(begun.name))(call);
    if (!done) return done;
  }
  return {};
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

Expected<void> import_strace(Lines& lines, const Sink& sink, ImportSummary& summary) {
  return StraceImporter(lines, sink, summary).run();
}

}  // namespace traces
