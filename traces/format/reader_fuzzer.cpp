// SPDX-License-Identifier: Apache-2.0
// Any bytes as a trace: an error or observations, and what was read can be written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "traces/diff.hpp"
#include "traces/format/writer.hpp"
#include "traces/replay/plan.hpp"

namespace {

// What one reading gave, up to its end or its error.
traces::Recording readable(const std::string& bytes) {
  traces::Recording recording;
  auto reader = traces::Reader::open(traces::Lines("fuzz", traces::bytes_source(bytes)));
  if (!reader) return recording;
  recording.header = reader->header();
  for (;;) {
    auto next = reader->next();
    if (!next || !*next) return recording;
    recording.observations.push_back(**next);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const traces::Recording recording = readable(std::string(reinterpret_cast<const char*>(data), size));
  std::string text = traces::to_json(recording.header) + "\n";
  for (const auto& observation : recording.observations) text += traces::to_json(observation) + "\n";
  const traces::Recording again = readable(text);
  if (!recording.observations.empty() && again.observations != recording.observations) std::abort();
  if (!traces::diff(recording, again).equal()) std::abort();
  static_cast<void>(traces::plan_replay(recording));
  return 0;
}
