// SPDX-License-Identifier: Apache-2.0
// What the compilers do with coroutines, one test for each custom of the house and for each pattern that may
// be used freely. The patterns that GCC 12.2 gets wrong are tried on every other compiler: once they pass on
// all that we support, their custom may be dropped.
#include "sim/task.hpp"

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <utility>

#include "sim/cell.hpp"
#include "sim/point.hpp"
#include "sim/world.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#if __GNUC__ < 12 || (__GNUC__ == 12 && __GNUC_MINOR__ < 3)
#define UFFDSIM_OLD_GCC 1
#endif
#endif

namespace sim {
namespace {

struct Result {
  int value = 0;
};

// Runs one thread alone to its end and returns what it left in the result.
template <class Make>
int run(Make make) {
  Arena arena;
  World& world = World::create(arena);
  auto* result = arena.make<Result>();
  world.spawn("only", [&] { return make(result); });
  while (world.condition() == Condition::running) world.step({Move::Kind::run, 0, 0});
  EXPECT_EQ(world.condition(), Condition::finished);
  EXPECT_EQ(arena.frames(0).size(), 0u);
  current = {};
  return result->value;
}

Task<int> gives(int value) {
  co_await point("gives");
  co_return value;
}
Task<bool> yes() {
  co_await point("yes");
  co_return true;
}

// --- The customs ------------------------------------------------------------------------------------

Task<void> calls_often(Result* result, int times) {
  for (int i = 0; i < times; ++i) {
    const int one = co_await gives(1);
    result->value += one;
  }
}

TEST(Trampoline, AMillionCallsDoNotUseUpTheHostsStack) {
  EXPECT_EQ(run([](Result* result) { return calls_often(result, 1000000); }), 1000000);
}

Task<int> depth(int levels) {
  if (levels == 0) co_return 0;
  const int below = co_await depth(levels - 1);
  co_return below + 1;
}
Task<void> calls_deeply(Result* result) { result->value = co_await depth(200); }

TEST(Trampoline, CallsNestAsDeepAsTheArenaAllows) { EXPECT_EQ(run(calls_deeply), 200); }

Task<void> named_result_then_condition(Result* result) {
  const bool good = co_await yes();
  if (good) result->value = 1;
}

TEST(Custom, OneCoAwaitAStatementItsResultInANamedVariable) {
  EXPECT_EQ(run(named_result_then_condition), 1);
}

Task<void> trivial_argument(Result* result, Result by_value) {
  co_await point("argument");
  result->value = by_value.value;
}

TEST(Custom, ArgumentsAreReferencesOrTriviallyCopyable) {
  EXPECT_EQ(run([](Result* result) { return trivial_argument(result, {7}); }), 7);
}

#ifndef UFFDSIM_OLD_GCC

Task<bool> awaits_in_a_condition(int* calls) {
  if (co_await yes()) {
    ++*calls;
    co_return true;
  }
  co_return false;
}
Task<void> awaits_in_conditions(Result* result) {
  while (co_await awaits_in_a_condition(&result->value)) {
    if (result->value == 3) co_return;
  }
}

TEST(MayBeDroppedOnceAllPass, CoAwaitInACondition) { EXPECT_EQ(run(awaits_in_conditions), 3); }

struct Tracked {
  inline static int alive = 0;
  Tracked() { ++alive; }
  Tracked(const Tracked&) { ++alive; }
  ~Tracked() { --alive; }
};
struct Holder {
  Tracked tracked;
};
Task<int> takes_a_holder(Holder holder) {
  co_await point("holder");
  static_cast<void>(holder);
  co_return 1;
}
Task<void> passes_a_temporary(Result* result) {
  const int value = co_await takes_a_holder(Holder{});
  result->value = value;
}

TEST(MayBeDroppedOnceAllPass, AnAggregateTemporaryWithADestructorAsArgument) {
  EXPECT_EQ(run(passes_a_temporary), 1);
  EXPECT_EQ(Tracked::alive, 0);
}

template <class Call>
Task<int> calls_it(Call call) {
  co_await point("call");
  co_return call();
}
Task<void> passes_a_lambda(Result* result) {
  const Tracked tracked;
  const int value = co_await calls_it([tracked] { return static_cast<void>(tracked), 2; });
  result->value = value;
}

TEST(MayBeDroppedOnceAllPass, ACapturingLambdaTemporaryAsArgument) {
  EXPECT_EQ(run(passes_a_lambda), 2);
  EXPECT_EQ(Tracked::alive, 0);
}

Task<int> counts(std::initializer_list<Tracked> list) {
  const int size = static_cast<int>(list.size());
  co_return size;
}
Task<void> passes_a_list(Result* result) {
  const int size = co_await counts({Tracked{}, Tracked{}});
  result->value = size;
}

TEST(MayBeDroppedOnceAllPass, AnInitializerListAsArgument) {
  EXPECT_EQ(run(passes_a_list), 2);
  EXPECT_EQ(Tracked::alive, 0);
}

#endif  // UFFDSIM_OLD_GCC

// --- What may be used freely -----------------------------------------------------------------------

Task<int> by_const_reference(const Result& result) {
  co_await point("reference");
  co_return result.value;
}
Task<void> passes_a_reference_to_a_temporary(Result* result) {
  const int value = co_await by_const_reference(Result{5});
  result->value = value;
}

TEST(Free, AConstReferenceToATemporaryLivesUntilTheEndOfTheStatement) {
  EXPECT_EQ(run(passes_a_reference_to_a_temporary), 5);
}

struct Guard {
  int* value;
  ~Guard() { *value *= 10; }
};
Task<void> has_a_guard(Result* result) {
  {
    const Guard guard{&result->value};
    co_await point("guarded");
    result->value += 1;
  }
  co_await point("after");
  result->value += 1;
}

TEST(Free, ALocalIsDestroyedAtTheEndOfItsScope) { EXPECT_EQ(run(has_a_guard), 11); }

Task<void> goes_out(Result* result) {
  const int value = co_await gives(1);
  if (value == 1) goto out;
  result->value = 100;
out:
  co_await point("out");
  result->value += 1;
}

TEST(Free, GotoOut) { EXPECT_EQ(run(goes_out), 1); }

Task<void> switches(Result* result) {
  const int which = co_await gives(2);
  switch (which) {
    case 1: {
      const int wrong = co_await gives(100);
      result->value = wrong;
      break;
    }
    case 2: {
      const int right = co_await gives(20);
      result->value = right;
      break;
    }
    default:
      break;
  }
}

TEST(Free, ASwitchWithLocals) { EXPECT_EQ(run(switches), 20); }

Task<void> loops_over_a_range(Result* result) {
  const std::array<int, 3> values{1, 2, 3};
  for (const int value : values) {
    const int same = co_await gives(value);
    result->value += same;
  }
}

TEST(Free, RangeFor) { EXPECT_EQ(run(loops_over_a_range), 6); }

struct Two {
  int first;
  int second;
};
Task<Two> gives_two() {
  co_await point("two");
  co_return Two{3, 4};
}
Task<void> binds(Result* result) {
  const auto [first, second] = co_await gives_two();
  result->value = first * 10 + second;
}

TEST(Free, AStructuredBinding) { EXPECT_EQ(run(binds), 34); }

Task<void> chooses_by_expression(Result* result) {
  const bool good = co_await yes();
  const int value = good ? co_await gives(8) : co_await gives(9);
  const bool both = good && co_await yes();
  result->value = both ? value : 0;
}

TEST(Free, ConditionalOperatorsOutsideConditions) { EXPECT_EQ(run(chooses_by_expression), 8); }

Task<void> never_ends(Result*) {
  while (true) co_await point("again");
}

TEST(Free, AnAbandonedWorldIsDroppedNotUnwound) {
  Arena arena;
  World& world = World::create(arena);
  world.spawn("only", [] { return never_ends(nullptr); });
  world.step({Move::Kind::run, 0, 0});
  EXPECT_GT(arena.frames(0).size(), 0u);
  arena.clear();
  EXPECT_EQ(arena.used(), 0u);
  current = {};
}

}  // namespace
}  // namespace sim
