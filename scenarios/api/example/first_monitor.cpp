// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <uffdsim/uffdsim.hpp>
using namespace uffdsim;

struct FirstMonitor {
  Region page;
  Uffd uffd;

  void setup(Setup& setup) {
    page = setup.region("page");
    uffd = setup.uffd("uffd");
    setup.registered(uffd, page);
    setup.thread("reader", &FirstMonitor::reader);
    setup.thread("monitor", &FirstMonitor::monitor);
  }
  Task<> reader() const {
    const Touched seen = co_await load(page);
    expect(seen == 'A', "the reader sees what the monitor put there");
  }
  Task<> monitor() const {
    const Result<Message> fault = co_await uffd.read();
    co_await uffd.copy(fault->page(), 'A');
  }
};

TEST(FirstMonitor, AnswersEveryFault) {
  const Report report = explore(FirstMonitor{});
  EXPECT_TRUE(report.holds()) << report;
}
