// SPDX-License-Identifier: Apache-2.0
// A page fault in flight, and what comes of it (vm_fault, vm_fault_t).
#pragma once
#include <cstdint>

#include "model/mm/mm.hpp"
#include "model/mm/system.hpp"

namespace model {

struct Kernel;

enum class Access : std::uint8_t { read, write };
enum class Mode : std::uint8_t { user, kernel };  // who touched: the program, or the kernel for it

// The lock under which the fault is handled: one of the two, held for reading.
enum class FaultLock : std::uint8_t { vma, mmap };

struct VmFault {
  Mm* mm = nullptr;
  Vma* vma = nullptr;
  VirtAddr address;  // exactly what was touched
  Access access = Access::read;
  Mode mode = Mode::user;
  FaultLock lock = FaultLock::mmap;
  Pte orig_pte;  // the leaf when it was looked at, before any lock
};

// Why a fault becomes a userfault.
enum class Reason : std::uint8_t { missing, wp, minor, rwp };

enum class VmFaultResult : std::uint8_t {
  done,      // the page is there now; the fault lock is still held
  retry,     // look again from the start; the fault lock has been released
  sigbus,    // the fault lock is still held
  sigsegv,   // likewise
  hwpoison,  // likewise
  oom,       // likewise
};

void release_fault_lock(const VmFault& vmf);

// Makes the page of the fault present. Called with the fault lock held; who releases it, see VmFaultResult.
sim::Task<VmFaultResult> handle_mm_fault(VmFault& vmf);

// Nothing is mapped (vmf.orig_pte: none, or a UFFD_WP marker) and the mapping is anonymous. Called and
// returns as handle_mm_fault.
sim::Task<VmFaultResult> do_anonymous_page(VmFault& vmf);

// The same, whatever the mapping is.
sim::Task<VmFaultResult> do_pte_missing(VmFault& vmf);

// A write to a present leaf that does not allow it. Called with the pte lock of `leaf` held, which is
// released; otherwise as handle_mm_fault.
sim::Task<VmFaultResult> do_wp_page(VmFault& vmf, PageTable& leaf);

// The leaf is present and allows nothing, and yet the mapping allows something: RWP protects it, or once did.
// Called and returns as handle_mm_fault.
sim::Task<VmFaultResult> do_protnone_page(VmFault& vmf);

// The leaf is a marker. Called and returns as handle_mm_fault.
sim::Task<VmFaultResult> handle_pte_marker(VmFault& vmf);

// Makes sure that the mapping has an anon_vma, which needs mmap_lock: under the mapping's lock alone it may
// have to give up (retry). Called and returns as handle_mm_fault.
sim::Task<VmFaultResult> vmf_anon_prepare(VmFault& vmf);

// The same, but the fault lock is held even if it gives up.
sim::Task<VmFaultResult> try_anon_prepare(VmFault& vmf);

// The leaf table of the address, made if it is missing. Called with the fault lock held.
sim::Task<PageTable*> pte_alloc(Mm& mm, VirtAddr address);

// What the leaf of a page may allow, in a mapping with these flags.
PteAccess pte_access_of(VmFlagBits vm_flags);
// What a leaf allows that a read has mapped: a private mapping's first write copies the page, and in a shared
// one that is write-protected by userfaultfd every first write is to be heard of.
PteAccess vm_page_prot(const Kernel& kernel, VmFlagBits vm_flags);
// The same for the zero page, whose first write copies it.
PteAccess zero_page_access(VmFlagBits vm_flags);

}  // namespace model
