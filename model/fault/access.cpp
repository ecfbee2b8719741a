// SPDX-License-Identifier: Apache-2.0
// Follows arch/x86/mm/fault.c: do_user_addr_fault, and what the hardware does before it.
#include "model/fault/access.hpp"

#include "model/kernels/kernel.hpp"

namespace model {
namespace {

bool allows(Pte pte, Access access) {
  return pte.access() == PteAccess::write || (access == Access::read && pte.access() == PteAccess::read);
}

// Whether a CPU can use what it remembers: for a write through a clean entry it looks at the page table
// again, and makes it dirty there.
bool usable(Pte remembered, Access access) {
  return allows(remembered, access) && (access == Access::read || remembered.pte_dirty());
}

// Whether two leaves say the same but for the dirty bit.
bool same_translation(Pte a, Pte b) {
  return a == b || (a.pte_present() && b.pte_present() && a.pte_mkclean() == b.pte_mkclean());
}

// The page table entry this access uses: what the TLB remembers, or what a walk finds. A remembered entry
// that is no longer what the page table says may be used or may just have been dropped: both are explored.
// Called at a scheduling point of the caller.
sim::Task<Pte> translate(Mm& mm, VirtAddr address, Access access) {
  Tlb& tlb = mm.system->tlb_of_this_cpu();
  Pte walked = mm.page_tables.walk(address);
  const Pte remembered = tlb.lookup(address);
  if (usable(remembered, access)) {
    std::uint8_t dropped = 0;
    if (!same_translation(remembered, walked)) dropped = co_await sim::choose(2, "tlb entry dropped");
    if (!dropped) co_return remembered;
  }
  if (allows(walked, access)) {
    if (access == Access::write && !walked.pte_dirty()) walked = mm.page_tables.set_dirty(address);
    tlb.fill(address, walked);
  } else {
    tlb.flush({address.page(), address.page() + PageCount{1}});
  }
  co_return walked;
}

// The access itself, through a translation that allows it.
char access_frame(Memory& memory, Pfn pfn, Access access, char content) {
  Folio& folio = memory.folio_at(pfn);
  if (folio.state.read().refcount == 0) sim::kernel_bug("a CPU touched a freed page");
  if (access == Access::write) folio.state.modify().content = content;
  return folio.state.read().content;
}

// x86 cannot map a page that is writable and not readable: any right allows a read.
bool access_error(const Vma& vma, Access access) {
  const VmFlagBits any_of = access == Access::write ? VmFlagBits{VM_WRITE} : kAccessFlags;
  return !(vma.flags() & any_of);
}

enum class Fault : std::uint8_t { resolved, sigbus, sigsegv };

Fault verdict(VmFaultResult result) {
  if (result == VmFaultResult::done) return Fault::resolved;
  return result == VmFaultResult::sigsegv ? Fault::sigsegv : Fault::sigbus;
}

// The second way: under mmap_lock, again and again until the fault is resolved or refused.
sim::Task<Fault> fault_under_mmap_lock(VmFault& vmf) {
  Mm& mm = *vmf.mm;
  vmf.lock = FaultLock::mmap;
  for (;;) {
    co_await mm.mmap_lock.read_lock();
    vmf.vma = mm.vmas.vma_lookup(vmf.address);
    if (!vmf.vma || access_error(*vmf.vma, vmf.access)) {
      mm.mmap_lock.read_unlock();
      co_return Fault::sigsegv;
    }
    const VmFaultResult result = co_await handle_mm_fault(vmf);
    if (result != VmFaultResult::retry) {
      mm.mmap_lock.read_unlock();
      co_return verdict(result);
    }
    if (sim::current_thread().fatal_signal) co_return Fault::resolved;  // dies on its way out
  }
}

sim::Task<Fault> do_user_addr_fault(VmFault& vmf) {
  Mm& mm = *vmf.mm;
  if (vmf.mode == Mode::user) {
    vmf.vma = co_await mm.system->kernel->lock_vma_for_fault(mm, vmf.address);
    if (vmf.vma) {
      vmf.lock = FaultLock::vma;
      if (access_error(*vmf.vma, vmf.access)) {
        release_fault_lock(vmf);
        co_return Fault::sigsegv;
      }
      const VmFaultResult result = co_await handle_mm_fault(vmf);
      if (result != VmFaultResult::retry) {
        release_fault_lock(vmf);
        co_return verdict(result);
      }
      if (sim::current_thread().fatal_signal) co_return Fault::resolved;
    }
  }
  const Fault fault = co_await fault_under_mmap_lock(vmf);
  co_return fault;
}

}  // namespace

sim::Task<Touched> touch_memory(Mm& mm, VirtAddr address, Access access, Mode mode, char content) {
  for (;;) {
    co_await sim::point(access == Access::write ? "store" : "load");
    if (sim::current_thread().fatal_signal) co_return Touched{.how = Touched::How::killed};
    const Pte pte = co_await translate(mm, address, access);
    if (allows(pte, access)) {
      const char seen = access_frame(mm.system->memory, pte.pte_pfn(), access, content);
      co_return Touched{.content = seen};
    }
    VmFault vmf{.mm = &mm, .address = address, .access = access, .mode = mode};
    const Fault fault = co_await do_user_addr_fault(vmf);
    if (fault == Fault::sigbus) co_return Touched{.how = Touched::How::sigbus};
    if (fault == Fault::sigsegv) co_return Touched{.how = Touched::How::sigsegv};
  }
}

sim::Task<void> access_remote_vm(Mm& mm, VirtAddr address, char content) {
  co_await mm.mmap_lock.read_lock();
  VmFault vmf{.mm = &mm, .address = address, .access = Access::write, .mode = Mode::kernel};
  vmf.lock = FaultLock::mmap;
  vmf.vma = mm.vmas.vma_lookup(address);
  SIM_ASSERT(vmf.vma && !vmf.vma->userfaultfd_armed());
  const VmFaultResult result = co_await handle_mm_fault(vmf);
  SIM_ASSERT(result == VmFaultResult::done);
  const Pte pte = mm.page_tables.walk(address);
  mm.system->memory.folio_at(pte.pte_pfn()).state.modify().content = content;
  mm.mmap_lock.read_unlock();
}

sim::Task<Touched> touch_memory_atomic(Mm& mm, VirtAddr address, Access access, char content) {
  co_await sim::point("copy with page faults disabled");
  const Pte pte = co_await translate(mm, address, access);
  if (!allows(pte, access)) co_return Touched{.how = Touched::How::sigsegv};
  const char seen = access_frame(mm.system->memory, pte.pte_pfn(), access, content);
  co_return Touched{.content = seen};
}

}  // namespace model
