// SPDX-License-Identifier: Apache-2.0
// What is left when a program can go no further: the stuff that rows of an outcome table are made of.
// Both machines produce it; scenarios/language turns it into the words of a row.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "traces/value.hpp"

namespace traces {

enum class ThreadEnd : std::uint8_t {
  done,     // ran to the end of its body
  blocked,  // asleep with nobody left to wake it
  spins,    // goes round a loop forever under a fair schedule
  killed,   // the process ended under it
  unborn,   // a child that nobody forked
};

struct FinalState {
  struct Thread {
    ThreadEnd end = ThreadEnd::done;
    std::vector<Value> registers;
    friend bool operator==(const Thread&, const Thread&) = default;
  };
  struct Page {
    PageState state = PageState::unmapped;
    char content = 0;  // PageState::present and present_wp only
    friend bool operator==(const Page&, const Page&) = default;
  };
  struct Uffd {
    bool open = false;
    std::uint32_t pending = 0;  // /proc/PID/fdinfo: unread faults
    std::uint32_t total = 0;    // and those read but not resolved
    friend bool operator==(const Uffd&, const Uffd&) = default;
  };
  std::vector<Thread> threads;           // as Program::threads
  std::vector<std::vector<Page>> pages;  // as Program::regions, by page
  // As Program::files, the pages that pages_of_file() counts: `present` with what the file holds, `missing`
  // for a hole, `unmapped` beyond its end.
  std::vector<std::vector<Page>> files;
  std::vector<Uffd> uffds;               // as Program::uffds
  std::vector<std::uint64_t> variables;  // as Program::variables
  bool exited = false;                   // the process ended: pages are all unmapped
  std::string kernel_bug;                // not empty: the kernel stopped here, and why
  friend bool operator==(const FinalState&, const FinalState&) = default;
};

}  // namespace traces
