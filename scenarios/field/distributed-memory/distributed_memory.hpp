// SPDX-License-Identifier: Apache-2.0
// Distributed shared memory: programs on two nodes share pages that lie on both. A page has one writer
// (modified), or readers on both nodes (shared, write-protected): MSI, where the faults are the requests.
//
//   app0 ── load, store ──▶ memory0                     memory1 ◀── load, store ── app1
//                             │ fault   ▲ COPY, lift     │ fault   ▲
//                             ▼         │                ▼         │
//                           dsm0 ───────┘                dsm1 ─────┘
//                             └───────── the bus, and a directory ─────────┘
//                               (takes a page from the other node: WP, load, DONTNEED)
//
// The nodes are two regions of one process here, and the network is a memory access. Claims: what the
// programs see is sequentially consistent; in the end every page has one writer or many readers.
#pragma once
#include <string>
#include <uffdsim/uffdsim.hpp>

namespace field {

using namespace uffdsim;

// What a node's handler does. Each mistake was made by somebody: see docs/field/distributed-memory.md.
enum class Dsm : std::uint8_t {
  right,
  takes_without_protecting,  // reads the other node's page, then drops it
  stops_at_copy_error,       // answers each fault with a page, and any error is fatal
};

// What an application sees at its turn: it stores into its page, then it loads the other's.
struct Turns {
  // Whether some order of all stores and loads, each application's in its own order, gives what they saw.
  static constexpr bool explain(std::array<char, 2> saw, std::uint64_t pages) {
    for (unsigned order : {0b0011u, 0b0101u, 0b0110u, 0b1001u, 0b1010u, 0b1100u}) {  // a bit a turn: whose
      std::array<char, 2> memory{'i', 'i'}, sees{}, done{};
      for (int turn = 0; turn < 4; ++turn) {
        const unsigned who = order >> turn & 1;
        if (done[who]++ == 0)
          memory[who % pages] = static_cast<char>('A' + who);
        else
          sees[who] = memory[(1 - who) % pages];
      }
      if (sees == saw) return true;
    }
    return false;
  }
};

struct DistributedMemory {
  static constexpr std::size_t kNodes = 2;
  static constexpr std::size_t kMostPages = 2;
  enum class State : std::uint8_t { invalid, shared, modified };

  Dsm dsm = Dsm::right;
  std::uint64_t pages = 1;
  std::array<int, kNodes> apps{1, 1};
  int accesses = 2;  // of each node's first program; its second one only stores

  std::array<Region, kNodes> memory{};
  std::array<Uffd, kNodes> uffd{};
  Mutex bus{"the bus"};
  std::array<std::array<Shared<State>, kMostPages>, kNodes> directory{};
  // The node was given the page and its program has not used it yet: so long the node keeps it. Real systems
  // keep it for a while instead.
  std::array<std::array<Shared<bool>, kMostPages>, kNodes> unused{};
  ConditionVariable was_used{};
  std::array<Shared<char>, kNodes> saw{};  // what the node's program saw last

  void setup(Setup& setup) {
    memory[0] = setup.region("memory0", {.pages = pages, .contents = pages == 1 ? "i" : "ii"});
    memory[1] = setup.region("memory1", {.pages = pages});
    directory[0].fill(State::modified);
    for (std::size_t node = 0; node < kNodes; ++node) {
      const std::string number = std::to_string(node);
      uffd[node] = setup.uffd(("uffd" + number).c_str(), UFFD_FEATURE_PAGEFAULT_FLAG_WP);
      setup.registered(uffd[node], memory[node], UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP);
      for (int i = 0; i < apps[node]; ++i) {
        if (i == 0) setup.thread("app" + number, &DistributedMemory::use, node);
        if (i == 1) setup.thread("app" + number + "b", &DistributedMemory::write, node);
      }
      if (apps[node] > 0) setup.daemon("dsm" + number, &DistributedMemory::serve, node);
    }
  }

  Task<> use(std::size_t node) const {
    co_await write(node);
    if (accesses == 1) co_return;
    const std::uint64_t page = (1 - node) % pages;
    const Touched seen = co_await load(memory[node][page]);
    co_await used(node, page, seen);
  }
  Task<> write(std::size_t node) const {
    const std::uint64_t page = node % pages;
    const Touched stored = co_await store(memory[node][page], static_cast<char>('A' + node));
    co_await used(node, page, stored);
  }
  Task<> used(std::size_t node, std::uint64_t page, Touched seen) const {
    co_await bus.lock();
    saw[node].set(bus, seen.content());
    unused[node][page].set(bus, false);
    co_await was_used.notify_all();
    bus.unlock();
  }

  Task<> serve(std::size_t node) const {
    while (true) {
      const Result<Message> fault = co_await uffd[node].read();
      const std::uint64_t page = memory[node].page_of(fault->page());
      const bool writes = fault->flags & (UFFD_PAGEFAULT_FLAG_WRITE | UFFD_PAGEFAULT_FLAG_WP);
      co_await bus.lock();
      while (unused[1 - node][page].get(bus)) co_await was_used.wait(bus);
      const State have = directory[node][page].get(bus);
      const Errno error = co_await give(node, page, have, writes ? State::modified : State::shared);
      bus.unlock();
      if (dsm == Dsm::stops_at_copy_error && error != Errno::none) co_return;
    }
  }

  // The page becomes what is wanted, on this node and on the other. With the bus.
  Task<Errno> give(std::size_t node, std::uint64_t page, State have, State wanted) const {
    const Range here = memory[node][page];
    const Range there = memory[1 - node][page];
    Errno error = Errno::none;
    if (dsm == Dsm::stops_at_copy_error && have >= wanted) {
      const Reply copied = co_await uffd[node].copy(here, 'i');
      co_return copied.error();
    }
    if (have >= wanted) {  // for somebody else of this node
      co_await uffd[node].wake(here);
      co_return error;
    }
    if (have == State::shared) {
      co_await advise(there, MADV_DONTNEED);
      co_await uffd[node].writeprotect(here, 0);
    } else {
      // First nobody may write there any more, then the content is taken.
      if (dsm != Dsm::takes_without_protecting) co_await uffd[1 - node].writeprotect(there);
      const Touched content = co_await load(there);
      if (wanted == State::modified) co_await advise(there, MADV_DONTNEED);
      const Reply copied = co_await uffd[node].copy(here, content.content(),
                                                    wanted == State::shared ? UFFDIO_COPY_MODE_WP : 0);
      error = copied.error();
    }
    unused[node][page].set(bus, true);
    directory[node][page].set(bus, wanted);
    directory[1 - node][page].set(bus, wanted == State::modified ? State::invalid : State::shared);
    co_return error;
  }

  void at_end(AtEnd& end) const {
    for (std::uint64_t page = 0; page < pages; ++page) {
      const PageState first = end.page(memory[0][page]).state;
      const PageState second = end.page(memory[1][page]).state;
      const bool one_writer = first == PageState::missing || second == PageState::missing;
      const bool readers = first == PageState::present_wp && second == PageState::present_wp;
      end.expect(one_writer || readers, "a page has one writer or many readers");
    }
    if (apps[0] != 1 || apps[1] != 1 || accesses != 2 || !end.finished("app0") || !end.finished("app1"))
      return;
    end.record("app0", saw[0].peek());
    end.record("app1", saw[1].peek());
    end.expect(Turns::explain({saw[0].peek(), saw[1].peek()}, pages),
               "what the programs saw is sequentially consistent");
  }
};

}  // namespace field
