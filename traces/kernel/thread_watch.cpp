// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/thread_watch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace traces {
namespace {

// Kernel functions, by the beginnings of their names: compilers append .constprop and .isra, and the names
// of read(2) and futex(2) changed between 6.1 and 7.3.
constexpr std::array<std::string_view, 11> kPlaces = {"handle_userfault",
                                                      "userfaultfd_event_wait_completion",
                                                      "userfaultfd_read",
                                                      "userfaultfd_ctx_read",
                                                      "poll_schedule_timeout",
                                                      "do_sys_poll",  // 6.12 inlines the other
                                                      "ep_poll",
                                                      "do_epoll_wait",
                                                      "__skb_wait_for_more_packets",
                                                      "futex_",
                                                      "__futex_"};

std::string read_whole(int descriptor) {
  std::array<char, 4096> text;
  const ssize_t got = pread(descriptor, text.data(), text.size(), 0);
  return {text.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

std::uint64_t number_after(const std::string& text, std::string_view key) {
  const std::size_t at = text.find(key);
  return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + key.size(), nullptr, 10);
}

}  // namespace

ThreadWatch::ThreadWatch(pid_t process, pid_t thread) {
  const std::string directory = fmt::format("/proc/{}/task/{}/", process, thread);
  wchan_ = open((directory + "wchan").c_str(), O_RDONLY | O_CLOEXEC);
  status_ = open((directory + "status").c_str(), O_RDONLY | O_CLOEXEC);
  stat_ = open((directory + "stat").c_str(), O_RDONLY | O_CLOEXEC);
}

ThreadWatch::~ThreadWatch() {
  if (wchan_ >= 0) close(wchan_);
  if (status_ >= 0) close(status_);
  if (stat_ >= 0) close(stat_);
}

ThreadWatch::ThreadWatch(ThreadWatch&& other) noexcept
    : wchan_(std::exchange(other.wchan_, -1)),
      status_(std::exchange(other.status_, -1)),
      stat_(std::exchange(other.stat_, -1)) {}

std::string ThreadWatch::place() const { return read_whole(wchan_); }

bool ThreadWatch::asleep() const {
  const std::string here = place();
  return std::any_of(kPlaces.begin(), kPlaces.end(),
                     [&](std::string_view place) { return here.starts_with(place); });
}

std::uint64_t ThreadWatch::switches() const {
  const std::string status = read_whole(status_);
  return number_after(status, "\nvoluntary_ctxt_switches:") +
         number_after(status, "\nnonvoluntary_ctxt_switches:");
}

// The fifteenth field; the second, its name in parentheses, may hold blanks.
std::uint64_t ThreadWatch::system_time() const {
  const std::string stat = read_whole(stat_);
  std::size_t at = stat.rfind(')');
  for (int field = 2; field < 15 && at != std::string::npos; ++field) at = stat.find(' ', at + 1);
  return at == std::string::npos ? 0 : std::strtoull(stat.c_str() + at, nullptr, 10);
}

Picture look_at(const std::vector<const ThreadWatch*>& threads) {
  Picture picture{.threads = threads, .all_asleep = true, .switches = {}};
  for (const ThreadWatch* thread : threads) {
    // In this order: a thread asleep at the second look, with the count of the first, slept from the first
    // count to the second look.
    if (!thread->asleep()) picture.all_asleep = false;
    picture.switches.push_back(thread->switches());
  }
  return picture;
}

}  // namespace traces
