// SPDX-License-Identifier: Apache-2.0
// A small generator with a seed: the delays and processors of free mode. SplitMix64 (Steele, Lea, Flood:
// Fast splittable pseudorandom number generators, 2014).
#pragma once
#include <cstdint>

namespace traces {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

}  // namespace traces
