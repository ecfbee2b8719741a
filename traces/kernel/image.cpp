// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/image.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>

namespace traces {
namespace {

std::string without_newline(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

std::vector<std::string> image_series() { return {"6.1", "6.12", "7.3"}; }

tl::expected<std::filesystem::path, std::string> fetch_image(std::string_view series, Fetch fetch) {
  const std::string command =
      fmt::format("sh '{}' '{}' {} 2>&1", UFFDSIM_FETCH_IMAGE, series, fetch == Fetch::never ? "cached" : "");
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return tl::unexpected(fmt::format("cannot run {}", UFFDSIM_FETCH_IMAGE));
  std::string output;
  std::array<char, 4096> piece;
  while (std::fgets(piece.data(), static_cast<int>(piece.size()), pipe) != nullptr) output += piece.data();
  output = without_newline(std::move(output));
  if (pclose(pipe) != 0) return tl::unexpected(output);
  return std::filesystem::path(output);
}

}  // namespace traces
