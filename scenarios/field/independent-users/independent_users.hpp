// SPDX-License-Identifier: Apache-2.0
// Independent users of userfaultfd in one process: two libraries that know nothing of each other, each with a
// context and a range of its own, and a manager with a third context that fills pages before they are wanted.
//
//   cache_library ── opens, fills, uses, closes ──▶ cache   (its own context)
//                                                   ----- one mapping
//   app_heap ── load ─────────────────────────────▶ heap  ◀── COPY ── heap_library   (opens its own)
//                                                     ▲
//                                                     └────── COPY ── manager        (a third)
//
// COPY asks whether a page is registered, not with whom, so that the manager may fill it; but it wakes only
// those who wait in its own context. Claims: each application sees its library's content and is never left
// asleep, whatever the other library does with its own range.
#pragma once
#include <uffdsim/uffdsim.hpp>

namespace field {

using namespace uffdsim;

// Each mistake was made by somebody: see docs/field/independent-users.md.
enum class Users : std::uint8_t {
  right,
  ignores_eexist,          // whoever has filled the page has woken its readers, the library believes
  closes_twice,            // closes a number again, which may be somebody else's by then
  unregisters_everything,  // ends as if all memory were its own
};

struct IndependentUsers {
  Users users = Users::right;
  int caches = 1;
  int managers = 1;

  Range memory{}, cache{}, heap{};
  Uffd cache_uffd{}, manager_uffd{};
  Queue<char, 1> heap_is_registered{};

  void setup(Setup& setup) {
    memory = setup.region("memory", {.pages = 2});
    cache = memory[0];
    heap = memory[1];
    cache_uffd = setup.uffd("cache-uffd");
    manager_uffd = setup.uffd("manager-uffd");
    setup.registered(cache_uffd, cache);
    if (caches) setup.thread("cache_library", &IndependentUsers::use_cache);
    setup.daemon("heap_library", &IndependentUsers::serve_heap);
    setup.thread("app_heap", &IndependentUsers::use_heap);
    if (managers) setup.thread("manager", &IndependentUsers::prefetch);
  }

  Task<> use_cache() const {
    co_await cache_uffd.copy(cache, 'C');
    const Touched seen = co_await load(cache);
    expect(seen == 'C', "the cache's application sees the cache");
    co_await cache_uffd.unregister(users == Users::unregisters_everything ? memory : cache);
    co_await cache_uffd.close();
    if (users == Users::closes_twice) co_await cache_uffd.close();
  }

  Task<> serve_heap() const {
    const Result<Uffd> opened = co_await open_userfaultfd();
    const Uffd uffd = *opened;
    co_await uffd.api();
    co_await uffd.register_(heap, UFFDIO_REGISTER_MODE_MISSING);
    co_await heap_is_registered.push('y');
    while (true) {
      const Result<Message> fault = co_await uffd.read();
      if (!fault) co_return;
      const Reply copied = co_await uffd.copy(fault->page(), 'H');
      const bool wakes = copied.error() == Errno::exist && users != Users::ignores_eexist;
      if (wakes) co_await uffd.wake(fault->page());
    }
  }
  Task<> use_heap() const {
    co_await heap_is_registered.pop();
    const Touched seen = co_await load(heap);
    expect(seen == 'H', "the heap's application sees the heap");
  }

  // ENOENT: nobody has registered it yet. EEXIST: its library was first.
  Task<> prefetch() const { co_await manager_uffd.copy(heap, 'H'); }
};

}  // namespace field
