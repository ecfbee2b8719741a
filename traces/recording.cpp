// SPDX-License-Identifier: Apache-2.0
#include "traces/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "traces/ranges.hpp"

namespace traces {

Expected<Recording> load_recording(const std::string& path) {
  auto reader = Reader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  return load_recording(*reader, path);
}

Expected<Recording> load_recording(Reader& reader, const std::string& file) {
  Recording recording{file, reader.header(), {}};
  for (;;) {
    auto observation = reader.next();
    if (!observation) return tl::unexpected(observation.error());
    if (!*observation) return recording;
    if (recording.observations.size() >= kMaxObservations) {
      return tl::unexpected(Error{file, 0, "the trace is too long to work on as a whole",
                                  fmt::format("it has more than {} observations", kMaxObservations),
                                  "cut it with head"});
    }
    recording.observations.push_back(std::move(**observation));
  }
}

RecordedRegions::RecordedRegions(const Recording& recording) {
  Ranges ranges;
  for (const Observation& o : recording.observations) {
    const bool done = o.value.kind == ValueKind::errnum && o.value.error == model::Errno::none;
    if (done && o.kind == OperationKind::register_) ranges.add(o.address, o.length);
  }
  for (const auto& [start, end] : ranges.ranges())
    regions_.push_back({fmt::format("r{}", regions_.size()), start, end});
  for (const Observation& o : recording.observations) {
    const auto region =
        o.kind == OperationKind::register_ && !o.note.empty() ? find(o.address) : std::nullopt;
    if (region && regions_[*region].start == o.address) regions_[*region].name = o.note;
  }
}

std::optional<std::size_t> RecordedRegions::find(std::uint64_t address) const {
  const auto behind =
      std::upper_bound(regions_.begin(), regions_.end(), address,
                       [](std::uint64_t a, const Region& region) { return a < region.start; });
  if (behind == regions_.begin() || address >= (behind - 1)->end) return std::nullopt;
  return static_cast<std::size_t>(behind - regions_.begin()) - 1;
}

std::string RecordedRegions::name_of(std::uint64_t address) const {
  const auto region = find(address);
  if (!region) return fmt::format("{:#x}", address);
  return fmt::format("{}+{:#x}", regions_[*region].name, address - regions_[*region].start);
}

}  // namespace traces
