// SPDX-License-Identifier: Apache-2.0
// A machine for tests of replay: a map of pages and a queue of faults, nothing concurrent. It knows
// MISSING registrations, COPY, ZEROPAGE, WAKE, read, unregister, munmap, mmap, DONTNEED and close.
#pragma once
#include <fcntl.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "model/uffd/abi.hpp"
#include "traces/layout.hpp"
#include "traces/machine.hpp"
#include "traces/program.hpp"

namespace traces {

class FakeMachine : public Machine {
 public:
  explicit FakeMachine(const Program& program)
      : layout_(program), threads_(program.threads.size()), uffds_(program.uffds.size()) {
    for (std::size_t i = 0; i < program.regions.size(); ++i) {
      if (!program.regions[i].mapped) continue;
      for_pages(layout_.region(i).start.value, layout_.region(i).bytes(),
                [&](std::uint64_t p) { pages_[p] = {}; });
    }
  }

  std::string name() const override { return "fake"; }

  void perform(std::size_t thread, const Operation& operation, const Value&) override {
    threads_[thread].operation = operation;
    threads_[thread].result = execute(thread, operation);
  }
  std::optional<Value> take_result(std::size_t thread) override {
    return std::exchange(threads_[thread].result, {});
  }
  FinalState look() override { return {}; }

 private:
  using Errno = model::Errno;
  struct Page {
    bool present = false;
    char content = 0;
    int owner = -1;  // uffd that it is registered with
  };
  struct Thread {
    std::optional<Value> result;
    Operation operation;
  };
  struct Uffd {
    bool open = false;
    bool nonblocking = false;
    std::deque<std::size_t> unread;  // threads
    std::set<std::size_t> waiting;   // threads, read or not
  };

  template <class F>
  static void for_pages(std::uint64_t start, std::uint64_t length, F f) {
    for (std::uint64_t p = start >> 12; p < (start + length + 4095) >> 12; ++p) f(p);
  }
  std::optional<Value> access(std::size_t thread, const Operation& o) {
    const std::uint64_t address = layout_.resolve(o.range, {}).start.value;
    const auto page = pages_.find(address >> 12);
    if (page == pages_.end()) return Value::signal(11);
    if (!page->second.present && page->second.owner >= 0) {
      Uffd& uffd = uffds_[static_cast<std::size_t>(page->second.owner)];
      uffd.unread.push_back(thread);
      uffd.waiting.insert(thread);
      return std::nullopt;
    }
    if (!page->second.present) page->second = {true, 0, page->second.owner};
    if (o.kind == OperationKind::load) return Value::letter(page->second.content);
    page->second.content = o.contents[0];
    return Value::ok();
  }
  void wake(Uffd& uffd, std::uint64_t start, std::uint64_t length) {
    std::vector<std::size_t> woken;
    for (const std::size_t thread : uffd.waiting) {
      const std::uint64_t at = layout_.resolve(threads_[thread].operation.range, {}).start.page().value;
      if (at >= start && at < start + length) woken.push_back(thread);
    }
    for (const std::size_t thread : woken) {
      uffd.waiting.erase(thread);
      uffd.unread.erase(std::remove(uffd.unread.begin(), uffd.unread.end(), thread), uffd.unread.end());
    }
    for (const std::size_t thread : woken)
      threads_[thread].result = access(thread, threads_[thread].operation);
  }
  Value fill(const Operation& o, Layout::Resolved range) {
    std::uint64_t done = 0;
    Errno error = Errno::none;
    for (; done < range.length && error == Errno::none;) {
      const auto page = pages_.find((range.start.value + done) >> 12);
      if (page == pages_.end() || page->second.owner < 0)
        error = Errno::noent;
      else if (page->second.present)
        error = Errno::exist;
      else {
        const std::size_t letter = std::min(done >> 12, o.contents.size() - 1);
        page->second.present = true;
        page->second.content = o.kind == OperationKind::copy ? o.contents[letter] : '\0';
        done += 4096;
      }
    }
    if (done != 0 && (o.mode & UFFDIO_COPY_MODE_DONTWAKE) == 0) wake(uffds_[o.uffd], range.start.value, done);
    if (done == 0) return Value::with_field(error, -static_cast<int>(error));
    return Value::with_field(error == Errno::none ? error : Errno::again, static_cast<std::int64_t>(done));
  }
  std::optional<Value> read(Uffd& uffd) {
    if (!uffd.open) return Value::of(Errno::badf);
    if (uffd.unread.empty()) return uffd.nonblocking ? std::optional(Value::of(Errno::again)) : std::nullopt;
    const std::size_t thread = uffd.unread.front();
    uffd.unread.pop_front();
    const Operation& o = threads_[thread].operation;
    Value value{.kind = ValueKind::message, .event = UFFD_EVENT_PAGEFAULT};
    value.flags = o.kind == OperationKind::store ? UFFD_PAGEFAULT_FLAG_WRITE : 0;
    value.thread = static_cast<std::int8_t>(thread);
    value.start = layout_.resolve(o.range, {}).start.page().value;
    return value;
  }
  void release(std::uint64_t start, std::uint64_t length, int owner) {
    for_pages(start, length, [&](std::uint64_t p) {
      const auto page = pages_.find(p);
      if (page != pages_.end() && page->second.owner == owner) page->second.owner = -1;
    });
  }
  std::optional<Value> execute(std::size_t thread, const Operation& o) {
    const Layout::Resolved range = layout_.resolve(o.range, {});
    const std::uint64_t start = range.start.value;
    switch (o.kind) {
      case OperationKind::load:
      case OperationKind::store:
        return access(thread, o);
      case OperationKind::userfaultfd:
        uffds_[o.uffd] = {true, (o.flags & O_NONBLOCK) != 0, {}, {}};
        return Value::ok();
      case OperationKind::api:
        return Value::with_field(Errno::none, 0x1ffff);
      case OperationKind::register_:
        for_pages(start, range.length, [&](std::uint64_t p) { pages_[p].owner = o.uffd; });
        return Value::with_field(Errno::none, 0x13c);
      case OperationKind::unregister:
        release(start, range.length, o.uffd);
        wake(uffds_[o.uffd], start, range.length);
        return Value::ok();
      case OperationKind::copy:
      case OperationKind::zeropage:
        return fill(o, range);
      case OperationKind::wake:
        wake(uffds_[o.uffd], start, range.length);
        return Value::ok();
      case OperationKind::read:
        return read(uffds_[o.uffd]);
      case OperationKind::close:
        release(0, layout_.end().value, o.uffd);
        wake(uffds_[o.uffd], 0, layout_.end().value);
        uffds_[o.uffd].open = false;
        return Value::ok();
      case OperationKind::munmap:
        for_pages(start, range.length, [&](std::uint64_t p) { pages_.erase(p); });
        return Value::ok();
      case OperationKind::mmap:
        for_pages(start, range.length, [&](std::uint64_t p) { pages_[p] = {}; });
        return Value::ok();
      case OperationKind::dontneed:
        for_pages(start, range.length, [&](std::uint64_t p) { pages_[p].present = false; });
        return Value::ok();
      default:
        return Value::ok();
    }
  }

  Layout layout_;
  std::vector<Thread> threads_;
  std::vector<Uffd> uffds_;
  std::map<std::uint64_t, Page> pages_;
};

}  // namespace traces
