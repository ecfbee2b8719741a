// SPDX-License-Identifier: Apache-2.0
// Vma: one mapping of a process (vm_area_struct), and AnonVma, through which an anonymous folio finds the
// mappings that may map it.
//
// Simplified: one anon_vma a mapping. What Linux chains, the anon_vmas of a mapping's ancestors, are reached
// through `parent`.
#pragma once
#include <array>
#include <boost/intrusive/set.hpp>
#include <cstdint>
#include <type_traits>

#include "model/mm/address.hpp"
#include "model/mm/list.hpp"
#include "model/mm/locks.hpp"
#include "sim/cell.hpp"
#include "sim/rw_lock.hpp"

namespace model {

struct UserfaultfdCtx;
struct Mm;
struct AnonVma;
struct Inode;
struct HugetlbVma;

// Bits of Vma::State::flags, named as in the kernel.
enum VmFlags : std::uint16_t {
  VM_READ = 1,
  VM_WRITE = 2,
  VM_UFFD_MISSING = 4,
  VM_ACCOUNT = 8,  // its pages count against the commit limit: it is, or was, writable
  VM_UFFD_WP = 16,
  VM_UFFD_MINOR = 32,
  VM_SHARED = 64,
  VM_MAYBE_GUARD = 128,  // it had a guard page once: fork copies its page tables
  VM_HUGETLB = 256,      // of huge pages from the pool
  VM_UFFD_RWP = 512,
};
using VmFlagBits = std::uint16_t;  // a set of them

// What two mappings that become one may differ in: the one has what either had (VM_STICKY).
inline constexpr VmFlagBits kStickyFlags = VM_MAYBE_GUARD;
inline constexpr VmFlagBits kUffdModes = VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR | VM_UFFD_RWP;
inline constexpr VmFlagBits kAccessFlags = VM_READ | VM_WRITE;

using TreeHook =
    boost::intrusive::set_member_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>>;

struct Vma {
  struct State {
    AddrRange range;
    std::uint64_t pgoff = 0;  // of `range.start` in the file; for anonymous memory: where it was first mapped
    VmFlagBits flags = 0;
    std::array<std::uint8_t, 6> padding{};  // named, so that a copy takes it along
    UserfaultfdCtx* ctx = nullptr;          // non-null exactly when a userfaultfd mode is set
    AnonVma* anon_vma = nullptr;            // set by the first write fault
    Inode* vm_file = nullptr;               // null for private anonymous memory; huge pages always have one
    HugetlbVma* hugetlb = nullptr;          // what a mapping of huge pages has besides
  };
  static_assert(std::has_unique_object_representations_v<State>);
  Vma(Mm& mm, State initial) : vm_mm(&mm), state(initial) {}

  Mm* vm_mm;
  sim::Cell<State> state;
  // Read-held by faults and data ioctls; taken for writing, for a moment, by whoever is about to change the
  // mapping, who then leaves `write_locked` behind until it releases mmap_lock (vma_start_write).
  sim::RwLock lock{locks::kVma};
  sim::Cell<bool> write_locked;
  TreeHook in_tree;
  ListHook in_anon_vma;
  ListHook in_i_mmap;

  VirtAddr start() const { return state.read().range.start; }
  VirtAddr end() const { return state.read().range.end; }
  bool contains(VirtAddr address) const { return state.read().range.contains(address); }
  VmFlagBits flags() const { return state.read().flags; }
  bool userfaultfd_missing() const { return flags() & VM_UFFD_MISSING; }
  bool userfaultfd_wp() const { return flags() & VM_UFFD_WP; }
  bool userfaultfd_minor() const { return flags() & VM_UFFD_MINOR; }
  bool userfaultfd_rwp() const { return flags() & VM_UFFD_RWP; }
  // Its leaves may have the uffd bit.
  bool userfaultfd_protected() const { return flags() & (VM_UFFD_WP | VM_UFFD_RWP); }
  bool userfaultfd_armed() const { return flags() & kUffdModes; }
  bool vma_is_anonymous() const { return state.read().vm_file == nullptr; }
  bool shared() const { return flags() & VM_SHARED; }
  bool is_vm_hugetlb_page() const { return flags() & VM_HUGETLB; }
  PageSize page_size() const { return is_vm_hugetlb_page() ? PageSize::huge : PageSize::base; }
  // Whether it can be split there (vm_ops->may_split): not within a huge page.
  bool may_split(VirtAddr address) const { return !is_vm_hugetlb_page() || address.huge_page_aligned(); }
  std::uint64_t linear_page_index(VirtAddr address) const {
    const State& s = state.read();
    return s.pgoff + (address.page_number() - s.range.start.page_number());
  }
};

// Of a mapping of huge pages: the page of the file, in huge pages.
inline std::uint64_t vma_hugecache_offset(const Vma& vma, VirtAddr address) {
  return vma.linear_page_index(address) / kPagesPerHugePage;
}

struct AnonVma {
  List<Vma, &Vma::in_anon_vma> vmas;  // the mappings that use it
  AnonVma* parent = nullptr;  // of the mapping that this one was forked from: its folios may be mapped here
  sim::Cell<std::uint32_t> children;
};

// What a VmaTree is ordered by.
struct VmaStart {
  using type = VirtAddr;
  VirtAddr operator()(const Vma& vma) const { return vma.state.peek().range.start; }
};

}  // namespace model

template <>
inline constexpr bool sim::dropped_with_its_world<model::Vma> = true;
template <>
inline constexpr bool sim::dropped_with_its_world<model::AnonVma> = true;
