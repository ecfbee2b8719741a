// SPDX-License-Identifier: Apache-2.0
// Kernel images for guests: Debian's own, fetched once into the user's cache and never installed. The
// fetching is done by fetch_image.sh.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace traces {

// The series that can be fetched: "6.1", "6.12", "7.3".
std::vector<std::string> image_series();

enum class Fetch : std::uint8_t { if_needed, never };
// The newest image of a series, or one line: why it cannot be had. May take a minute the first time.
tl::expected<std::filesystem::path, std::string> fetch_image(std::string_view series, Fetch fetch);

}  // namespace traces
