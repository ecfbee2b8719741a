// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/guest_image.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/cli/named.hpp"
#include "scenarios/cli/status.hpp"
#include "traces/kernel/guest.hpp"
#include "traces/kernel/image.hpp"

namespace cli {
namespace {

std::optional<std::filesystem::path> none(const std::string& why, const Terminal& terminal) {
  terminal.complain(fmt::format("uffdsim: skipped: {}\n", why));
  return std::nullopt;
}

void check(const GuestChoice& choice) {
  if (!choice.image.empty()) {
    if (!std::filesystem::is_regular_file(choice.image)) {
      throw Error(fmt::format("--image {}: no such file; expected a vmlinuz", choice.image));
    }
    return;
  }
  const std::vector<std::string> known = traces::image_series();
  if (std::find(known.begin(), known.end(), choice.kernel) == known.end()) {
    throw Error(unknown("kernel for a guest", choice.kernel, known));
  }
}

}  // namespace

void add_guest_options(CLI::App& command, GuestChoice& choice) {
  CLI::Option* kernel = command.add_option("--kernel", choice.kernel,
                                           "Debian's kernel of this series in QEMU: 6.1, 6.12 or 7.3");
  command.add_option("--image", choice.image, "a vmlinuz, in QEMU")->excludes(kernel);
}

std::optional<std::filesystem::path> image_of(const GuestChoice& choice, const Terminal& terminal) {
  check(choice);
  if (const auto why = traces::why_no_guest()) return none(*why, terminal);
  if (!choice.image.empty()) return choice.image;
  const auto image = traces::fetch_image(choice.kernel, traces::Fetch::if_needed);
  if (!image) return none(image.error(), terminal);
  return *image;
}

std::filesystem::path beside(const std::string& program) {
  const std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe").parent_path() / program;
  if (!std::filesystem::exists(path)) {
    throw Error(fmt::format("{} is missing; build the target {}", path.string(), program));
  }
  return path;
}

}  // namespace cli
