// SPDX-License-Identifier: Apache-2.0
// Frontier: the saved bytes of worlds that were met but whose moves have not been made yet, first in, first
// out, in batches that are given back one by one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace sim {

class Frontier {
 public:
  // So many worlds are expanded between two looks at the budget, whatever the number of workers.
  static constexpr std::size_t kBatch = 512;

  class Batch {
   public:
    std::size_t size() const { return worlds_.size(); }
    std::uint32_t number(std::size_t i) const { return worlds_[i].number; }
    std::span<const std::byte> saved(std::size_t i) const {
      const std::size_t end = i + 1 < worlds_.size() ? worlds_[i + 1].start : bytes_.size();
      return std::span(bytes_).subspan(worlds_[i].start, end - worlds_[i].start);
    }

   private:
    friend class Frontier;
    struct Saved {
      std::uint32_t number;
      std::size_t start;
    };
    std::vector<Saved> worlds_;
    std::vector<std::byte> bytes_;
  };

  void push(std::uint32_t number, std::span<const std::byte> saved) {
    if (batches_.empty() || batches_.back().size() == kBatch) {
      batches_.push_back(std::move(spare_));
      spare_ = {};
      bytes_ += batches_.back().bytes_.capacity();
    }
    Batch& batch = batches_.back();
    bytes_ -= batch.bytes_.capacity();
    batch.worlds_.push_back({number, batch.bytes_.size()});
    batch.bytes_.insert(batch.bytes_.end(), saved.begin(), saved.end());
    bytes_ += batch.bytes_.capacity();
    ++size_;
  }

  // The oldest worlds, at most kBatch. Call only if not empty.
  Batch pop() {
    Batch batch = std::move(batches_.front());
    batches_.pop_front();
    bytes_ -= batch.bytes_.capacity();
    size_ -= batch.size();
    return batch;
  }

  // Gives back a batch that was popped, so that its memory is used again.
  void recycle(Batch batch) {
    batch.worlds_.clear();
    batch.bytes_.clear();
    spare_ = std::move(batch);
  }

  bool empty() const { return batches_.empty(); }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::deque<Batch> batches_;
  Batch spare_;
  std::size_t bytes_ = 0;
  std::size_t size_ = 0;
};

}  // namespace sim
