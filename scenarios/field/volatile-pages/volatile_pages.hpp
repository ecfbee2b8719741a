// SPDX-License-Identifier: Apache-2.0
// Volatile pages: an application keeps what it can make again (decoded images, a compiled shader, a cache) in
// memory that may be taken away from it at any time. It does not ask before each use: it touches the page,
// and if the page has gone, the fault is the notification, and a regenerator makes the content again.
//
//   application ── load ──▶ cache (tmpfs, mapped, registered MISSING) ◀── punches holes ── reclaimer
//                             │ fault                      ▲ COPY
//                             ▼                            │
//                           regenerator ───────────────────┘        warmer ── write(2) ──▶ the file
//
// The warmer makes content before it is needed, through the file's descriptor, so it fills the file and not
// the mapping. Claims: who touches a page sees its content, never zeros; and is never left asleep.
#pragma once
#include <uffdsim/uffdsim.hpp>

namespace field {

using namespace uffdsim;

// What a regenerator does. Each mistake was made by somebody: see docs/field/volatile-pages.md.
enum class Regenerator : std::uint8_t {
  right,
  stops_at_eexist,     // takes EEXIST of COPY for the end of the world
  ignores_eexist,      // takes it for "somebody else has done it, and woken whoever waits"
  serves_a_page_once,  // takes a second fault of a page for a duplicate
};

struct VolatilePages {
  static constexpr std::uint64_t kMostPages = 4;
  // What the page number `page` holds, each time it is made.
  static constexpr char content(std::uint64_t page) { return static_cast<char>('A' + page); }

  Regenerator regenerator = Regenerator::right;
  std::uint64_t pages = 1;
  int applications = 1;

  File file{};
  Region cache{};
  Uffd uffd{};
  std::array<Shared<bool>, kMostPages> served{};

  void setup(Setup& setup) {
    file = setup.file("file", {.pages = pages});
    cache = setup.region("cache", {.pages = pages, .backing = shared(file)});
    uffd = setup.uffd("uffd", UFFD_FEATURE_MISSING_SHMEM);
    setup.registered(uffd, cache);
    for (int i = 0; i < applications; ++i) setup.thread(numbered("application", i), &VolatilePages::use);
    setup.daemon("regenerator", &VolatilePages::regenerate);
    setup.thread("reclaimer", &VolatilePages::reclaim);
    setup.thread("warmer", &VolatilePages::warm);
  }

  // Uses every page twice, and asks nobody.
  Task<> use() const {
    for (std::uint64_t i = 0; i < 2 * pages; ++i) {
      const Touched seen = co_await load(cache[i / 2]);
      expect(seen == content(i / 2), "who touches a page sees its content");
    }
  }

  Task<> regenerate() const {
    while (true) {
      const Result<Message> fault = co_await uffd.read();
      const std::uint64_t page = cache.page_of(fault->page());
      if (regenerator == Regenerator::serves_a_page_once) {
        const bool before = co_await served[page].exchange(true);
        if (before) continue;
      }
      const Reply copied = co_await uffd.copy(fault->page(), content(page));
      if (copied.error() != Errno::exist) continue;
      // The file has the page, the mapping may not: COPY has woken nobody.
      if (regenerator == Regenerator::stops_at_eexist) co_return;
      if (regenerator == Regenerator::ignores_eexist) continue;
      co_await uffd.wake(fault->page());
    }
  }

  Task<> reclaim() const { co_await file.punch_hole(0, 1); }
  Task<> warm() const { co_await file.write(0, 1, content(0)); }
};

}  // namespace field
