// SPDX-License-Identifier: Apache-2.0
// A moving collector: objects are compacted while the program runs. The collector takes the pages of a space
// away (mremap with DONTUNMAP), and a touch of the empty space is a signal (SIGBUS feature): there is no
// thread to ask, the mutator compacts the page itself. Who does it is settled by a compare-and-swap of the
// page's state.
//
//   mutator0, mutator1 ── load ──▶ space (registered MISSING, empty) ◀── MOVE ── buffer of each
//                                    │ SIGBUS                                      ▲
//                                    ▼                                             │ compacts
//                     state of the page: unprocessed → processing → mapped       from-space
//                                    ▲                                             ▲
//                         collector ─┘ for each page                               └── mremap ── space
//
// Claims: who touches the space sees its object, never zeros; a page is compacted once; everybody goes on.
#pragma once
#include <uffdsim/uffdsim.hpp>

namespace field {

using namespace uffdsim;

// What the collector and its mutators do. Each mistake was made by somebody: see
// docs/field/moving-collector.md.
enum class Collector : std::uint8_t {
  right,
  registers_last,   // empties the space, then registers it
  claims_nothing,   // every mutator that meets an empty page compacts it
  announces_early,  // says that the page is mapped, then maps it; and who finds it missing gives up
};

struct MovingCollector {
  static constexpr std::uint64_t kMostPages = 4;
  static constexpr std::size_t kMostThreads = 3;
  enum class State : std::uint8_t { unprocessed, processing, mapped };
  // What the object on page number `page` looks like.
  static constexpr char object(std::uint64_t page) { return static_cast<char>('A' + page); }

  Collector collector = Collector::right;
  std::uint64_t pages = 1;
  int mutators = 2;

  Region space{};
  Region from_space{};
  std::array<Region, kMostThreads> buffer{};  // of the collector, and of each mutator
  Uffd uffd{};
  std::array<Shared<State>, kMostPages> state{};
  std::array<Shared<int>, kMostPages> compacted{};

  void setup(Setup& setup) {
    space = setup.region("space", {.pages = pages, .contents = std::string_view("ABCD").substr(0, pages)});
    from_space = setup.reserved("from-space", pages);
    uffd = setup.uffd("uffd", UFFD_FEATURE_SIGBUS);
    buffer[0] = setup.region("buffer");
    setup.thread("collector", &MovingCollector::collect);
    for (int i = 0; i < mutators; ++i) {
      const std::size_t thread = static_cast<std::size_t>(i) + 1;
      buffer[thread] = setup.region(numbered("buffer", i).c_str());
      setup.thread(numbered("mutator", i), &MovingCollector::mutate, thread);
    }
    setup.spare_memory(pages * kMostThreads);
  }

  Task<> collect() const {
    if (collector != Collector::registers_last) {
      co_await uffd.register_(space, UFFDIO_REGISTER_MODE_MISSING);
    }
    co_await remap(space, from_space, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP);
    if (collector == Collector::registers_last) {
      co_await uffd.register_(space, UFFDIO_REGISTER_MODE_MISSING);
    }
    for (std::uint64_t page = 0; page < pages; ++page) co_await compact(page, 0);
  }

  // Uses every object, from the last one down. A signal is the collector's doorbell.
  Task<> mutate(std::size_t thread) const {
    for (std::uint64_t page = pages; page-- > 0;) {
      Touched seen = co_await load(space[page]);
      while (!seen) {
        const State found = co_await state[page].load();
        if (collector == Collector::announces_early && found == State::mapped) break;
        co_await compact(page, thread);
        seen = co_await load(space[page]);
      }
      expect(seen == object(page), "who touches the space sees its object");
    }
  }

  // Whoever claims the page compacts it into a buffer of his own, and moves that there; the others come back.
  Task<> compact(std::uint64_t page, std::size_t thread) const {
    const State before = co_await state[page].compare_exchange(State::unprocessed, State::processing);
    if (collector != Collector::claims_nothing && before != State::unprocessed) {
      co_await yield();
      co_return;
    }
    const int others = co_await compacted[page].fetch_add(1);
    expect(others == 0, "a page is compacted once");
    const Touched old = co_await load(from_space[page]);
    co_await store(buffer[thread], old.content());
    if (collector == Collector::announces_early) co_await state[page].store(State::mapped);
    const Reply moved = co_await uffd.move(space[page], buffer[thread]);
    expect(moved.error() == Errno::none, "the page that was claimed can be mapped");
    co_await state[page].store(State::mapped);
  }

  void at_end(AtEnd& end) const {
    for (std::uint64_t page = 0; page < pages; ++page) {
      end.expect(end.page(space[page]) == object(page), "every object is in the space again");
    }
  }
};

}  // namespace field
