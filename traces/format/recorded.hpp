// SPDX-License-Identifier: Apache-2.0
// The words of a header's "recorded" list.
#pragma once
#include <string_view>
#include <utility>

#include "traces/format/header.hpp"

namespace traces {

inline constexpr std::pair<std::uint8_t, std::string_view> kRecordedNames[] = {
    {recorded::kDurations, "durations"}, {recorded::kErrors, "errors"},
    {recorded::kFields, "fields"},       {recorded::kMessageFlags, "message-flags"},
    {recorded::kThreads, "threads"},
};

}  // namespace traces
