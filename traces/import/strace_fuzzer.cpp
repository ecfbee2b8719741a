// SPDX-License-Identifier: Apache-2.0
// Any bytes as strace's output: an error or observations, each of which a trace can hold.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "traces/format/check.hpp"
#include "traces/import/import.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  traces::Lines lines("fuzz", traces::bytes_source(std::string(reinterpret_cast<const char*>(data), size)));
  traces::ImportSummary summary;
  const traces::Sink sink = [](const traces::Observation& observation) {
    if (!traces::complaint(observation).empty()) std::abort();
    return traces::Expected<void>{};
  };
  const auto done = traces::import_strace(lines, sink, summary);
  if (!done && to_text(done.error()).empty()) std::abort();
  static_cast<void>(to_text(summary));
  return 0;
}
