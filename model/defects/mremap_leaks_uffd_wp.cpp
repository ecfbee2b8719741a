// SPDX-License-Identifier: Apache-2.0
// Until 0cef0bb836e3 (6.13, CVE-2025-21696) mremap moved uffd-wp bits and markers also where nobody was told.
//
//   1. app: WRITEPROTECT sets the uffd-wp bit of a page
//   2. app: mremap without EVENT_REMAP moves the page; the new mapping is not registered
//   3. app: the page is write-protected in a mapping of nobody's
//
// Shown by scenarios/litmus/mremap/mremap-wp-silent.litmus.
#include "model/defects/defect.hpp"
#include "model/uffd/event.hpp"

namespace model {

constinit const Defect mremap_leaks_uffd_wp{
    "mremap-leaks-uffd-wp",
    "a page keeps its uffd-wp bit when it leaves its userfaultfd (6.13, 0cef0bb836e3)",
    [](Kernel& kernel) { kernel.moved_wp = moved_wp_kept; }};

}  // namespace model
