// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/schedule_file.hpp"

#include <fmt/format.h>

#include <fstream>

#include "scenarios/cli/named.hpp"
#include "scenarios/cli/status.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

const language::Choices kKeys{"litmus", "outcome", "schedule"};

std::string trimmed(const std::string& text) {
  constexpr const char* kSpace = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace

bool is_schedule_file(const std::string& name) { return fs::path(name).extension() == ".schedule"; }

ScheduleFile read_schedule_file(const fs::path& path) {
  std::ifstream in(path);
  if (!in) throw Error(fmt::format("{}: no such file, or it cannot be read", path.string()));
  ScheduleFile file;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::string text = trimmed(line);
    if (text.empty() || text[0] == '#') continue;
    const std::size_t gap = std::min(text.find_first_of(" \t"), text.size());
    const std::string key = text.substr(0, gap);
    const std::string rest = trimmed(text.substr(gap));
    if (key == "litmus") {
      file.litmus = path.parent_path() / rest;
    } else if (key == "outcome") {
      file.outcome = rest;
    } else if (key == "schedule") {
      file.schedule = rest;
    } else {
      throw Error(fmt::format("{}:{}: {}", path.string(), number, unknown("word", key, kKeys)));
    }
  }
  if (file.litmus.empty()) throw Error(fmt::format("{}:{}: no line `litmus FILE`", path.string(), number));
  if (file.schedule.empty()) throw Error(fmt::format("{}:{}: no line `schedule …`", path.string(), number));
  file.litmus = file.litmus.lexically_normal();
  return file;
}

void write_schedule_file(const fs::path& path, const ScheduleFile& file) {
  const fs::path folder = fs::absolute(path).parent_path();
  const fs::path litmus =
      fs::absolute(file.litmus).lexically_normal().lexically_relative(folder.lexically_normal());
  std::string text = fmt::format("litmus   {}\n", litmus.string());
  if (!file.outcome.empty()) text += fmt::format("outcome  {}\n", file.outcome);
  write_whole(path, text + fmt::format("schedule {}\n", file.schedule));
}

void write_whole(const fs::path& path, const std::string& text) {
  const fs::path half = path.string() + ".new";
  std::ofstream out(half, std::ios::binary);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::rename(half, path, error);
  if (!out || error) throw Error(fmt::format("{}: cannot be written", path.string()));
}

}  // namespace cli
