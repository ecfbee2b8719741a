// SPDX-License-Identifier: Apache-2.0
// What threads of a scenario share besides memory, and that every interleaving of it is explored.
#include "uffdsim/shared.hpp"

#include <gtest/gtest.h>

#include "uffdsim/uffdsim.hpp"

namespace uffdsim {
namespace {

// Two threads each add one to a variable.
struct Counting {
  enum class How : std::uint8_t { load_then_store, fetch_add, under_a_mutex, without_its_mutex } how;
  Shared<int> count{0};
  Mutex mutex{"the counter's mutex"};

  void setup(Setup& setup) {
    setup.thread("one", &Counting::add);
    setup.thread("other", &Counting::add);
  }
  Task<> add() const {
    if (how == How::fetch_add) {
      co_await count.fetch_add(1);
    } else if (how == How::load_then_store) {
      const int before = co_await count.load();
      co_await count.store(before + 1);
    } else {
      if (how == How::under_a_mutex) co_await mutex.lock();
      count.set(mutex, count.get(mutex) + 1);
      mutex.unlock();
    }
  }
  void at_end(AtEnd& end) const { end.record("count", count.peek()); }
};

TEST(Shared, ALoadAndAStoreAreTwoAccesses) {
  const Report report = explore(Counting{.how = Counting::How::load_then_store});
  EXPECT_TRUE(report.holds()) << report;
  ASSERT_EQ(report.outcomes.size(), 2u) << report;
  EXPECT_EQ(report.outcomes[0].text, "count=1");
  EXPECT_EQ(report.outcomes[1].text, "count=2");
}

TEST(Shared, AReadModifyWriteIsOne) {
  const Report report = explore(Counting{.how = Counting::How::fetch_add});
  ASSERT_EQ(report.outcomes.size(), 1u) << report;
  EXPECT_EQ(report.outcomes[0].text, "count=2");
}

TEST(Shared, AMutexMakesTwoAccessesOne) {
  const Report report = explore(Counting{.how = Counting::How::under_a_mutex});
  EXPECT_TRUE(report.holds()) << report;
  ASSERT_EQ(report.outcomes.size(), 1u) << report;
  EXPECT_EQ(report.outcomes[0].text, "count=2");
}

TEST(Shared, ThatItsMutexIsHeldIsAClaim) {
  const Report report = explore(Counting{.how = Counting::How::without_its_mutex});
  EXPECT_TRUE(report.failure("a mutex that is released, or that protects what is used, is held")) << report;
}

// A thread waits until another has set a flag; whoever sets it may forget the mutex.
struct Waiting {
  enum class Setter : std::uint8_t { holds_the_mutex, does_not } setter;
  Shared<bool> flag{false};
  Mutex mutex{};
  ConditionVariable changed{};

  void setup(Setup& setup) {
    setup.thread("waiter", &Waiting::wait);
    setup.thread("setter", &Waiting::set);
  }
  Task<> wait() const {
    co_await mutex.lock();
    bool set = co_await flag.load();
    while (!set) {
      co_await changed.wait(mutex);
      set = co_await flag.load();
    }
    mutex.unlock();
  }
  Task<> set() const {
    if (setter == Setter::holds_the_mutex) co_await mutex.lock();
    co_await flag.store(true);
    co_await changed.notify_one();
    if (setter == Setter::holds_the_mutex) mutex.unlock();
  }
};

TEST(ConditionVariable, NothingIsLostUnderTheMutex) {
  const Report report = explore(Waiting{.setter = Waiting::Setter::holds_the_mutex});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(ConditionVariable, ANotificationBetweenLookAndWaitIsLost) {
  const Report report = explore(Waiting{.setter = Waiting::Setter::does_not});
  EXPECT_TRUE(report.failure("waiter waits forever")) << report;
}

struct HandingOn {
  Queue<char, 1> queue{};
  int taken = 2;

  void setup(Setup& setup) {
    setup.thread("giver", &HandingOn::give);
    setup.thread("taker", &HandingOn::take);
  }
  Task<> give() const {
    co_await queue.push('A');
    co_await queue.push('B');
  }
  Task<> take() const {
    for (int i = 0; i < taken; ++i) {
      const char item = co_await queue.pop();
      if (i == 0) record("first", item);
      if (i == 1) record("second", item);
    }
  }
};

TEST(Queue, HandsOnInOrder) {
  const Report report = explore(HandingOn{});
  EXPECT_TRUE(report.holds()) << report;
  ASSERT_EQ(report.outcomes.size(), 1u) << report;
  EXPECT_EQ(report.outcomes[0].text, "taker.first='A' taker.second='B'");
}

TEST(Queue, WhoeverTakesFromAnEmptyOneWaits) {
  const Report report = explore(HandingOn{.taken = 3});
  ASSERT_TRUE(report.failure("taker waits forever")) << report;
  EXPECT_NE(report.failures[0].explanation.find("taker waits for something in a queue"), std::string::npos)
      << report;
}

TEST(Queue, WhoeverPutsIntoAFullOneWaits) {
  EXPECT_TRUE(explore(HandingOn{.taken = 0}).failure("giver waits forever"));
}

}  // namespace
}  // namespace uffdsim
