// SPDX-License-Identifier: Apache-2.0
// Every call of the facade reaches the simulated kernel, and its answer comes back. One thread each: what
// there is to say about interleavings, scenarios/litmus says.
#include <gtest/gtest.h>

#include "uffdsim/uffdsim.hpp"

namespace uffdsim {
namespace {

template <class S>
std::string only_outcome(const S& scenario) {
  const Report report = explore(scenario);
  EXPECT_TRUE(report.holds()) << report;
  EXPECT_EQ(report.outcomes.size(), 1u) << report;
  return report.outcomes.empty() ? "" : report.outcomes.front().text;
}

struct Memory {
  Region x{}, spare{};
  void setup(Setup& setup) {
    x = setup.region("x", {.pages = 2, .contents = "A"});
    spare = setup.reserved("spare", 2);
    setup.thread("t", &Memory::run);
  }
  Task<> run() const {
    const Result<char> written = co_await copy_from_user(x[0]);
    expect(written.has_value() && *written == 'A', "write(2) takes what is there");
    const Errno to_user = co_await copy_to_user(x[1], 'B');
    const Errno mapped = co_await map(spare.page(0));
    const Touched stored = co_await store(spare.page(0), 'S');
    const Errno protection = co_await protect(spare.page(0), PROT_READ);
    const Touched refused = co_await store(spare.page(0), 'T');
    const Result<Range> moved = co_await remap(x[1], spare.page(1));
    expect(moved && *moved == spare.page(1), "it went where it was told to");
    const Errno dropped = co_await advise(x[0], MADV_DONTNEED);
    const Errno unmapped = co_await unmap(spare.page(0));
    expect(to_user == Errno::none && mapped == Errno::none && stored && protection == Errno::none &&
               dropped == Errno::none && unmapped == Errno::none,
           "what is right succeeds");
    record("refused", refused);
  }
  void at_end(AtEnd& end) const {
    end.record("x0", end.page(x[0]));
    end.record("moved", end.page(spare.page(1)));
    end.record("unmapped", end.page(spare.page(0)));
  }
};

TEST(Calls, Memory) {
  EXPECT_EQ(only_outcome(Memory{}), "t.refused=SIGSEGV x0=missing moved='B' unmapped=unmapped");
}

struct Files {
  File file{};
  Region shared_view{};
  void setup(Setup& setup) {
    file = setup.file("f", {.pages = 3, .contents = "AB"});
    shared_view = setup.region("view", {.pages = 3, .backing = shared(file)});
    setup.thread("t", &Files::run);
  }
  Task<> run() const {
    const Errno punched = co_await file.punch_hole(0, 1);
    const Errno written = co_await file.write(2, 1, 'C');
    const Touched seen = co_await load(shared_view[2]);
    record("seen", seen);
    const Errno truncated = co_await file.truncate(2);
    const Touched beyond = co_await load(shared_view[2]);
    record("beyond", beyond);
    expect(punched == Errno::none && written == Errno::none && truncated == Errno::none,
           "files can be changed");
  }
  void at_end(AtEnd& end) const {
    end.record("f0", end.file_page(file, 0));
    end.record("f1", end.file_page(file, 1));
  }
};

TEST(Calls, Files) { EXPECT_EQ(only_outcome(Files{}), "t.seen='C' t.beyond=SIGBUS f0=missing f1='B'"); }

struct Ioctls {
  Region x{}, from{};
  void setup(Setup& setup) {
    x = setup.region("x", {.pages = 6});
    from = setup.region("from", {.pages = 2, .contents = "MN"});
    setup.thread("t", &Ioctls::run);
  }
  Task<> run() const {
    const Result<Uffd> opened = co_await open_userfaultfd(O_CLOEXEC | O_NONBLOCK);
    const Uffd uffd = *opened;
    const Reply shaken = co_await uffd.api(UFFD_FEATURE_PAGEFAULT_FLAG_WP);
    const Reply armed = co_await uffd.register_(x, UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP);
    expect(shaken && armed && armed.field() != 0, "a context is made");
    const Reply copied = co_await uffd.copy(x.part(0, 2), "AB");
    const Reply copied_from = co_await uffd.copy_from(x[2], from[0]);
    const Reply zeroed = co_await uffd.zeropage(x[3]);
    const Reply poisoned = co_await uffd.poison(x[4]);
    const Reply moved = co_await uffd.move(x[5], from[1]);
    expect(copied && copied.bytes() == 2 * kPageSize && copied_from && zeroed && poisoned && moved,
           "pages are filled");
    const Reply again = co_await uffd.copy(x[0], 'Z');
    record("again", again);
    const Reply shut = co_await uffd.writeprotect(x[0]);
    const Reply opened_again = co_await uffd.writeprotect(x[1], 0);
    const Reply woken = co_await uffd.wake(x);
    const Reply not_minor = co_await uffd.continue_(x[1]);
    expect(shut && opened_again && woken && !not_minor, "the other ioctls answer");
    const Result<Message> nothing = co_await uffd.read();
    record("read", nothing.error());
    const int events = co_await uffd.poll_now();
    expect(events == 0, "nothing to read");
    const Result<Uffd> copy = co_await uffd.dup();
    const Errno closed = co_await uffd.close();
    const Errno flags = co_await copy->set_flags(0);
    const Reply gone = co_await uffd.wake(x);
    expect(closed == Errno::none && flags == Errno::none && gone.error() == Errno::badf, "a copy stays open");
    const Reply off = co_await copy->unregister(x);
    expect(off && copy->fd() == 1, "and can be used");
  }
  void at_end(AtEnd& end) const {
    end.expect(end.page(x[0]) == 'A' && end.page(x[1]) == 'B' && end.page(x[2]) == 'M', "copied");
    end.expect(end.page(x[3]) == '\0' && end.page(x[4]) == PageState::poisoned && end.page(x[5]) == 'N',
               "filled");
    end.expect(end.page(from[1]) == PageState::missing, "moved away");
  }
};

TEST(Calls, Ioctls) { EXPECT_EQ(only_outcome(Ioctls{}), "t.again=EEXIST t.read=EAGAIN"); }

struct Forking {
  Region x{};
  Uffd uffd{};
  Child child{};
  void setup(Setup& setup) {
    x = setup.region("x");
    uffd = setup.uffd("uffd", UFFD_FEATURE_EVENT_FORK);
    setup.registered(uffd, x);
    setup.thread("parent", &Forking::run_parent);
    setup.thread("monitor", &Forking::monitor);
    child = setup.child("child", &Forking::run_child);
  }
  Task<> run_parent() const {
    const Errno forked = co_await fork(child);
    expect(forked == Errno::none, "there is a child");
  }
  Task<> run_child() const {
    const Touched seen = co_await load(x);
    record("saw", seen);
    co_await exit_process();
    expect(false, "nobody comes back from the end");
  }
  Task<> monitor() const {
    const Result<Message> event = co_await uffd.read();
    expect(event && event->is(UFFD_EVENT_FORK), "the fork is told first");
    const Uffd of_child(event->child_fd);
    const Result<Message> fault = co_await of_child.read();
    expect(fault && fault->is_fault() && fault->page() == x, "then the child's fault");
    Reply copied = co_await of_child.copy(fault->page(), 'C');
    while (copied.error() == Errno::again) copied = co_await of_child.copy(fault->page(), 'C');
    record("copied", copied);
  }
};

TEST(Calls, ForkExitAndTheChildsDescriptor) {
  EXPECT_EQ(only_outcome(Forking{}), "monitor.copied=ok child.saw='C' child killed");
}

// A thread that waits for what never comes ends with its process.
struct Exiting {
  Region x{};
  Uffd uffd{};
  Mutex mutex{};
  void setup(Setup& setup) {
    x = setup.region("x");
    uffd = setup.uffd("uffd");
    setup.registered(uffd, x);
    setup.thread("leaver", &Exiting::leave);
    setup.thread("locker", &Exiting::wait_for_mutex);
    setup.thread("reader", &Exiting::touch);
  }
  Task<> leave() const {
    co_await mutex.lock();
    co_await exit_process();
  }
  Task<> wait_for_mutex() const {
    co_await mutex.lock();
    co_await mutex.lock();
  }
  Task<> touch() const { co_await load(x); }
};

TEST(Calls, TheEndOfAProcessEndsWhoeverWaits) {
  const Report report = explore(Exiting{});
  ASSERT_EQ(report.outcomes.size(), 2u) << report;  // or the locker was first, and nobody leaves
  EXPECT_TRUE(report.find("leaver killed locker killed reader killed")) << report;
}

struct Choosing {
  void setup(Setup& setup) { setup.thread("t", &Choosing::run); }
  Task<> run() const {
    const int answer = co_await choose(3, "how many");
    record("answer", answer);
  }
};

TEST(Calls, EveryAnswerOfAQuestionIsExplored) { EXPECT_EQ(explore(Choosing{}).outcomes.size(), 3u); }

}  // namespace
}  // namespace uffdsim
