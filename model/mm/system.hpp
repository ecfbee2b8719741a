// SPDX-License-Identifier: Apache-2.0
// System: what all processes of the simulated machine share: its memory, its CPUs, the kernel's caches of
// objects, and which kernel it is.
#pragma once
#include "model/mm/hugetlb_state.hpp"
#include "model/mm/inode.hpp"
#include "model/mm/memory.hpp"
#include "model/mm/tlb.hpp"
#include "model/mm/vma.hpp"
#include "sim/slab.hpp"

namespace model {

struct Kernel;

// A page that was unmapped and not yet freed; it holds a reference. Several processes may be at the same
// folio.
struct GatheredPage {
  Folio* folio = nullptr;
  ListHook link;
};

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::GatheredPage> = true;

namespace model {

struct System {
  const Kernel* kernel = nullptr;
  Memory memory;
  sim::Slab<Vma> vma_cache;
  sim::Slab<AnonVma> anon_vma_cache;
  sim::Slab<GatheredPage> gather_cache;
  sim::Slab<Inode> inode_cache;
  sim::Slab<HugetlbInode> hugetlb_inode_cache;
  sim::Slab<HugetlbVma> hugetlb_vma_cache;
  sim::Slab<ResvMap> resv_map_cache;
  PageCache::Nodes page_cache_nodes;
  Tlb* tlbs = nullptr;  // one a CPU, and a CPU a thread

  Tlb& tlb_of_this_cpu() { return tlbs[sim::current.thread]; }
};

}  // namespace model
