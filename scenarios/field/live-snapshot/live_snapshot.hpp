// SPDX-License-Identifier: Apache-2.0
// Live snapshot: the memory of a guest is saved as it was at one instant, while the guest goes on. Its pages
// are write-protected, which is the instant; whoever writes to one waits until that page was copied. Copies
// lie in a buffer until the disk has them, and the buffer is bounded: while it is full, writers wait.
//
//   vcpu0, vcpu1 ── store ──▶ ram (write-protected)
//                               │ fault      ▲ lifts the protection
//                               ▼            │
//                             bg_snapshot ───┘── copies ──▶ buffer (bounded) ──▶ saver ──▶ image
//
// bg_snapshot also walks through memory: what nobody writes to must be saved as well. Claims: the image is
// memory at one instant; there are never more copies than the bound; every vCPU runs again.
#pragma once
#include <uffdsim/uffdsim.hpp>

namespace field {

using namespace uffdsim;

// What bg_snapshot does. Each mistake was made by somebody: see docs/field/live-snapshot.md.
enum class Snapshot : std::uint8_t {
  right,
  skips_missing_pages,     // protects what is there, and forgets that a store can make a page
  lifts_before_it_copies,  // lets the writer go first
  unregisters_at_once,     // believes that UNREGISTER ends the protection, and with it the waiting
  ends_without_last_wake,  // lifts everything, unregisters, and looks no more
};

struct LiveSnapshot {
  static constexpr std::uint64_t kMostPages = 4;
  static constexpr std::size_t kBuffer = 1;
  // What lies in the buffer, and the one in the hand of each who works on it.
  static constexpr int kMostCopies = kBuffer + 2;
  struct Copy {
    std::uint8_t page = 0;
    char content = 0;
  };

  Snapshot snapshot = Snapshot::right;
  std::uint64_t pages = 2;  // the first has content, the others are missing
  int vcpus = 1;

  Region ram{};
  Uffd uffd{};
  Queue<Copy, kBuffer> buffer{};
  Shared<int> copies{};  // that are not saved yet
  std::array<Shared<char>, kMostPages> image{};

  void setup(Setup& setup) {
    ram = setup.region("ram", {.pages = pages, .contents = "a"});
    uffd = setup.uffd("uffd", UFFD_FEATURE_PAGEFAULT_FLAG_WP, O_NONBLOCK);
    setup.registered(uffd, ram, UFFDIO_REGISTER_MODE_WP);
    setup.thread("vcpu0", &LiveSnapshot::write);
    if (vcpus == 2) setup.thread("vcpu1", &LiveSnapshot::follow);
    setup.thread("bg_snapshot", &LiveSnapshot::take);
    setup.thread("saver", &LiveSnapshot::save);
  }

  Task<> write() const {
    co_await store(ram[0], 'B');
    co_await store(ram[pages - 1], 'C');
  }
  // Writes 'C' to the last page, too, once it has seen what vcpu0 wrote before; else 'c'.
  Task<> follow() const {
    const Touched seen = co_await load(ram[0]);
    co_await store(ram[pages - 1], seen == 'B' ? 'C' : 'c');
  }

  Task<> take() const {
    if (snapshot != Snapshot::skips_missing_pages) {
      for (std::uint64_t page = 0; page < pages; ++page) co_await load(ram[page]);
    }
    co_await uffd.writeprotect(ram);
    std::uint64_t walked = 0;
    std::uint64_t saved = 0;  // a bit a page
    while (walked < pages) {
      const Result<Message> fault = co_await uffd.read();
      const std::uint64_t page = fault ? ram.page_of(fault->page()) : walked++;
      const bool is_saved = saved >> page & 1;
      if (snapshot == Snapshot::lifts_before_it_copies) co_await uffd.writeprotect(ram[page], 0);
      if (!is_saved) co_await copy(page);
      saved |= std::uint64_t{1} << page;
      if (fault) co_await uffd.writeprotect(ram[page], 0);
    }
    if (snapshot != Snapshot::unregisters_at_once) co_await uffd.writeprotect(ram, 0);
    co_await uffd.unregister(ram);
    // Somebody may have begun to wait after the protection was lifted, for a page that he could write to.
    const bool wakes =
        snapshot != Snapshot::unregisters_at_once && snapshot != Snapshot::ends_without_last_wake;
    if (wakes) co_await uffd.wake(ram);
  }

  Task<> copy(std::uint64_t page) const {
    const int others = co_await copies.fetch_add(1);
    expect(others < kMostCopies, "the copies that are not saved yet never exceed their bound");
    const Touched content = co_await load(ram[page]);
    co_await buffer.push({static_cast<std::uint8_t>(page), content.content()});
  }

  Task<> save() const {
    for (std::uint64_t i = 0; i < pages; ++i) {
      const Copy copy = co_await buffer.pop();
      co_await image[copy.page].store(copy.content);
      co_await copies.fetch_add(-1);
    }
  }

  void at_end(AtEnd& end) const {
    if (!end.finished("saver")) return;
    const bool cause = image[0].peek() == 'B';
    const bool effect = image[pages - 1].peek() == 'C';
    end.expect(cause || !effect, "the image is memory at one instant");
    end.record("image0", image[0].peek());
    end.record("image1", image[pages - 1].peek());
  }
};

}  // namespace field
