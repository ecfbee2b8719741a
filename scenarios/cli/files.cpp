// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/cli/named.hpp"
#include "scenarios/cli/status.hpp"
#include "scenarios/language/parse.hpp"
#include "scenarios/language/verdict.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;

void add_folder(const fs::path& folder, std::vector<fs::path>& paths) {
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (at->path().extension() == ".litmus" && at->is_regular_file()) paths.push_back(at->path());
  }
  if (error) throw Error(fmt::format("{}: {}", folder.string(), error.message()));
}

void check_kernels(const std::vector<std::string>& names, const std::string& where, std::string& wrong) {
  for (const std::string& name : names) {
    if (model::find_kernel(name.c_str())) continue;
    wrong += fmt::format("{}: {}\n", where, unknown("kernel", name, kernel_names()));
  }
}

// What the parser cannot know: which kernels and defects there are.
std::string unknown_names(const LitmusFile& file) {
  std::string wrong;
  const language::Litmus& litmus = file.litmus;
  check_kernels(litmus.kernels, file.shown, wrong);
  for (const language::Row& row : litmus.rows) {
    check_kernels(row.kernels, fmt::format("{}:{}", file.shown, row.line), wrong);
  }
  for (const language::Claim& claim : litmus.claims) {
    const std::string where = fmt::format("{}:{}", file.shown, claim.line);
    check_kernels(claim.kernels, where, wrong);
    if (claim.defect.empty() || model::find_defect(claim.defect)) continue;
    wrong += fmt::format("{}: {}\n", where, unknown("defect", claim.defect, defect_names()));
  }
  return wrong;
}

}  // namespace

std::vector<fs::path> litmus_paths(const std::vector<std::string>& named) {
  std::vector<fs::path> paths;
  for (const std::string& name : named) {
    std::error_code error;
    const fs::file_status status = fs::status(name, error);
    if (!fs::exists(status)) throw Error(fmt::format("{}: no such file or folder", name));
    if (fs::is_directory(status)) {
      add_folder(name, paths);
    } else {
      paths.emplace_back(name);
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  if (paths.empty()) throw Error(fmt::format("no .litmus file under {}", named.front()));
  return paths;
}

std::vector<LitmusFile> read_litmus_files(const std::vector<std::string>& named) {
  std::vector<LitmusFile> files;
  std::string wrong;
  for (const fs::path& path : litmus_paths(named)) {
    auto litmus = language::parse_file(path);
    if (!litmus) {
      wrong += language::to_text(litmus.error());
      continue;
    }
    files.push_back({path, path.string(), std::move(*litmus)});
    wrong += unknown_names(files.back());
  }
  while (!wrong.empty() && wrong.back() == '\n') wrong.pop_back();
  if (!wrong.empty()) throw Error(wrong);
  return files;
}

LitmusFile read_litmus_file(const std::string& named) {
  if (fs::is_directory(named)) throw Error(fmt::format("{} is a folder; expected one litmus file", named));
  return std::move(read_litmus_files({named}).front());
}

}  // namespace cli
