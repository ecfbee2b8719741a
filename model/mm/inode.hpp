// SPDX-License-Identifier: Apache-2.0
// Inode: a file in shared memory: a memfd, or what stands behind MAP_SHARED | MAP_ANONYMOUS (struct inode and
// its address_space); or one of huge pages.
//
// Simplified: a file's length is a number of whole pages.
#pragma once
#include <cstdint>

#include "model/mm/page_cache.hpp"
#include "model/mm/vma.hpp"

namespace model {

struct HugetlbInode;

struct Inode {
  // Pages in which faults wait until the hole has been punched (shmem_falloc). Empty: no hole is being
  // punched.
  struct Falloc {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
    bool covers(std::uint64_t index) const { return first <= index && index < end; }
  };

  sim::Lock i_rwsem{locks::kInode};
  // Guards which mappings there are, and their extent.
  sim::RwLock i_mmap_rwsem{locks::kFileMappings};
  List<Vma, &Vma::in_i_mmap> i_mmap;
  sim::Cell<std::uint64_t> i_size;  // pages. Read without a lock, changed under i_rwsem.
  PageCache i_pages;                // a file of huge pages counts in those
  sim::Cell<Falloc> falloc;
  sim::Cell<std::uint32_t> refs;    // descriptors and mappings
  HugetlbInode* hugetlb = nullptr;  // what a file of huge pages has besides
};

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::Inode> = true;
