// SPDX-License-Identifier: Apache-2.0
#include "traces/error.hpp"

#include <fmt/format.h>

namespace traces {
namespace {

// What a damaged file says must not move a terminal's cursor.
std::string visible(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string to_text(const Error& error) {
  std::string text = error.file;
  if (error.line != 0) text += fmt::format(":{}", error.line);
  text += ": " + error.what;
  if (!error.why.empty()) text += ": " + error.why;
  if (!error.remedy.empty()) text += fmt::format(" ({})", error.remedy);
  return visible(text);
}

}  // namespace traces
