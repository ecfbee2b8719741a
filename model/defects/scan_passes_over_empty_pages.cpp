// SPDX-License-Identifier: Apache-2.0
// Until 07b4377bdbe7 (7.2, and the stable kernels of 2026) a scan said of a page where nothing was that it
// had not been written to, but for one that asked for written pages and nothing else, where there was a page
// table.
//
//   1. tracker: scans with WP_MATCHING: the page is protected
//   2. app: discards the page: its content is gone, and with it its protection
//   3. tracker: scans, and asks for one category more; the page does not count as written to, and the tracker
//      keeps its old copy
//
// Shown by scenarios/litmus/scan/scan-dontneed.litmus.
#include "model/defects/defect.hpp"

namespace model {

constinit const Defect scan_passes_over_empty_pages{
    "scan-passes-over-empty-pages", "PAGEMAP_SCAN misses discarded pages (until 7.2, 07b4377bdbe7)",
    [](Kernel& kernel) {
      kernel.empty_page_is_written = [](const ScanRequest& request, LeafTable table) {
        return table == LeafTable::there && asks_for_written_only(request);
      };
    }};

}  // namespace model
