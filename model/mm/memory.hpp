// SPDX-License-Identifier: Apache-2.0
// Memory: the frames of the simulated machine. The lowest free frame is handed out first, so the bytes of a
// world do not tell in which order frames were freed.
#pragma once
#include <cstdint>

#include "model/mm/address.hpp"
#include "model/mm/folio.hpp"

namespace model {

// The pool of huge pages (struct hstate).
struct HugePool {
  std::uint32_t total = 0;
  std::uint32_t free = 0;
  // Of the free ones: promised to mappings. Below 0 for a moment when a file is cut short while a page that
  // was promised is taken and not yet in it: the promise is forgotten before the page comes back.
  std::int32_t reserved = 0;
  std::uint32_t unused = 0;  // keeps the bytes of equal values equal
  std::int64_t available() const { return std::int64_t{free} - reserved; }
};

class Memory {
 public:
  // `frames` of memory besides the zero page, and so many huge pages more. Called once, when the world is
  // made.
  void boot(std::uint32_t frames, std::uint32_t huge_pages = 0);

  // A free frame with one reference and content zero; null when memory is full.
  Folio* alloc_folio();
  // A huge page from the pool, with one reference and content zero: one that was promised to the caller, or
  // one that was promised to nobody. Null if there is none.
  enum class From : std::uint8_t { reserved, available };
  Folio* dequeue_huge_page(From from);
  // Promises so many of the free pages; false if too few are left.
  bool reserve_huge_pages(std::uint64_t count);
  void unreserve_huge_pages(std::uint64_t count);
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
  const HugePool& peek_huge_pool() const { return huge_pool_.peek(); }

 private:
  Folio* frames_ = nullptr;  // [0] is the zero page
  std::uint32_t count_ = 0;
  void free_huge_page(const Folio::State& state);

  sim::Cell<HugePool> huge_pool_;
  sim::Cell<std::uint32_t> first_free_;  // frames below this are in use
};

}  // namespace model
