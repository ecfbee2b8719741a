// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/guest_init.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "traces/kernel/frame.hpp"
#include "traces/kernel/version.hpp"

namespace traces {
namespace {

constexpr const char* kLine = "/dev/ttyS1";
constexpr std::chrono::seconds kBetweenSigns{2};

// The serial line that nobody else writes to.
class Line {
 public:
  Line() : descriptor_(open(kLine, O_WRONLY | O_NOCTTY | O_CLOEXEC)) {
    termios settings = {};
    if (tcgetattr(descriptor_, &settings) != 0) return;
    cfmakeraw(&settings);
    tcsetattr(descriptor_, TCSANOW, &settings);
  }
  void send(const std::string& text) {
    const std::lock_guard guard(mutex_);
    const std::string whole = frame(text);
    for (std::size_t sent = 0; sent < whole.size();) {
      const ssize_t some = write(descriptor_, whole.data() + sent, whole.size() - sent);
      if (some <= 0) return;
      sent += static_cast<std::size_t>(some);
    }
    tcdrain(descriptor_);
  }

 private:
  int descriptor_;
  std::mutex mutex_;
};

void mount_file_systems() {
  mkdir("/proc", 0755);
  mkdir("/dev", 0755);
  mount("proc", "/proc", "proc", 0, nullptr);
  mount("devtmpfs", "/dev", "devtmpfs", 0, nullptr);
}

void run(Line& line, const Work& work) {
  std::ifstream file(kGuestJob);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  line.send("kernel " + running_kernel());
  work(text, [&](const std::string& report) { line.send("report " + report); });
  line.send("end");
}

}  // namespace

bool is_init() { return getpid() == 1; }

void be_init(const Work& work) {
  mount_file_systems();
  static Line line;
  std::thread([] {
    for (;; std::this_thread::sleep_for(kBetweenSigns)) line.send("alive");
  }).detach();
  try {
    run(line, work);
  } catch (const std::exception& problem) {
    line.send(std::string("failed ") + problem.what());
  }
  sync();
  reboot(RB_POWER_OFF);
  for (;;) pause();
}

}  // namespace traces
