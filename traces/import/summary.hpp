// SPDX-License-Identifier: Apache-2.0
// What an importer made of a file: how much became observations, and what did not, by name.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace traces {

struct ImportSummary {
  std::uint64_t lines = 0;
  std::uint64_t observations = 0;
  // Understood, and of no concern to userfaultfd: other descriptors, other system calls. By name.
  std::map<std::string, std::uint64_t> ignored;
  // About userfaultfd, but the vocabulary has no word for it (UFFDIO_MOVE, …). By name.
  std::map<std::string, std::uint64_t> untold;
  // Lines of no known shape.
  std::uint64_t unknown = 0;
  std::uint64_t first_unknown_line = 0;
  std::string first_unknown_text;

  // Both count under `name`, or under "others" once there are too many names.
  void ignore(std::string_view name);
  void leave_untold(std::string_view name);
  void note_unknown(std::uint64_t line, std::string_view text);
};

// A few lines for a person.
std::string to_text(const ImportSummary& summary);

}  // namespace traces
