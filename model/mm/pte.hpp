// SPDX-License-Identifier: Apache-2.0
// Pte: a leaf of the page table. Kernel names for kernel questions.
//
// Simplified: no accessed and dirty bits, and only the leaf states that private anonymous memory has in this
// model (none, present): no swap, no migration entries, no markers.
#pragma once
#include <cstdint>

#include "model/mm/address.hpp"

namespace model {

// Whether the hardware lets a user-mode access through.
enum class PteAccess : std::uint8_t { none, read, write };

class Pte {
 public:
  constexpr Pte() = default;
  static constexpr Pte present(Pfn pfn, PteAccess access) {
    return Pte{kPresent | (access == PteAccess::none ? kProtNone : 0) |
               (access == PteAccess::write ? kWrite : 0) | std::uint64_t{pfn.value} << kPfnShift};
  }
  static constexpr Pte from_bits(std::uint64_t bits) { return Pte{bits}; }
  constexpr std::uint64_t bits() const { return bits_; }

  constexpr bool pte_none() const { return bits_ == 0; }
  constexpr bool pte_present() const { return bits_ & kPresent; }
  constexpr bool pte_write() const { return bits_ & kWrite; }
  constexpr bool pte_protnone() const { return bits_ & kProtNone; }
  constexpr Pfn pte_pfn() const { return {static_cast<std::uint32_t>(bits_ >> kPfnShift)}; }
  constexpr PteAccess access() const {
    if (!pte_present() || pte_protnone()) return PteAccess::none;
    return pte_write() ? PteAccess::write : PteAccess::read;
  }
  friend constexpr bool operator==(Pte, Pte) = default;

 private:
  static constexpr std::uint64_t kPresent = 1, kWrite = 2, kProtNone = 4;
  static constexpr unsigned kPfnShift = 8;
  explicit constexpr Pte(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t bits_ = 0;
};

}  // namespace model
