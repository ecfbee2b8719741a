// SPDX-License-Identifier: Apache-2.0
// Visited: which worlds have been met, by hash, and the number each was given. Linear probing, 12 bytes a
// place. Two worlds with one 64-bit hash would be taken for one: at a million worlds, once in 37 million
// explorations.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

class Visited {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  Visited() : keys_(kFirst), numbers_(kFirst) {}

  // The number of the world, or kNone. May be called by many threads while nobody inserts.
  std::uint32_t find(std::uint64_t hash) const {
    const std::size_t place = place_of(key_of(hash));
    return keys_[place] == 0 ? kNone : numbers_[place];
  }

  // The number of the world; `number` if it is new.
  std::uint32_t insert(std::uint64_t hash, std::uint32_t number) {
    const std::uint64_t key = key_of(hash);
    std::size_t place = place_of(key);
    if (keys_[place] != 0) return numbers_[place];
    if (++count_ * 3 > keys_.size() * 2) {
      grow();
      place = place_of(key);
    }
    keys_[place] = key;
    numbers_[place] = number;
    return number;
  }

  std::size_t size() const { return count_; }
  std::size_t bytes() const { return keys_.size() * (sizeof(std::uint64_t) + sizeof(std::uint32_t)); }

 private:
  static constexpr std::size_t kFirst = 1024;
  static std::uint64_t key_of(std::uint64_t hash) { return hash == 0 ? 1 : hash; }  // 0: an empty place

  std::size_t place_of(std::uint64_t key) const {
    std::size_t place = key & (keys_.size() - 1);
    while (keys_[place] != 0 && keys_[place] != key) place = (place + 1) & (keys_.size() - 1);
    return place;
  }

  void grow() {
    const std::vector<std::uint64_t> keys = std::move(keys_);
    const std::vector<std::uint32_t> numbers = std::move(numbers_);
    keys_.assign(keys.size() * 2, 0);
    numbers_.assign(keys.size() * 2, 0);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (keys[i] == 0) continue;
      const std::size_t place = place_of(keys[i]);
      keys_[place] = keys[i];
      numbers_[place] = numbers[i];
    }
  }

  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> numbers_;
  std::size_t count_ = 0;
};

}  // namespace sim
