// SPDX-License-Identifier: Apache-2.0
// Memory: the frames of the simulated machine. The lowest free frame is handed out first, so the bytes of a
// world do not tell in which order frames were freed.
#pragma once
#include <cstdint>

#include "model/mm/folio.hpp"
#include "model/mm/address.hpp"

namespace model {

class Memory {
 public:
  // `frames` of memory besides the zero page. Called once, when the world is made.
  void boot(std::uint32_t frames);

  // A free frame with one reference and content zero; null when memory is full.
  Folio* alloc_folio();
  void folio_get(Folio& folio);
  // Drops a reference; the last frees the frame.
  void folio_put(Folio& folio);

  // The frame that every read of untouched memory maps. Never freed, never counted.
  static constexpr Pfn zero_pfn() { return {0}; }
  bool is_zero_page(Pfn pfn) const { return pfn == zero_pfn(); }

  Pfn pfn_of(const Folio& folio) const { return {static_cast<std::uint32_t>(&folio - frames_)}; }
  Folio& folio_at(Pfn pfn);
  const Folio& peek(Pfn pfn) const { return frames_[pfn.value]; }
  std::uint32_t frame_count() const { return count_; }
  std::uint32_t used_frames() const;  // leaves no footprint; the zero page does not count

 private:
  Folio* frames_ = nullptr;  // [0] is the zero page
  std::uint32_t count_ = 0;
  sim::Cell<std::uint32_t> first_free_;  // frames below this are in use
};

}  // namespace model
