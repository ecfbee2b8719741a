// SPDX-License-Identifier: Apache-2.0
// shmem_get_folio: the page of a file in shared memory, looked up or made.
#pragma once
#include "model/fault/fault.hpp"
#include "model/mm/shmem.hpp"

namespace model {

// What to do where the file has a hole, and beyond its end (SGP_*).
enum class Sgp : std::uint8_t {
  noalloc,  // ENOENT; EINVAL beyond the end
  cache,    // make a page of zeros; EINVAL beyond the end
  write,    // the same, and the end is not looked at
};

struct ShmemFolio {
  Errno error = Errno::none;
  Folio* folio =
      nullptr;  // locked, and with a reference, both the caller's; null: an error, or `fault` says more
  VmFaultResult fault = VmFaultResult::done;
};

// ENOMEM when memory is full. With `vmf`, the mapping of the fault decides: registered for MINOR, a page that
// exists becomes a userfault; registered for MISSING, a hole does. Then `fault` is what handle_userfault
// returned, and there is no folio. Called without a lock but those of the fault or the file. Follows
// mm/shmem.c: shmem_get_folio_gfp.
sim::Task<ShmemFolio> shmem_get_folio(System& system, Inode& inode, std::uint64_t index, Sgp sgp,
                                      VmFault* vmf = nullptr);

}  // namespace model
