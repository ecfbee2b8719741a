// SPDX-License-Identifier: Apache-2.0
// What a page holds when a program starts: one letter from end to end.
#pragma once
#include "traces/kernel/call.hpp"

namespace traces {

// Fills the pages of a call of Extent::pages, also where they may not be written, so that nothing about
// the mapping shows that it was filled. -> ok, or the errno.
Value fill_pages(const Call& call);

}  // namespace traces
