// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/explore.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <sstream>

#include "uffdsim/uffdsim.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define UFFDSIM_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UFFDSIM_ASAN 1
#endif
#endif
#ifdef UFFDSIM_ASAN
#include <sanitizer/lsan_interface.h>
using ExpectLeak = __lsan::ScopedDisabler;
#else
struct ExpectLeak {};
#endif

namespace uffdsim {
namespace {

// A reader of a missing page, a monitor that answers its fault, and perhaps somebody who fills it unasked.
struct MissingCopy {
  enum class Prefetch : std::uint8_t { no, yes } prefetch = Prefetch::yes;
  Region x{};
  Uffd uffd{};

  void setup(Setup& setup) {
    x = setup.region("x");
    uffd = setup.uffd("uffd");
    setup.registered(uffd, x);
    setup.thread("reader", &MissingCopy::read);
    setup.daemon("monitor", &MissingCopy::answer);
    if (prefetch == Prefetch::yes) setup.thread("prefetcher", &MissingCopy::fill);
  }
  Task<> read() const {
    const Touched seen = co_await load(x);
    record("saw", seen);
  }
  Task<> answer() const {
    while (true) {
      const Result<Message> fault = co_await uffd.read();
      const Reply copied = co_await uffd.copy(fault->page(), 'A');
      record("copied", copied);
    }
  }
  Task<> fill() const {
    const Reply copied = co_await uffd.copy(x, 'B');
    record("copied", copied);
  }
};

TEST(Explore, TellsEveryOutcome) {
  const Report report = explore(MissingCopy{});
  EXPECT_TRUE(report.holds()) << report;
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.covered, "every execution");
  EXPECT_EQ(report.outcomes.size(), 3u) << report;
  EXPECT_TRUE(report.find("reader.saw='A' monitor.copied=ok prefetcher.copied=EEXIST")) << report;
  EXPECT_TRUE(report.find("reader.saw='B' monitor.copied=EEXIST prefetcher.copied=ok")) << report;
  EXPECT_TRUE(report.find("reader.saw='B' prefetcher.copied=ok")) << report;
}

TEST(Explore, HoldsOnEveryKernelWithAnyNumberOfWorkers) {
  for (const char* kernel : {"6.1", "6.12", "6.18", "7.3"}) {
    const Report report = explore(MissingCopy{}, {.kernel = kernel, .workers = 2});
    EXPECT_TRUE(report.holds()) << kernel << "\n" << report;
  }
}

TEST(Explore, ADefectOfTheKernelIsConvictedWithAStory) {
  const Report report = explore(MissingCopy{}, {.defects = {"no-recheck-before-sleep"}});
  EXPECT_FALSE(report.holds());
  const Failure* failure = report.failure("reader waits forever");
  ASSERT_TRUE(failure) << report;
  EXPECT_NE(failure->explanation.find("copy x 'B' → ok"), std::string::npos) << report;
  EXPECT_NE(failure->explanation.find("load x   (explore_test.cpp:"), std::string::npos) << report;

  const Replayed replayed =
      replay(MissingCopy{}, failure->schedule, {.defects = {"no-recheck-before-sleep"}});
  EXPECT_EQ(replayed.misfit, "");
  ASSERT_EQ(replayed.failed.size(), 1u);
  EXPECT_EQ(replayed.failed[0], "reader waits forever");
  EXPECT_EQ(replayed.story, failure->explanation);
}

TEST(Explore, EveryRepeatedStepDoesTheSame) {
  const Report report = explore(MissingCopy{}, {.repeats = Repeats::every_step});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(Explore, ABudgetThatIsUsedUpDoesNotHold) {
  const Report report = explore(MissingCopy{}, {.budget = {.worlds = 10}});
  EXPECT_FALSE(report.holds());
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.covered.substr(0, 24), "budget of worlds used up") << report.covered;
}

TEST(Explore, ASampleSaysThatItIsOne) {
  const Report report = explore(MissingCopy{}, {.walks = 200});
  EXPECT_TRUE(report.holds()) << report;
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.covered, "a sample of 200 executions");
  EXPECT_EQ(report.executions, 200u);
}

TEST(Explore, ItsReportIsTextForPeople) {
  std::ostringstream text;
  text << explore(MissingCopy{.prefetch = MissingCopy::Prefetch::no});
  EXPECT_NE(text.str().find("every execution: "), std::string::npos) << text.str();
  EXPECT_NE(text.str().find("  reader.saw='A' monitor.copied=ok\n"), std::string::npos) << text.str();
}

TEST(Replay, ASchedulesThatDoesNotFitIsRefused) {
  EXPECT_NE(replay(MissingCopy{}, "reader:1 nobody:1").misfit.find("there is no thread nobody"),
            std::string::npos);
  EXPECT_NE(replay(MissingCopy{}, "reader").misfit.find("expected THREAD:STEPS"), std::string::npos);
}

// --- Claims.

struct Wrong {
  Region x{};
  void setup(Setup& setup) {
    x = setup.region("x", {.contents = "A"});
    setup.thread("reader", &Wrong::read);
  }
  Task<> read() const {
    const Touched seen = co_await load(x);
    expect(seen == 'B', "a wrong claim");
  }
  void at_end(AtEnd& end) const { end.expect(end.page(x) == 'C', "another"); }
};

TEST(Expect, WhatDoesNotHoldIsToldByThreadAndPlace) {
  const Report report = explore(Wrong{});
  EXPECT_FALSE(report.holds());
  ASSERT_EQ(report.failures.size(), 1u) << report;
  EXPECT_EQ(report.failures[0].what.substr(0, 39), "reader: a wrong claim (explore_test.cpp");
  EXPECT_EQ(report.failures[0].schedule.substr(0, 7), "reader:");
}

// --- What leaks in from outside.

struct Leaking {
  enum class What : std::uint8_t { a_counter, a_clock, an_address, the_heap } what;
  Shared<std::uint64_t> seen{0};

  void setup(Setup& setup) { setup.thread("monitor", &Leaking::leak); }
  inline static int line = 0;  // of what follows; told to the test, and to nobody in the world
  Task<> leak() const {
    line = __LINE__ + 1;
    co_await yield();
    std::uint64_t outside = 0;
    if (what == What::a_counter) {
      static std::uint64_t calls = 0;
      outside = ++calls;
    } else if (what == What::a_clock) {
      outside = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    } else if (what == What::an_address) {
      const auto made = std::make_unique<std::array<char, 100>>();
      static std::vector<std::unique_ptr<int>> more;  // so that the next address is another one
      more.push_back(std::make_unique<int>());
      outside = reinterpret_cast<std::uint64_t>(more.back().get());
    } else {
      std::string kept(100, 'x');
      co_await yield();
      outside = kept.size();
    }
    co_await seen.store(outside);
  }
};

void expect_leak_is_told(Leaking::What what) {
  const Report report = explore(Leaking{.what = what});
  EXPECT_FALSE(report.holds());
  ASSERT_EQ(report.failures.size(), 1u) << report;
  EXPECT_EQ(report.failures[0].what,
            "not repeatable: monitor, in leak (explore_test.cpp:" + std::to_string(Leaking::line) + ")");
  EXPECT_EQ(report.failures[0].schedule, "monitor:2");
}

TEST(Leaks, ACounterOutsideTheWorld) { expect_leak_is_told(Leaking::What::a_counter); }
TEST(Leaks, AClock) { expect_leak_is_told(Leaking::What::a_clock); }
TEST(Leaks, AnAddress) { expect_leak_is_told(Leaking::What::an_address); }
// A world is dropped, never destroyed, and what it has on the heap with it.
TEST(Leaks, AContainerThatIsKept) {
  [[maybe_unused]] const ExpectLeak of_the_container;
  expect_leak_is_told(Leaking::What::the_heap);
}

// A member that changes although it is not Shared: the compiler lets it pass, the first run does not.
struct Undeclared {
  mutable std::uint64_t count = 0;

  void setup(Setup& setup) { setup.thread("t", &Undeclared::run); }
  Task<> run() const {
    co_await yield();
    ++count;
    co_await yield();
  }
};

TEST(Leaks, AMemberThatIsNotShared) {
  const Report report = explore(Undeclared{});
  ASSERT_EQ(report.failures.size(), 1u) << report;
  EXPECT_EQ(report.failures[0].what.substr(0, 54), "changed behind the explorer's back: t, in run (explore");
}

// --- What makes no sense.

TEST(Explore, AnUnknownKernelIsNamedWithThoseThereAre) {
  const Report report = explore(MissingCopy{}, {.kernel = "5.4"});
  EXPECT_FALSE(report.holds());
  EXPECT_TRUE(report.failure("there is no kernel 5.4; there are 6.1 6.12 6.18 7.3")) << report;
}

TEST(Explore, AnUnknownDefectIsNamed) {
  EXPECT_TRUE(explore(MissingCopy{}, {.defects = {"gremlins"}}).failure("there is no defect gremlins"));
}

struct Twins {
  void setup(Setup& setup) {
    setup.thread("twin", &Twins::nothing);
    setup.thread("twin", &Twins::nothing);
  }
  Task<> nothing() const { co_await yield(); }
};

TEST(Explore, TwoThreadsOfOneNameAreRefused) {
  EXPECT_TRUE(explore(Twins{}).failure("two threads have the name twin"));
}

struct Unregistrable {
  void setup(Setup& setup) {
    const Region x = setup.reserved("x");
    const Uffd uffd = setup.uffd("uffd");
    setup.registered(uffd, x);
    setup.thread("nobody", &Unregistrable::nothing);
  }
  Task<> nothing() const { co_await yield(); }
};

TEST(Explore, WhatCannotBeSetUpSaysWhy) {
  const Report report = explore(Unregistrable{});
  EXPECT_TRUE(report.failure("the scenario cannot be set up: ")) << report;
  EXPECT_TRUE(report.failure("register")) << report;
}

// --- What the compiler checks.

struct Padded {
  char letter;
  int number;
};
static_assert(is_plain_bytes<Message> && is_plain_bytes<Reply> && is_plain_bytes<Range> &&
              is_plain_bytes<double>);
static_assert(!is_plain_bytes<std::string> && !is_plain_bytes<Padded>);
static_assert(detail::Argument<int> && detail::Argument<const MissingCopy&>);
static_assert(!detail::Argument<std::string> && !detail::Argument<Padded> && !detail::Argument<int&&>);

// --- Generated scenarios.

// A reader for each of some pages, and a monitor that answers in its own time.
struct Readers {
  int count = 1;
  Region pages{};
  Uffd uffd{};

  void setup(Setup& setup) {
    pages = setup.region("pages", {.pages = static_cast<std::uint64_t>(count)});
    uffd = setup.uffd("uffd");
    setup.registered(uffd, pages);
    for (int i = 0; i < count; ++i) setup.thread(numbered("reader", i), &Readers::read, i);
    setup.daemon("monitor", &Readers::answer);
  }
  Task<> read(int page) const {
    const Touched seen = co_await load(pages[page]);
    expect(seen == static_cast<char>('A' + page), "each page has its own content");
  }
  Task<> answer() const {
    while (true) {
      const Result<Message> fault = co_await uffd.read();
      const auto page = static_cast<char>(pages.page_of(fault->page()));
      co_await uffd.copy(fault->page(), static_cast<char>('A' + page));
    }
  }
};

RC_GTEST_PROP(Explore, ScenariosCanBeGenerated, ()) {
  const int count = *rc::gen::inRange(1, 3);
  const Report report = explore(Readers{.count = count});
  RC_LOG() << report;
  RC_ASSERT(report.holds());
}

}  // namespace
}  // namespace uffdsim
