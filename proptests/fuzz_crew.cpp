// SPDX-License-Identifier: Apache-2.0
#include "proptests/fuzz_crew.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>
#include <system_error>
#include <vector>

#include "traces/kernel/child.hpp"
#include "traces/kernel/frame.hpp"

namespace proptests {
namespace {

constexpr int kLookAround = 200;  // ms

void send(int to, const std::string& text) {
  const std::string whole = traces::frame(text);
  for (std::size_t sent = 0; sent < whole.size();) {
    const ssize_t some = write(to, whole.data() + sent, whole.size() - sent);
    if (some <= 0) _exit(1);
    sent += static_cast<std::size_t>(some);
  }
}

// What a member sends begins with a word: "report JSON", "failed WHY", "end".
void work(const FuzzJob& job, int to) {
  try {
    fuzz(job, [&](const FuzzReport& report) { send(to, "report " + to_json_text(report)); });
    send(to, "end");
  } catch (const std::exception& problem) {
    send(to, std::string("failed ") + problem.what());
  }
  _exit(0);
}

}  // namespace

class FuzzCrew::Member {
 public:
  explicit Member(const FuzzJob& job) : pipe_(), child_([&] { work(job, pipe_.ends[1]); }) {
    close(pipe_.ends[1]);
    pipe_.ends[1] = -1;
  }

  int line() const { return pipe_.ends[0]; }
  bool done() const { return done_; }
  const std::string& failure() const { return failure_; }

  // Called when there is something on the line; false if a report asked to stop.
  bool take(const OnFuzzReport& report) {
    std::array<char, 65536> bytes;
    const ssize_t got = read(line(), bytes.data(), bytes.size());
    if (got <= 0) {
      failure_ = "a process of the crew died";
      done_ = true;
      return true;
    }
    frames_.feed({bytes.data(), static_cast<std::size_t>(got)});
    while (const std::optional<std::string> text = frames_.next()) {
      if (!take(*text, report)) return false;
    }
    return true;
  }

 private:
  struct Pipe {
    int ends[2] = {-1, -1};
    Pipe() {
      if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    ~Pipe() {
      for (const int end : ends) {
        if (end >= 0) close(end);
      }
    }
  };

  bool take(const std::string& text, const OnFuzzReport& report) {
    const std::size_t space = text.find(' ');
    const std::string word = text.substr(0, space);
    const std::string rest = space == std::string::npos ? "" : text.substr(space + 1);
    done_ = word != "report";
    if (word == "failed") failure_ = rest;
    if (word != "report") return true;
    const FuzzReport made = fuzz_report_from_json(rest);
    return report(&made);
  }

  Pipe pipe_;
  traces::Child child_;
  traces::FrameReader frames_;
  bool done_ = false;
  std::string failure_;
};

FuzzCrew::FuzzCrew(const FuzzJob& job, std::uint64_t members) {
  for (std::uint64_t i = 0; i < members; ++i) {
    FuzzJob part = job;
    part.crew = members;
    part.member = i;
    members_.emplace_back(part);
  }
}

FuzzCrew::~FuzzCrew() = default;

// False if a report asked to stop.
bool FuzzCrew::listen(const OnFuzzReport& report) {
  std::vector<pollfd> lines;
  for (const Member& member : members_) {
    lines.push_back({.fd = member.done() ? -1 : member.line(), .events = POLLIN, .revents = 0});
  }
  poll(lines.data(), lines.size(), kLookAround);
  std::size_t i = 0;
  for (Member& member : members_) {
    if (lines[i++].revents != 0 && !member.take(report)) return false;
  }
  return report(nullptr);
}

bool FuzzCrew::all_done() const {
  return std::all_of(members_.begin(), members_.end(), [](const Member& member) { return member.done(); });
}

std::string FuzzCrew::wait(const OnFuzzReport& report) {
  while (!all_done()) {
    if (!listen(report)) return "stopped";
  }
  for (const Member& member : members_) {
    if (!member.failure().empty()) return member.failure();
  }
  return {};
}

}  // namespace proptests
