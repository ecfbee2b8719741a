// SPDX-License-Identifier: Apache-2.0
// Until e2a50c1f6414 (4.20) COPY into a file did not ask whether the file still reached that far.
//
//   1. monitor: COPY finds its mapping and fills a page with the bytes
//   2. other: truncates the file: the size, then the mappings, then the pages
//   3. monitor: adds its page to the file and maps it, beyond the end; nobody will ever take it away
//
// Shown by scenarios/litmus/shmem/shmem-truncate-vs-copy.litmus.
#include "model/defects/defect.hpp"

namespace model {

constinit const Defect copy_past_truncate{
    "copy-past-truncate", "COPY fills pages beyond the end of a file (4.20, e2a50c1f6414)",
    [](Kernel& kernel) { kernel.mfill_file_over_size = [](const Vma&, VirtAddr) { return false; }; }};

}  // namespace model
