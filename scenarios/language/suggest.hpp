// SPDX-License-Identifier: Apache-2.0
// Suggestions: which of the words that would do was probably meant.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace language {

using Choices = std::vector<std::string>;

// The choice that is one or two keystrokes away from `written`; none if all are further, or if it is exact.
std::optional<std::string> nearest(std::string_view written, const Choices& choices);

// "did you mean `load`?", or nothing.
std::string suggestion(std::string_view written, const Choices& choices);

// The same, or "known here: a, b, c" if there are few choices and none is near.
std::string suggestion_or_list(std::string_view written, const Choices& choices);

// "a, b or c"
std::string either(const Choices& choices);

}  // namespace language
