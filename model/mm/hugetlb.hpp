// SPDX-License-Identifier: Apache-2.0
// Files and mappings of huge pages, below faults and system calls. Indices are in huge pages.
//
// Simplified: the lock of a huge page itself is not taken: whoever takes it in Linux holds the fault mutex.
#pragma once
#include "model/errno.hpp"
#include "model/mm/inode.hpp"
#include "model/mm/system.hpp"
#include "model/mm/tlb_gather.hpp"

namespace model {

// A file of huge pages, so many base pages long, with nothing in it, and one reference.
Inode& hugetlb_file_setup(System& system, std::uint64_t pages);
// The last reference is gone: its pages and what was promised of it return to the pool.
void hugetlbfs_evict_inode(System& system, Inode& inode);

// --- Mappings.

// What a new mapping has, what the upper half of a split one has, and what fork gives to the child's: there
// nothing is promised. And the end of it: what a private mapping did not use returns to the pool.
void hugetlb_vma_alloc(System& system, Vma& vma, ResvMap* resv);
void hugetlb_vm_op_open(System& system, const Vma& vma, Vma& half);
void hugetlb_dup_vma_private(System& system, Vma& child);
void hugetlb_vm_op_close(System& system, Vma& vma);

// --- Promises.

// Promises pages [first, end) of the file to a mapping with these flags: false if too few are left. A private
// one gets the map in `resv`. Called with the file's lock held.
bool hugetlb_reserve_pages(System& system, Inode& inode, std::uint64_t first, std::uint64_t end,
                           VmFlagBits vm_flags, ResvMap*& resv);

// A huge page for the mapping, the promised one if there is a promise and it is not to be saved; null if the
// pool has none. Takes the pool's lock.
enum class Promise : std::uint8_t { used, saved };
sim::Task<Folio*> alloc_hugetlb_folio(Vma& vma, VirtAddr address, Promise promise);
// Gives back a page that was not mapped after all, and the promise with it.
void restore_reserve_on_error(Vma& vma, VirtAddr address, Folio& folio);

// A page of the mapping's own is about to be freed because its range is emptied: the promise that it was
// taken from may come back (since 6.9).
enum class ZapPromise : std::uint8_t { is_lost, comes_back };
void restore_reserve_on_zap(Vma& vma, VirtAddr address, Folio& folio);

// --- The page cache.

Errno hugetlb_add_to_page_cache(System& system, Inode& inode, std::uint64_t index, Folio& folio);

// What a store through a shared mapping that is gone again leaves behind. ENOMEM. Called with no lock held.
sim::Task<Errno> hugetlbfs_fill(System& system, Inode& inode, std::uint64_t index, char content);

// --- Page tables.

// The table whose entry maps the huge page, made if it is missing.
sim::Task<PageTable*> huge_pte_alloc(Mm& mm, VirtAddr address);

// Empties the range of the mapping; of its uffd-wp bits markers may stay. With `only`, that page alone, and
// the mapping is told that it was robbed. Called as unmap_page_range; takes and releases pte locks.
enum class HugeMarkers : std::uint8_t { dropped, stay };
sim::Task<void> unmap_hugepage_range(Vma& vma, AddrRange range, TlbGather& gather, HugeMarkers markers,
                                     const Folio* only = nullptr);
// The same under the mapping's and the file's lock, which it takes (hugetlb_zap_begin).
sim::Task<void> zap_hugepage_range(Vma& vma, AddrRange range, TlbGather& gather, HugeMarkers markers);
// Takes the page away from every private mapping of the file but `vma` to which nothing was promised.
sim::Task<void> unmap_ref_private(Vma& vma, const Folio& folio, VirtAddr address);

// What fork leaves of the write protection of private huge pages where the child is not registered for it: on
// 6.1 the bit stays, so that the child's write faults for ever.
enum class ForkedWp : std::uint8_t { dropped, kept };
// fork: gives `to`, the copy of `from`, its leaves. Called with mmap_lock held for writing.
sim::Task<void> copy_hugetlb_page_range(Vma& to, Vma& from);

// --- The file changes its length, or gets a hole. Both are called with no lock held.

// EINVAL unless the length, in base pages, is one of whole huge pages.
sim::Task<Errno> hugetlbfs_setattr(System& system, Inode& inode, std::uint64_t pages);
// Whole huge pages within the range are removed, also from private mappings; of others the part is zeroed.
// Simplified: a page whose first byte is in that part is all zero afterwards, others do not change.
sim::Task<void> hugetlbfs_punch_hole(System& system, Inode& inode, std::uint64_t first, std::uint64_t pages);

}  // namespace model
