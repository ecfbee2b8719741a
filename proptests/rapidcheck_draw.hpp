// SPDX-License-Identifier: Apache-2.0
// RapidcheckDraw: draws that rapidcheck can shrink. For use within a property. For tests only.
#pragma once
#include <rapidcheck.h>

#include "proptests/draw.hpp"

namespace proptests {

class RapidcheckDraw final : public Draw {
 public:
  std::uint32_t below(std::uint32_t bound) override {
    // At full size from the first case on: a program of minimal numbers tells nothing.
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint32_t>(0, bound));
  }
};

}  // namespace proptests
