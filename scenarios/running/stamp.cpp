// SPDX-License-Identifier: Apache-2.0
#include "scenarios/running/stamp.hpp"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "scenarios/language/column.hpp"
#include "scenarios/language/print.hpp"
#include "sim/ambient.hpp"
#include "sim/replay.hpp"

namespace running {
namespace {

// FNV-1a, 32 bits.
class Fingerprint {
 public:
  void add(std::string_view text) {
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
    add_byte(0);
  }
  std::uint32_t value() const { return value_; }

 private:
  void add_byte(unsigned char byte) { value_ = (value_ ^ byte) * 16777619u; }
  std::uint32_t value_ = 2166136261u;
};

// Without its name and its prose, which change nothing.
std::uint32_t fingerprint(const traces::Program& program) {
  traces::Program nameless = program;
  nameless.name.clear();
  Fingerprint print;
  print.add(language::print(nameless));
  return print.value();
}

// Every register and every page, whatever the file's table asks for.
void add_end(const traces::Program& program, const sim::World& world, Fingerprint& print) {
  language::Litmus bare;
  bare.program = program;
  const traces::FinalState state = traces::final_state(world, 0);
  for (const std::string& word : language::row(bare, shown_columns(bare), state)) print.add(word);
  print.add(std::to_string(static_cast<int>(world.condition())));
}

tl::expected<std::uint32_t, sim::Misfit> fingerprint(const language::Litmus& litmus,
                                                     const LitmusSubject& subject,
                                                     const sim::Schedule& schedule) {
  const sim::Ambient kept;
  sim::Arena arena(subject.subject().arena_size());
  Fingerprint print;
  const auto look = [&](const sim::World& world, sim::Move move) {
    print.add(world.thread(move.thread).name);
    print.add(move.kind == sim::Move::Kind::run ? world.thread(move.thread).wait.what
                                                : world.question().what);
  };
  const auto followed = sim::replay(subject.subject(), schedule, arena, look);
  if (!followed) return tl::unexpected(followed.error());
  add_end(litmus.program, *sim::current.world, print);
  return print.value();
}

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(mark, at), text.size());
    parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::optional<std::uint32_t> hex(const std::string& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

tl::expected<Stamp, std::string> parse_stamp(std::string_view word) {
  constexpr const char* kExpected = "expected v1/KERNEL/PROGRAM/RUN, as uffdsim show prints it";
  const std::vector<std::string> parts = split(word, '/');
  const std::string format = fmt::format("v{}", kScheduleFormat);
  if (parts.front() != format) {
    return tl::unexpected(
        fmt::format("the stamp '{}' is of a format that is not known here: {}", word, kExpected));
  }
  const std::optional<std::uint32_t> program = parts.size() == 4 ? hex(parts[2]) : std::nullopt;
  const std::optional<std::uint32_t> run = parts.size() == 4 ? hex(parts[3]) : std::nullopt;
  if (!program || !run)
    return tl::unexpected(fmt::format("the stamp '{}' cannot be read: {}", word, kExpected));
  const std::size_t plus = parts[1].find('+');
  Stamp stamp{.kernel = parts[1].substr(0, plus), .program = *program, .run = *run};
  if (plus != std::string::npos) stamp.defect = parts[1].substr(plus + 1);
  return stamp;
}

}  // namespace

Stamp stamp_of(const language::Litmus& litmus, const LitmusSubject& subject, const sim::Schedule& schedule) {
  return {.kernel = subject.kernel_name(),
          .defect = subject.defect_name(),
          .program = fingerprint(litmus.program),
          .run = fingerprint(litmus, subject, schedule).value()};
}

std::string to_text(const Stamp& stamp) {
  return fmt::format("v{}/{}{}{}/{:08x}/{:08x}", kScheduleFormat, stamp.kernel,
                     stamp.defect.empty() ? "" : "+", stamp.defect, stamp.program, stamp.run);
}

std::string to_text(const Stamp& stamp, const sim::Schedule& schedule) {
  return to_text(stamp) + ' ' + sim::to_text(schedule);
}

tl::expected<StampedSchedule, std::string> parse_stamped(std::string_view text) {
  StampedSchedule stamped;
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text.remove_prefix(begin);
  const std::string_view first = text.substr(0, text.find_first_of(" \t\r\n"));
  if (first.find('/') != std::string_view::npos) {
    auto stamp = parse_stamp(first);
    if (!stamp) return tl::unexpected(stamp.error());
    stamped.stamp = std::move(*stamp);
    text.remove_prefix(first.size());
  }
  auto schedule = sim::parse_schedule(text);
  if (!schedule) return tl::unexpected(schedule.error());
  stamped.schedule = std::move(*schedule);
  return stamped;
}

std::string why_refused(const Stamp& stamp, const language::Litmus& litmus, const LitmusSubject& subject,
                        const sim::Schedule& schedule) {
  if (stamp.program != fingerprint(litmus.program)) {
    return "it was made for another program: the file has changed since, or it is another file";
  }
  const auto run = fingerprint(litmus, subject, schedule);
  if (!run) return fmt::format("the model has changed since it was made: {}", sim::to_text(run.error()));
  if (*run != stamp.run) {
    return "the model has changed since it was made: it is still possible, and is another run now";
  }
  return "";
}

}  // namespace running
