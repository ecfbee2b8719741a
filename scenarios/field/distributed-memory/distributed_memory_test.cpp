// SPDX-License-Identifier: Apache-2.0
#include "scenarios/field/distributed-memory/distributed_memory.hpp"

#include <gtest/gtest.h>

namespace field {
namespace {

TEST(DistributedMemory, OnePageIsCoherent) {
  const Report report = explore(DistributedMemory{}, {.workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(DistributedMemory, OnEveryKernel) {
  for (const char* kernel : {"6.1", "6.12", "7.3"}) {
    const Report report = explore(DistributedMemory{.accesses = 1}, {.kernel = kernel, .workers = 2});
    EXPECT_TRUE(report.holds()) << kernel << "\n" << report;
  }
}

TEST(DistributedMemory, TwoPagesAreSequentiallyConsistent) {
  const Report report = explore(DistributedMemory{.pages = 2}, {.workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(DistributedMemory, TwoProgramsOnOneNode) {
  const Report report = explore(DistributedMemory{.pages = 2, .apps = {0, 2}}, {.workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(DistributedMemory, MoreProgramsBySampling) {
  const Report report =
      explore(DistributedMemory{.pages = 2, .apps = {2, 2}}, {.walks = 20000, .workers = 2});
  EXPECT_TRUE(report.holds()) << report;
}

TEST(DistributedMemory, WhatTheProgramsSawIsChecked) {
  EXPECT_TRUE(Turns::explain({'B', 'A'}, 2));
  EXPECT_TRUE(Turns::explain({'i', 'A'}, 2));
  EXPECT_FALSE(Turns::explain({'i', 'i'}, 2));
  EXPECT_TRUE(Turns::explain({'A', 'A'}, 1));
  EXPECT_FALSE(Turns::explain({'B', 'A'}, 1));
}

void expect_conviction(const DistributedMemory& scenario, const char* what) {
  const Report report = explore(scenario, {.workers = 2});
  EXPECT_TRUE(report.failure(what)) << report;
}

TEST(DistributedMemory, WhoeverTakesWithoutProtectingHasAWriterBesideAReader) {
  expect_conviction({.dsm = Dsm::takes_without_protecting}, "a page has one writer or many readers");
}
TEST(DistributedMemory, WhoeverStopsAtACopyErrorLeavesAProgramAsleep) {
  expect_conviction({.dsm = Dsm::stops_at_copy_error, .pages = 2, .apps = {0, 2}}, "waits forever");
}

}  // namespace
}  // namespace field
