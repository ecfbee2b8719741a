// SPDX-License-Identifier: Apache-2.0
// Pte: a leaf of the page table. Kernel names for kernel questions.
//
// A leaf is none, present, or a marker. The uffd-wp bit of a present leaf and the UFFD_WP marker of one that
// is not are different bits, and each can only be asked of its own kind: mixing them up stops the simulator.
//
// Simplified: no accessed bit, and only the leaf states that memory has in this model: no swap, no migration
// entries.
#pragma once
#include <cstdint>

#include "model/mm/address.hpp"
#include "sim/assert.hpp"

namespace model {

// Whether the hardware lets a user-mode access through.
enum class PteAccess : std::uint8_t { none, read, write };

// The uffd bit of a present leaf: a write is userfaultfd's business, or any access; which of the two, the
// mapping knows (uffd_leaf.hpp). Such a leaf is born without the right to write.
enum class UffdWp : std::uint8_t { clear, set };

// What a marker says of a page that is not there (PTE_MARKER_*).
enum class PteMarker : std::uint8_t {
  uffd_wp = 1,  // write-protected before it was ever touched
  poisoned,     // touching it is SIGBUS
  poisoned_wp,  // the same, and write-protected by a scan
  guard,        // touching it is SIGSEGV, whatever the mapping allows
  guard_wp,     // the same, and write-protected by a scan
};

class Pte {
 public:
  constexpr Pte() = default;
  // Born dirty if it may be written to: whoever maps a page for writing is about to write.
  static constexpr Pte present(Pfn pfn, PteAccess access, UffdWp wp = UffdWp::clear) {
    const bool writable = access == PteAccess::write && wp == UffdWp::clear;
    return Pte{kPresent | (access == PteAccess::none ? kProtNone : 0) | (writable ? kWrite : 0) |
               (access == PteAccess::write ? kDirty : 0) | (wp == UffdWp::set ? kUffdWp : 0) |
               std::uint64_t{pfn.value} << kPfnShift};
  }
  static constexpr Pte marker(PteMarker marker) {
    return Pte{kMarker | static_cast<std::uint64_t>(marker) << kMarkerShift};
  }
  static constexpr Pte from_bits(std::uint64_t bits) { return Pte{bits}; }
  constexpr std::uint64_t bits() const { return bits_; }

  constexpr bool pte_none() const { return bits_ == 0; }
  constexpr bool pte_present() const { return bits_ & kPresent; }
  constexpr bool is_pte_marker() const { return bits_ & kMarker; }
  // Nothing is mapped: none, or any marker.
  constexpr bool pte_none_mostly() const { return pte_none() || is_pte_marker(); }
  // Also of the marker of a huge page.
  constexpr bool is_marker(PteMarker marker) const { return (bits_ & ~kHuge) == Pte::marker(marker).bits_; }
  constexpr bool is_poisoned() const {
    return is_marker(PteMarker::poisoned) || is_marker(PteMarker::poisoned_wp);
  }
  constexpr bool is_guard() const { return is_marker(PteMarker::guard) || is_marker(PteMarker::guard_wp); }
  // Of markers that a scan has write-protected: what they were before.
  constexpr Pte without_scans_wp() const {
    const std::uint64_t huge = bits_ & kHuge;
    if (is_poisoned()) return Pte{marker(PteMarker::poisoned).bits_ | huge};
    return is_guard() ? Pte{marker(PteMarker::guard).bits_ | huge} : *this;
  }
  // A leaf that stands for a huge page, one level above the others.
  constexpr bool pte_huge() const { return bits_ & kHuge; }
  constexpr Pte pte_mkhuge() const { return Pte{bits_ | kHuge}; }

  // Of present leaves only.
  constexpr Pfn pte_pfn() const { return {static_cast<std::uint32_t>(asked_present() >> kPfnShift)}; }
  constexpr bool pte_write() const { return asked_present() & kWrite; }
  constexpr UffdWp pte_uffd_wp() const { return asked_present() & kUffdWp ? UffdWp::set : UffdWp::clear; }
  // Whether it was written to through this leaf. The hardware sets it; a shared mapping asks for it.
  constexpr bool pte_dirty() const { return asked_present() & kDirty; }
  // The leaf with the right to write, its uffd-wp bit as it was.
  constexpr Pte pte_mkwrite() const { return Pte{asked_present() | kWrite | kDirty}; }
  constexpr Pte pte_wrprotect() const { return Pte{asked_present() & ~kWrite}; }
  constexpr Pte pte_mkdirty() const { return Pte{asked_present() | kDirty}; }
  constexpr Pte pte_mkclean() const { return Pte{asked_present() & ~kDirty}; }
  // Write-protected by userfaultfd.
  constexpr Pte pte_mkuffd_wp() const { return Pte{(asked_present() | kUffdWp) & ~kWrite}; }
  // What it allows is `access`, but no write while the uffd-wp bit is set; the rest stays.
  constexpr Pte pte_modify(PteAccess access) const {
    const bool writable = access == PteAccess::write && pte_uffd_wp() == UffdWp::clear;
    return Pte{(asked_present() & ~(kWrite | kProtNone)) | (access == PteAccess::none ? kProtNone : 0) |
               (writable ? kWrite : 0)};
  }
  // Read-write-protected by userfaultfd: the same bit, and no access at all.
  constexpr Pte pte_mkuffd_rwp() const { return Pte{(asked_present() | kUffdWp | kProtNone) & ~kWrite}; }
  // Present, and yet every access faults.
  constexpr bool pte_protnone() const { return asked_present() & kProtNone; }
  constexpr Pte pte_clear_uffd_wp() const { return Pte{asked_present() & ~kUffdWp}; }

  // Of any leaf.
  constexpr PteAccess access() const {
    if (!pte_present() || bits_ & kProtNone) return PteAccess::none;
    return bits_ & kWrite ? PteAccess::write : PteAccess::read;
  }
  friend constexpr bool operator==(Pte, Pte) = default;

 private:
  static constexpr std::uint64_t kPresent = 1, kWrite = 2, kProtNone = 4, kUffdWp = 8, kMarker = 16;
  static constexpr std::uint64_t kDirty = 128;
  static constexpr std::uint64_t kHuge = std::uint64_t{1} << 63;  // no address of a table has it
  static constexpr unsigned kPfnShift = 8, kMarkerShift = 5;      // three bits of marker
  explicit constexpr Pte(std::uint64_t bits) : bits_(bits) {}
  constexpr std::uint64_t asked_present() const {
    SIM_ASSERT(pte_present());
    return bits_;
  }
  std::uint64_t bits_ = 0;
};

}  // namespace model
