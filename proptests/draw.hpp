// SPDX-License-Identifier: Apache-2.0
// Draw: where generators get their numbers from. A generator that only asks a Draw can be driven by a seed
// (the fuzzer: millions of programs, each reproducible from its number) or by rapidcheck (laws: shrinking).
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "sim/random.hpp"

namespace proptests {

class Draw {
 public:
  virtual ~Draw() = default;

  // 0 .. bound-1; `bound` is not 0. Smaller numbers are the simpler choice.
  virtual std::uint32_t below(std::uint32_t bound) = 0;

  std::uint32_t between(std::uint32_t least, std::uint32_t most) { return least + below(most - least + 1); }
  // True once in so many times.
  bool one_in(std::uint32_t times) { return below(times) == times - 1; }
  template <class T>
  T one_of(std::initializer_list<T> choices) {
    return choices.begin()[below(static_cast<std::uint32_t>(choices.size()))];
  }
};

// The number-th sequence of a seed: the same on every machine and compiler.
class SeededDraw final : public Draw {
 public:
  SeededDraw(std::uint64_t seed, std::uint64_t number) : random_(seed, number) {}
  std::uint32_t below(std::uint32_t bound) override { return random_.below(bound); }

 private:
  sim::Random random_;
};

}  // namespace proptests
