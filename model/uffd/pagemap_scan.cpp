// SPDX-License-Identifier: Apache-2.0
// Follows fs/proc/task_mmu.c: do_pagemap_scan, pagemap_scan_get_args, pagemap_scan_test_walk,
// pagemap_scan_pmd_entry and pagemap_scan_pte_hole.
//
// Simplified: mmap_lock is held from the first page to the last. Linux releases it after every 512 regions,
// more than a reply holds here.
//
// Simplified: no scan of huge pages (pagemap_scan_hugetlb_entry): one stops the simulator.
#include "model/uffd/pagemap_scan.hpp"

#include <algorithm>

#include "model/kernels/kernel.hpp"
#include "model/uffd/range.hpp"
#include "model/uffd/uffd_wp_range.hpp"

namespace model {
namespace {

// A scan under way.
struct Scan {
  ScanRequest request;
  ScanReply reply;
  std::uint64_t found_pages = 0;
  std::uint64_t of_mapping = 0;  // the categories that all pages of the mapping at hand have
  AddrRange flush;               // write-protected under the pte lock that is held

  bool protects() const { return request.flags & abi::kPmScanWpMatching; }
  bool has_buffer() const { return request.vec_len != 0; }
  bool stopped() const { return reply.walk_end_state == FieldState::written; }
  void stop_at(VirtAddr address) {
    reply.walk_end = address;
    reply.walk_end_state = FieldState::written;
  }
};

Errno check_arguments(const Kernel& kernel, const ScanRequest& request) {
  if (request.argument == UserPointer::unreadable) return Errno::fault;
  constexpr std::uint64_t kFlags = abi::kPmScanWpMatching | abi::kPmScanCheckWpasync;
  const std::uint64_t categories =
      request.category_inverted | request.category_mask | request.category_anyof_mask | request.return_mask;
  if (request.flags & ~kFlags || categories & ~kernel.scan_categories) return Errno::inval;
  if (!request.start.page_aligned()) return Errno::inval;
  const std::uint64_t room = kTaskSize.value - std::min(kTaskSize.value, request.start.value);
  return request.start > kTaskSize || request.length > room ? Errno::fault : Errno::none;
}

bool tracks_writes(const Kernel& kernel, const Vma& vma) {
  return vma.userfaultfd_wp() && kernel.userfaultfd_wp_async(vma);
}

enum class Visit : std::uint8_t { walk, skip, refuse };

Visit test_walk(const Kernel& kernel, const Vma& vma, Scan& scan) {
  const bool tracked = tracks_writes(kernel, vma);
  if (!tracked && scan.request.flags & abi::kPmScanCheckWpasync) return Visit::refuse;
  if (!tracked && scan.protects()) return Visit::skip;
  scan.of_mapping = tracked ? abi::kPageIsWpallowed : 0;
  const std::uint64_t wanted = scan.request.category_mask & abi::kPageIsWpallowed;
  const bool interesting = ((scan.of_mapping ^ scan.request.category_inverted) & wanted) == wanted;
  return interesting ? Visit::walk : Visit::skip;
}

bool is_interesting(const ScanRequest& request, std::uint64_t categories) {
  categories ^= request.category_inverted;
  if ((categories & request.category_mask) != request.category_mask) return false;
  return request.category_anyof_mask == 0 || (categories & request.category_anyof_mask) != 0;
}

bool has_uffd_wp(Pte pte) {
  if (pte.pte_present()) return pte.pte_uffd_wp() == UffdWp::set;
  return pte.is_marker(PteMarker::uffd_wp) || pte != pte.without_scans_wp();
}

bool counts_as_written(const Kernel& kernel, const Vma& vma, const ScanRequest& request, Pte pte) {
  if (pte.pte_none() && !kernel.empty_page_is_written(request, LeafTable::there)) return false;
  return !has_uffd_wp(pte) && (kernel.written_in == WrittenIn::any_mapping || vma.userfaultfd_wp());
}

// Since it was last protected from all access. An empty page never was accessed.
bool counts_as_accessed(const Vma& vma, Pte pte) {
  return vma.userfaultfd_rwp() && !pte.pte_none() && !has_uffd_wp(pte);
}

std::uint64_t category_of(System& system, const Vma& vma, const ScanRequest& request, Pte pte) {
  std::uint64_t categories = counts_as_written(*system.kernel, vma, request, pte) ? abi::kPageIsWritten : 0;
  if (counts_as_accessed(vma, pte)) categories |= abi::kPageIsAccessed;
  if (pte.is_pte_marker()) categories |= abi::kPageIsSwapped;
  if (pte.is_guard()) categories |= abi::kPageIsGuard;
  if (!pte.pte_present()) return categories;
  categories |= abi::kPageIsPresent;
  if (system.memory.is_zero_page(pte.pte_pfn())) return categories | abi::kPageIsPfnzero;
  const bool anonymous = system.memory.folio_at(pte.pte_pfn()).folio_test_anon();
  return anonymous ? categories : categories | abi::kPageIsFile;
}

// What the leaf becomes when it is write-protected.
Pte with_uffd_wp(Pte pte) {
  if (pte.pte_present()) return pte.pte_mkuffd_wp();
  if (pte.pte_none()) return Pte::marker(PteMarker::uffd_wp);
  return Pte::marker(pte.is_guard() ? PteMarker::guard_wp : PteMarker::poisoned_wp);
}

// Whether there was room for the page.
bool put_into_buffer(Scan& scan, VirtAddr address, std::uint64_t categories) {
  ScanReply& reply = scan.reply;
  ScanRegion* last = reply.count == 0 ? nullptr : &reply.regions[reply.count - 1];
  const VirtAddr end = address + PageCount{1};
  if (last && last->range.end == address && last->categories == categories) {
    last->range.end = end;
    return true;
  }
  if (reply.count == scan.request.vec_len) return false;
  reply.regions[reply.count] = {{address, end}, categories};
  ++reply.count;
  return true;
}

enum class Output : std::uint8_t { taken, full };

// Notes a page that is wanted; stops the scan if it cannot be.
Output output(Scan& scan, VirtAddr address, std::uint64_t categories) {
  if (!scan.has_buffer()) return Output::taken;
  const bool enough = scan.request.max_pages != 0 && scan.found_pages == scan.request.max_pages;
  if (enough || !put_into_buffer(scan, address, categories & scan.request.return_mask)) {
    scan.stop_at(address);
    return Output::full;
  }
  ++scan.found_pages;
  return Output::taken;
}

// Write-protects a page. Called with leaf.ptl held.
void make_uffd_wp(Mm& mm, PageTable& leaf, VirtAddr address, Pte pte, AddrRange& flush) {
  mm.page_tables.set(leaf, address, with_uffd_wp(pte));
  if (flush.empty()) flush.start = address;
  flush.end = address + PageCount{1};
}

// Called with leaf.ptl held.
void scan_ptes(Mm& mm, const Vma& vma, PageTable& leaf, AddrRange range, Scan& scan) {
  const bool protects_all = scan.protects() && !scan.has_buffer();
  for (VirtAddr at = range.start; at < range.end; at = at + PageCount{1}) {
    const Pte pte = mm.page_tables.get(leaf, at);
    const std::uint64_t categories = scan.of_mapping | category_of(*mm.system, vma, scan.request, pte);
    if (!protects_all) {
      if (!is_interesting(scan.request, categories)) continue;
      if (output(scan, at, categories) == Output::full) return;
    }
    const bool written = categories & abi::kPageIsWritten;
    if (scan.protects() && written) make_uffd_wp(mm, leaf, at, pte, scan.flush);
  }
}

// No page table lies there, and so no page. Called with mmap_lock held for reading.
sim::Task<void> scan_hole(Mm& mm, Vma& vma, AddrRange range, Scan& scan) {
  const bool written =
      vma.userfaultfd_wp() && mm.system->kernel->empty_page_is_written(scan.request, LeafTable::missing);
  const std::uint64_t categories = scan.of_mapping | (written ? abi::kPageIsWritten : 0);
  if (!is_interesting(scan.request, categories)) co_return;
  VirtAddr at = range.start;
  while (at < range.end && output(scan, at, categories) == Output::taken) at = at + PageCount{1};
  if (!scan.protects() || at == range.start) co_return;
  co_await uffd_wp_range(mm, vma, {range.start, at}, WpChange::protect);
}

// Called with mmap_lock held for reading. The pte lock covers what is reported, its protection and the flush
// of TLBs: nobody writes unnoticed in between.
sim::Task<void> scan_mapping(Mm& mm, Vma& vma, AddrRange range, Scan& scan) {
  SIM_ASSERT(!vma.is_vm_hugetlb_page());
  VirtAddr at = range.start;
  while (at < range.end && !scan.stopped()) {
    PageTable* leaf = mm.page_tables.leaf(at);
    const VirtAddr end = std::min(mm.page_tables.next_leaf(at), range.end);
    if (!leaf) {
      co_await scan_hole(mm, vma, {at, end}, scan);
    } else {
      co_await leaf->ptl.lock();
      scan_ptes(mm, vma, *leaf, {at, end}, scan);
      if (!scan.flush.empty()) {
        co_await sim::point("flush_tlb_range");
        mm.flush_tlb_range(scan.flush);
        scan.flush = {};
      }
      leaf->ptl.unlock();
    }
    at = end;
  }
}

// Called with mmap_lock held for reading.
sim::Task<Errno> walk_page_range(Mm& mm, AddrRange range, Scan& scan) {
  VirtAddr at = range.start;
  while (at < range.end && !scan.stopped()) {
    Vma* vma = mm.vmas.find_intersection({at, range.end});
    if (!vma) break;
    const AddrRange part{std::max(vma->start(), at), std::min(vma->end(), range.end)};
    at = part.end;
    const Visit visit = test_walk(*mm.system->kernel, *vma, scan);
    if (visit == Visit::refuse) co_return Errno::perm;
    if (visit == Visit::walk) co_await scan_mapping(mm, *vma, part, scan);
  }
  co_return Errno::none;
}

}  // namespace

sim::Task<ScanReply> pagemap_scan(Mm& mm, ScanRequest request) {
  Scan scan{.request = request};
  scan.reply.error = check_arguments(*mm.system->kernel, request);
  if (scan.reply.error != Errno::none) co_return scan.reply;
  const std::uint64_t rounded = (request.length + kPageSize - 1) & kPageMask;
  const AddrRange range = range_of(request.start, rounded);
  if (!range.empty()) {
    co_await mm.mmap_lock.read_lock();
    const Errno error = co_await walk_page_range(mm, range, scan);
    scan.reply.error = error;
    mm.mmap_lock.read_unlock();
  }
  if (!scan.stopped()) scan.stop_at(range.end);
  co_return scan.reply;
}

sim::Task<ScanReply> no_pagemap_scan(Mm&, ScanRequest) { co_return ScanReply{.error = Errno::notty}; }

}  // namespace model
