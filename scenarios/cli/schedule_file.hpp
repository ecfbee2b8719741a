// SPDX-License-Identifier: Apache-2.0
// Schedule files: a run worth keeping, with the litmus file it is of and the outcome it had.
//
//   # how refile-unseen loses a waiter
//   litmus   ../litmus/missing/two-monitors.litmus
//   outcome  blocked ok EEXIST 'A'
//   schedule v1/6.18+refile-unseen/4f2a9c01/98fe76dc reader:7 monitor:4
#pragma once
#include <filesystem>
#include <string>

namespace cli {

struct ScheduleFile {
  std::filesystem::path litmus;  // as it can be opened from here
  std::string outcome;           // the words of the row; may be empty
  std::string schedule;          // with its stamp
};

bool is_schedule_file(const std::string& name);

// An Error that names file and line if it cannot be read.
ScheduleFile read_schedule_file(const std::filesystem::path& path);
// An Error if it cannot be written. The litmus file is named as seen from the folder of `path`.
void write_schedule_file(const std::filesystem::path& path, const ScheduleFile& file);

// Writes the text beside the file and then renames it, so that there is never half a file. An Error if that
// fails.
void write_whole(const std::filesystem::path& path, const std::string& text);

}  // namespace cli
