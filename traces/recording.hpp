// SPDX-License-Identifier: Apache-2.0
// A recording: a whole trace in memory, and where in it memory lies. What replay and diff work on.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "traces/error.hpp"
#include "traces/format/header.hpp"
#include "traces/format/reader.hpp"
#include "traces/observation.hpp"

namespace traces {

struct Recording {
  std::string file{};
  Header header{};
  std::vector<Observation> observations{};
};

inline constexpr std::size_t kMaxObservations = 10'000'000;  // about 3 GiB

// Reads the trace at `path` to its end.
Expected<Recording> load_recording(const std::string& path);
Expected<Recording> load_recording(Reader& reader, const std::string& file);

// The memory a recording is about: whatever was registered in it, ranges that touch joined into one.
class RecordedRegions {
 public:
  struct Region {
    std::string name;  // as the recorder knew it, else "r0", "r1", …
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    friend bool operator==(const Region&, const Region&) = default;
  };
  explicit RecordedRegions(const Recording& recording);

  const std::vector<Region>& regions() const { return regions_; }  // by address
  std::optional<std::size_t> find(std::uint64_t address) const;
  // "pc.ram+0x3000", or "0x7f00…" outside every region.
  std::string name_of(std::uint64_t address) const;

 private:
  std::vector<Region> regions_;
};

}  // namespace traces
