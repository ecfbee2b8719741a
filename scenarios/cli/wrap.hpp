// SPDX-License-Identifier: Apache-2.0
// Text broken into lines of a width.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// At spaces where that is possible. Further lines are indented as the first is, and by `hang` more. A width
// of less than 8 is taken for 8.
std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t hang);

// The same as one text, each line indented by `indent`, the last with a newline.
std::string wrapped_block(std::string_view text, std::size_t width, std::size_t indent, std::size_t hang);

}  // namespace cli
