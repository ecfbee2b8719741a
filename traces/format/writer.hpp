// SPDX-License-Identifier: Apache-2.0
// Writer: observations to a trace file, one JSON object a line. The file appears under its name when it is
// finished; until then, and if the work stops early, what was written is in NAME.partial, whole lines.
#pragma once
#include <memory>
#include <string>

#include "traces/format/header.hpp"
#include "traces/format/output.hpp"
#include "traces/observation.hpp"

namespace traces {

// The header and an observation as their lines, without the newline.
std::string to_json(const Header& header);
std::string to_json(const Observation& observation);

class Writer {
 public:
  // Begins a trace: zstd when the name ends in ".zst".
  static Expected<Writer> create(const std::string& path, const Header& header);

  // Appends an observation; refuses one that cannot be true (check.hpp), naming its origin.
  Expected<void> write(const Observation& observation);
  Expected<void> finish();

  const std::string& partial_path() const { return output_->partial_path(); }

 private:
  explicit Writer(std::unique_ptr<Output> output) : output_(std::move(output)) {}
  std::unique_ptr<Output> output_;
};

}  // namespace traces
