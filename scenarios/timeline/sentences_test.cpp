// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/sentences.hpp"

#include <gtest/gtest.h>

#include "scenarios/language/parse.hpp"
#include "scenarios/timeline/stuck.hpp"

namespace timeline {
namespace {

constexpr const char* kText = R"(litmus a

page x  missing
uffd    missing
mutex m

thread app
    lock m
    l = load x
    unlock m

thread monitor
    lock m
    c = copy x 'A'
    unlock m
)";

// Both run until nothing can happen any more, app first.
struct Told {
  Told()
      : litmus(language::parse(kText, "text").value()),
        subject(litmus.program, model::default_kernel(), [](const traces::FinalState&) { return std::string(); }) {
    sim::Arena arena(subject.arena_size());
    subject.boot(arena);
    sim::World& world = sim::World::enter(arena);
    std::vector<sim::Move> moves;
    for (world.moves(moves); !moves.empty(); world.moves(moves)) {
      schedule.append(world, moves.front());
      world.step(moves.front());
    }
  }
  language::Litmus litmus;
  traces::ModelSubject subject;
  sim::Schedule schedule;
};

TEST(Sentences, TellEachTurnOfAThread) {
  const Told told;
  const Telling telling = tell(told.litmus, told.subject, told.schedule).value();
  const std::vector<std::string> text = sentences(telling, 0, telling.steps.size());
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(text[0].find("app does `lock m` → ok"), 0u) << text[0];
  EXPECT_NE(text[0].find("begins `l = load x`"), std::string::npos) << text[0];
  EXPECT_NE(text[0].find("queues its fault [now unread 1]"), std::string::npos) << text[0];
  const std::vector<std::string> starred = sentences(telling, 0, telling.steps.size(), {1});
  EXPECT_NE(starred[0].find("★ takes mutex"), std::string::npos) << starred[0];
}

TEST(Stuck, TellsWhoWouldHaveHadToAct) {
  const Told told;
  const Telling telling = tell(told.litmus, told.subject, told.schedule).value();
  const std::vector<Stuck> stuck = stuck_threads(told.litmus, told.subject, told.schedule, telling, 0);
  ASSERT_EQ(stuck.size(), 2u);
  EXPECT_EQ(stuck[0].waiting.on, Waiting::On::unread_fault);
  ASSERT_EQ(stuck[0].rescues.size(), 1u);
  EXPECT_EQ(stuck[0].rescues[0].text, "c = copy x 'A'");
  EXPECT_EQ(stuck[0].rescues[0].line, 14);
  EXPECT_EQ(stuck[0].rescues[0].became, "is not reached: monitor waits for mutex m, held by app");
  EXPECT_EQ(stuck[0].missed, "") << "nothing has come that it waits for";
  EXPECT_EQ(stuck[1].waiting.on, Waiting::On::mutex);
  ASSERT_EQ(stuck[1].rescues.size(), 1u);
  EXPECT_EQ(stuck[1].rescues[0].text, "unlock m");
}

}  // namespace
}  // namespace timeline
