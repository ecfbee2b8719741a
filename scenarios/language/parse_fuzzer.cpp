// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes are either refused with an error that can be shown, or survive printing and reading.
#include <cstdlib>
#include <string_view>

#include "scenarios/language/parse.hpp"
#include "scenarios/language/print.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto litmus = language::parse({reinterpret_cast<const char*>(data), size}, "fuzzed");
  if (!litmus) {
    if (language::to_text(litmus.error()).size() > 4000 || litmus.error().message.empty()) std::abort();
    return 0;
  }
  const std::string text = language::print(*litmus);
  const auto again = language::parse(text, "printed");
  if (!again || *again != *litmus || language::print(*again) != text) std::abort();
  return 0;
}
