// SPDX-License-Identifier: Apache-2.0
// PAGEMAP_SCAN on the running kernel.
#pragma once
#include "traces/kernel/call.hpp"

namespace traces {

// `pagemap`: /proc/PID/pagemap of the process, open.
Value call_scan(const Call& call, int pagemap);

}  // namespace traces
