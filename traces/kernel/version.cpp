// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/version.hpp"

#include <sys/utsname.h>

#include <array>
#include <cstdio>
#include <utility>

namespace traces {
namespace {

struct Modelled {
  std::pair<unsigned, unsigned> version;
  const char* name;
};
constexpr std::array<Modelled, 4> kModelled = {
    {{{6, 1}, "6.1"}, {{6, 12}, "6.12"}, {{6, 18}, "6.18"}, {{7, 3}, "7.3"}}};

}  // namespace

std::string running_kernel() {
  utsname names = {};
  uname(&names);
  return names.release;
}

std::string modelled_kernel(std::string_view release) {
  unsigned major = 0, minor = 0;
  if (std::sscanf(std::string(release).c_str(), "%u.%u", &major, &minor) != 2) return {};
  std::string nearest;
  for (const Modelled& modelled : kModelled) {
    if (modelled.version <= std::pair{major, minor}) nearest = modelled.name;
  }
  return nearest;
}

}  // namespace traces
