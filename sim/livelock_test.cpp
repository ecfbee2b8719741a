// SPDX-License-Identifier: Apache-2.0
#include "sim/livelock.hpp"

#include <gtest/gtest.h>

#include "sim/explore.hpp"
#include "sim/fair_components.hpp"
#include "sim/replay.hpp"
#include "sim/toys_for_test.hpp"

namespace sim {
namespace {

using toys::Spinner;
using toys::Toy;

TEST(Livelock, ASpinnerWhoseFlagNobodySetsGoesRoundForever) {
  const Toy<Spinner> toy({.other = Spinner::Other::looks});
  const Exploration found = explore(toy);
  EXPECT_TRUE(found.coverage.complete());
  ASSERT_EQ(found.outcomes.size(), 1u);
  const Outcome& outcome = found.outcomes[0];
  EXPECT_EQ(outcome.ending, Ending::livelock);
  EXPECT_EQ(outcome.text, "spins, threads 1");
  EXPECT_EQ(to_text(outcome.cycle), "spinner:1");
  EXPECT_NE(outcome.stacks.find("spinner (at spin)"), std::string::npos) << outcome.stacks;
}

TEST(Livelock, TheCycleLeadsBackToTheSameWorld) {
  const Toy<Spinner> toy({.other = Spinner::Other::none});
  const Exploration found = explore(toy);
  ASSERT_EQ(found.outcomes.size(), 1u);
  Schedule schedule = found.outcomes[0].witness;
  Arena arena(toy.arena_size());
  ASSERT_TRUE(replay(toy, schedule, arena));
  const std::uint64_t before = arena.hash();
  for (const Choice& choice : found.outcomes[0].cycle.choices) schedule.choices.push_back(choice);
  ASSERT_TRUE(replay(toy, schedule, arena));
  EXPECT_EQ(arena.hash(), before);
}

TEST(Livelock, ASpinnerWhoseFlagWillBeSetIsNotReported) {
  const Exploration found = explore(Toy<Spinner>({.other = Spinner::Other::sets}));
  ASSERT_EQ(found.outcomes.size(), 1u);
  EXPECT_EQ(found.outcomes[0].ending, Ending::finished);
}

TEST(Livelock, AQuestionIsNotAnsweredTheSameWayForever) {
  const Exploration found =
      explore(Toy<Spinner>({.other = Spinner::Other::none, .asks = Spinner::Asks::whether_to_give_up}));
  ASSERT_EQ(found.outcomes.size(), 1u);
  EXPECT_EQ(found.outcomes[0].ending, Ending::finished);
}

// Graphs by hand: worlds 0 .. n-1, edges {from, thread, to} with `from` ascending.
struct Edge {
  std::uint32_t from;
  ThreadId thread;
  std::uint32_t to;
  Move::Kind kind = Move::Kind::run;
};
Graph graph_of(std::uint32_t worlds, const std::vector<Edge>& edges) {
  Graph graph;
  while (graph.size() < worlds) graph.add_world(graph.size() - 1, {});
  for (const Edge& edge : edges) graph.add_edge(edge.from, {edge.kind, edge.thread, 0}, edge.to);
  return graph;
}

TEST(FairComponents, AThreadThatCanLeaveAgainAndAgainLeaves) {
  EXPECT_TRUE(fair_components(graph_of(3, {{0, 0, 1}, {1, 0, 0}, {1, 1, 2}})).empty());
}

TEST(FairComponents, TwoThreadsThatUndoEachOther) {
  const Graph graph = graph_of(2, {{0, 0, 1}, {1, 1, 0}});
  const auto components = fair_components(graph);
  ASSERT_EQ(components.size(), 1u);
  EXPECT_EQ(components[0].spinning, 3);
  EXPECT_EQ(cycle_through(graph, components[0], 0).size(), 2u);
}

// Worlds 0 1 2 3 are one component; thread 2 can leave it from world 0 only. Without world 0 the worlds 2 and
// 3 still go round.
TEST(FairComponents, WhatIsLeftIsLookedAtAgain) {
  const auto components = fair_components(
      graph_of(5, {{0, 0, 1}, {0, 2, 4}, {1, 0, 2}, {2, 0, 3}, {2, 1, 0}, {3, 0, 2}, {3, 1, 2}}));
  ASSERT_EQ(components.size(), 1u);
  EXPECT_EQ(components[0].worlds, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(components[0].spinning, 3);
}

TEST(FairComponents, AllSpinningThreadsMoveInTheCycle) {
  const Graph graph = graph_of(3, {{0, 0, 0}, {0, 1, 1}, {1, 1, 2}, {2, 0, 0}});
  const auto components = fair_components(graph);
  ASSERT_EQ(components.size(), 1u);
  std::uint8_t moved = 0;
  for (Move move : cycle_through(graph, components[0], 0))
    moved = static_cast<std::uint8_t>(moved | 1u << move.thread);
  EXPECT_EQ(moved, 3);
}

TEST(FairComponents, NoCycleNoComponent) {
  EXPECT_TRUE(fair_components(graph_of(3, {{0, 0, 1}, {0, 1, 2}, {1, 1, 2}})).empty());
}

}  // namespace
}  // namespace sim
