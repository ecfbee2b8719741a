// SPDX-License-Identifier: Apache-2.0
// Generated places: addresses and ranges in and around the regions of a program, good and bad.
#pragma once
#include "proptests/draw.hpp"
#include "traces/layout.hpp"
#include "traces/program.hpp"

namespace proptests {

class PlaceMaker {
 public:
  PlaceMaker(Draw& draw, const traces::Program& program, std::uint64_t byte_of_page)
      : draw_(draw), program_(program), byte_of_page_(byte_of_page) {}

  // The byte of some page, mostly one of a region.
  traces::RangeExpression touched();
  // Whole pages, inside a region, across its edges, or around it.
  traces::RangeExpression pages();
  // The same, or (once in eight) misaligned, empty, wrapping, or ending above every process.
  traces::RangeExpression range();

 private:
  traces::RangeExpression in_region(std::uint64_t page, std::uint64_t count);
  void spoil(traces::RangeExpression& range);

  Draw& draw_;
  const traces::Program& program_;
  std::uint64_t byte_of_page_;
};

}  // namespace proptests
