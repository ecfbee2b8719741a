// SPDX-License-Identifier: Apache-2.0
// Until df2cc96e7701 (4.18) COPY did not ask whether the layout was changing.
//
//   1. app: MADV_DONTNEED queues its REMOVE event and waits until it is read
//   2. monitor: COPY fills the page with what it held before, although the event is still unread
//   3. monitor: reads the event, and believes the page to be empty
//
// Shown by scenarios/litmus/events/event-gate.litmus.
#include "model/defects/defect.hpp"

namespace model {

constinit const Defect copy_ignores_mmap_changing{
    "copy-ignores-mmap-changing", "data ioctls go on while an event is unread (4.18, df2cc96e7701)",
    [](Kernel& kernel) { kernel.mmap_is_changing = [](const UserfaultfdCtx&) { return false; }; }};

}  // namespace model
