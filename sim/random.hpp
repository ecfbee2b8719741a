// SPDX-License-Identifier: Apache-2.0
// Random: numbers that are the same on every machine and compiler for ever: xoshiro256**, seeded with
// splitmix64, both by David Blackman and Sebastiano Vigna (public domain). No floating point.
#pragma once
#include <array>
#include <bit>
#include <cstdint>

namespace sim {

class Random {
 public:
  // The stream-th sequence of the seed; sequences have nothing in common.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) {
    std::uint64_t state = seed;
    state = split_mix(state) ^ stream;
    for (std::uint64_t& word : state_) word = split_mix(state);
  }

  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // 0 .. bound-1, each equally likely. `bound` is not 0.
  std::uint32_t below(std::uint32_t bound) {
    const std::uint32_t unfair = -bound % bound;  // the lowest products are met once too often
    while (true) {
      const std::uint64_t product = (next() >> 32) * bound;
      if (static_cast<std::uint32_t>(product) >= unfair) return static_cast<std::uint32_t>(product >> 32);
    }
  }

 private:
  static std::uint64_t split_mix(std::uint64_t& state) {
    state += 0x9e37'79b9'7f4a'7c15;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58'476d'1ce4'e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d0'49bb'1331'11eb;
    return mixed ^ (mixed >> 31);
  }

  std::array<std::uint64_t, 4> state_;
};

}  // namespace sim
