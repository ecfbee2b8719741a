// SPDX-License-Identifier: Apache-2.0
// Cell: one piece of shared state. Every read and write goes into the footprint of the step.
#pragma once
#include "sim/footprint.hpp"

namespace sim {

template <class T>
class Cell {
 public:
  constexpr Cell() = default;
  constexpr explicit Cell(T value) : value_(value) {}

  const T& read() const {
    touch(this, sizeof *this, Access::read);
    return value_;
  }
  void write(T value) {
    touch(this, sizeof *this, Access::write);
    value_ = value;
  }
  // For changing a part of a larger value.
  T& modify() {
    touch(this, sizeof *this, Access::write);
    return value_;
  }
  // For looking from outside the simulation: claims, invariants, drawings. Leaves no footprint.
  const T& peek() const { return value_; }

 private:
  T value_{};
};

}  // namespace sim
