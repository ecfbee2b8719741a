// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/guest.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "traces/kernel/child.hpp"
#include "traces/kernel/cpio.hpp"
#include "traces/kernel/frame.hpp"
#include "traces/kernel/guest_init.hpp"

namespace traces {
namespace {

constexpr const char* kEmulator = "qemu-system-x86_64";

// Multi-threaded TCG trips over some kernels' text patching with two processors, hence thread=single. A
// panic reboots at once, and -no-reboot makes of that the end of QEMU. The guest's address space is to be as
// large as the model's (no5lvl), and pages without access are looked at through /proc/PID/mem (proc_mem).
constexpr std::array kArguments = {
    "-accel",
    "tcg,thread=single",
    "-cpu",
    "max",
    "-smp",
    "2",
    "-m",
    "512",
    "-display",
    "none",
    "-monitor",
    "none",
    "-nodefaults",
    "-no-user-config",
    "-no-reboot",
    "-append",
    "console=ttyS0 quiet panic=-1 nokaslr no5lvl proc_mem.force_override=always"};

std::string not_installed() {
  return fmt::format("{} is not installed (Debian: qemu-system-x86)", kEmulator);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(fmt::format("cannot read {}", path.string()));
  return {std::istreambuf_iterator<char>(file), {}};
}

// A directory that goes with the object.
class Workplace {
 public:
  Workplace() {
    std::string pattern = (std::filesystem::temp_directory_path() / "uffdsim-guest.XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
  }
  ~Workplace() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

void write_initial_file_system(const std::filesystem::path& to, const std::filesystem::path& runner,
                               const std::string& job) {
  CpioArchive archive;
  archive.add("init", S_IFREG | 0755, read_file(runner));
  archive.add(&kGuestJob[1], S_IFREG | 0644, job);
  std::ofstream file(to, std::ios::binary);
  file << std::move(archive).finish();
  if (!file.flush()) throw std::runtime_error(fmt::format("cannot write {}", to.string()));
}

// In the child of a fork: becomes QEMU, whose second serial line is `output`.
[[noreturn]] void become_emulator(const std::filesystem::path& image, const std::filesystem::path& files,
                                  const std::filesystem::path& console, int output) {
  dup2(open("/dev/null", O_RDWR), STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  const std::string console_line = "file:" + console.string();
  std::vector<const char*> arguments{kEmulator};
  arguments.insert(arguments.end(), kArguments.begin(), kArguments.end());
  for (const char* argument : {"-kernel", image.c_str(), "-initrd", files.c_str(), "-serial",
                               console_line.c_str(), "-serial", "file:/dev/stdout"}) {
    arguments.push_back(argument);
  }
  arguments.push_back(nullptr);
  execvp(kEmulator, const_cast<char* const*>(arguments.data()));
  _exit(127);
}

// The last lines that the guest's kernel wrote, for a person who wonders why it failed.
std::string last_words(const std::filesystem::path& console) {
  std::ifstream file(console);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.empty()) return "its console is empty";
  const std::size_t panic = text.find("Kernel panic");
  constexpr std::size_t kMost = 600;
  const std::size_t tail = text.size() > kMost ? text.size() - kMost : 0;
  return fmt::format("its console says:\n{}", text.substr(panic == std::string::npos ? tail : panic, kMost));
}

// The host's side of a boot.
class Guest {
 public:
  Guest(const GuestOptions& options, const std::string& job, const OnReport& report)
      : options_(options), on_report_(report) {
    write_initial_file_system(workplace_ / "initrd", options.runner, job);
  }
  ~Guest() {
    if (ends_[0] >= 0) close(ends_[0]);
  }
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;

  GuestEnd run();

 private:
  enum class Step : std::uint8_t { more, last, line_closed };
  Step take(const std::string& text);
  Step take_bytes();
  std::string silence(Child& emulator) const;

  const GuestOptions& options_;
  const OnReport& on_report_;
  Workplace workplace_;
  int ends_[2] = {-1, -1};
  FrameReader frames_;
  GuestEnd end_;
};

GuestEnd Guest::run() {
  if (pipe2(ends_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  Child emulator(
      [&] { become_emulator(options_.image, workplace_ / "initrd", workplace_ / "console", ends_[1]); });
  close(ends_[1]);
  for (;;) {
    const auto patience = end_.kernel.empty() ? options_.boot_patience : options_.stall_patience;
    pollfd line = {.fd = ends_[0], .events = POLLIN, .revents = 0};
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(patience);
    const int ready = poll(&line, 1, static_cast<int>(limit.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      end_.failure =
          fmt::format("no sign of it for {} s; {}", patience.count(), last_words(workplace_ / "console"));
      return std::move(end_);
    }
    const Step step = take_bytes();
    if (step == Step::more) continue;
    if (step == Step::line_closed) end_.failure = silence(emulator);
    return std::move(end_);
  }
}

Guest::Step Guest::take_bytes() {
  std::array<char, 65536> bytes;
  const ssize_t got = read(ends_[0], bytes.data(), bytes.size());
  if (got <= 0) return Step::line_closed;
  frames_.feed({bytes.data(), static_cast<std::size_t>(got)});
  while (const std::optional<std::string> text = frames_.next()) {
    if (take(*text) == Step::last) return Step::last;
  }
  return Step::more;
}

Guest::Step Guest::take(const std::string& text) {
  const std::size_t space = text.find(' ');
  const std::string word = text.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : text.substr(space + 1);
  if (word == "end") return Step::last;
  if (word == "kernel") end_.kernel = rest;
  if (word == "failed") {
    end_.failure = rest;
    return Step::last;
  }
  if (word == "report" && !on_report_(rest)) {
    end_.failure = "stopped";
    return Step::last;
  }
  return Step::more;
}

// QEMU closed the line before the guest said that it was done.
std::string Guest::silence(Child& emulator) const {
  constexpr std::chrono::seconds kForItsEnd{5};
  const std::optional<int> status = emulator.wait_for(kForItsEnd);
  if (status && WIFEXITED(*status) && WEXITSTATUS(*status) == 127) {
    return not_installed();
  }
  return fmt::format("QEMU ended before the job did; {}", last_words(workplace_ / "console"));
}

}  // namespace

std::optional<std::string> why_no_guest() {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((std::filesystem::path(folder) / kEmulator).c_str(), X_OK) == 0) return std::nullopt;
  }
  return not_installed();
}

GuestEnd run_in_guest(const GuestOptions& options, const std::string& job, const OnReport& report) {
  try {
    return Guest(options, job, report).run();
  } catch (const std::exception& problem) {
    return {.kernel = {}, .failure = problem.what()};
  }
}

}  // namespace traces
