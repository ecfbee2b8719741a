// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/ambient.hpp"

namespace sim {
namespace {

std::string cannot_read(std::size_t number, std::string_view word, std::string_view why) {
  return fmt::format("choice {} of the schedule, '{}': {}; expected THREAD:STEPS or QUESTION=ANSWER", number,
                     word, why);
}

tl::expected<Choice, std::string_view> parse_choice(std::string_view word) {
  const std::size_t mark = word.find_last_of(":=");
  if (mark == std::string_view::npos) return tl::unexpected(std::string_view("no ':' and no '='"));
  if (mark == 0) return tl::unexpected(std::string_view("no name"));
  Choice choice;
  choice.kind = word[mark] == ':' ? Move::Kind::run : Move::Kind::answer;
  choice.name = word.substr(0, mark);
  const char* end = word.data() + word.size();
  const auto [stopped_at, error] = std::from_chars(word.data() + mark + 1, end, choice.number);
  if (error == std::errc::result_out_of_range)
    return tl::unexpected(std::string_view("the number is too large"));
  if (error != std::errc{} || stopped_at != end)
    return tl::unexpected(std::string_view("not a number at its end"));
  if (choice.kind == Move::Kind::run && choice.number == 0)
    return tl::unexpected(std::string_view("no steps"));
  return choice;
}

}  // namespace

std::size_t Schedule::length() const {
  std::size_t moves = 0;
  for (const Choice& choice : choices) moves += choice.kind == Move::Kind::run ? choice.number : 1;
  return moves;
}

void Schedule::append(const World& world, Move move) {
  Choice choice = spelled(world, move);
  const bool joins = !choices.empty() && choice.kind == Move::Kind::run &&
                     choices.back().kind == Move::Kind::run && choices.back().name == choice.name;
  if (joins) {
    ++choices.back().number;
  } else {
    choices.push_back(std::move(choice));
  }
}

std::string spelled(std::string_view name) {
  std::string word(name);
  std::replace(word.begin(), word.end(), ' ', '-');
  return word;
}

Choice spelled(const World& world, Move move) {
  if (move.kind == Move::Kind::run) return {move.kind, spelled(world.thread(move.thread).name), 1};
  return {move.kind, spelled(world.question().what), move.value};
}

std::string to_text(const Choice& choice) {
  return fmt::format("{}{}{}", choice.name, choice.kind == Move::Kind::run ? ':' : '=', choice.number);
}

std::string to_text(const Schedule& schedule) {
  std::string text;
  for (const Choice& choice : schedule.choices) {
    if (!text.empty()) text += ' ';
    text += to_text(choice);
  }
  return text;
}

tl::expected<Schedule, std::string> parse_schedule(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  Schedule schedule;
  for (std::size_t at = text.find_first_not_of(kSpace); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, at), text.size());
    const std::string_view word = text.substr(at, end - at);
    auto choice = parse_choice(word);
    if (!choice) return tl::unexpected(cannot_read(schedule.choices.size() + 1, word, choice.error()));
    schedule.choices.push_back(std::move(*choice));
    at = text.find_first_not_of(kSpace, end);
  }
  return schedule;
}

Schedule told(const Subject& subject, std::span<const Move> moves) {
  const Ambient kept;
  Arena arena(subject.arena_size());
  subject.boot(arena);
  World& world = World::enter(arena);
  Schedule schedule;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    schedule.append(world, moves[i]);
    if (i + 1 < moves.size()) world.step(moves[i]);
  }
  return schedule;
}

}  // namespace sim
