// SPDX-License-Identifier: Apache-2.0
// Graph: the worlds that an exploration met, by number, and the moves between them. Numbers are given
// breadth first and the way each world was first met is kept, so the way back to world 0 is a shortest one.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/world.hpp"

namespace sim {

class Graph {
 public:
  // 7 bytes a move.
  struct Edges {
    std::span<const std::uint32_t> to;
    std::span<const Move> moves;
    std::size_t size() const { return to.size(); }
  };

  // World 0, which everything begins with.
  Graph() : parents_{0}, arrivals_{Move{}} {}

  std::uint32_t size() const { return static_cast<std::uint32_t>(parents_.size()); }

  // A new world, met by making `move` in `parent`.
  std::uint32_t add_world(std::uint32_t parent, Move move) {
    parents_.push_back(parent);
    arrivals_.push_back(move);
    return size() - 1;
  }

  // The moves of `from`, all in a row; worlds take their turns by number, and those without a turn have none.
  void add_edge(std::uint32_t from, Move move, std::uint32_t to) {
    while (first_.size() <= from) first_.push_back(to_.size());
    to_.push_back(to);
    moves_.push_back(move);
  }

  Edges edges(std::uint32_t from) const {
    if (from >= first_.size()) return {};
    const std::size_t begin = first_[from];
    const std::size_t end = from + 1 < first_.size() ? first_[from + 1] : to_.size();
    return {std::span(to_).subspan(begin, end - begin), std::span(moves_).subspan(begin, end - begin)};
  }
  std::size_t edge_count() const { return to_.size(); }

  // The moves that lead from world 0 to `world`.
  std::vector<Move> path_to(std::uint32_t world) const {
    std::vector<Move> path;
    for (; world != 0; world = parents_[world]) path.push_back(arrivals_[world]);
    std::reverse(path.begin(), path.end());
    return path;
  }

  std::size_t bytes() const {
    return parents_.capacity() * sizeof(std::uint32_t) + arrivals_.capacity() * sizeof(Move) +
           first_.capacity() * sizeof(std::size_t) + to_.capacity() * sizeof(std::uint32_t) +
           moves_.capacity() * sizeof(Move);
  }

 private:
  std::vector<std::uint32_t> parents_;
  std::vector<Move> arrivals_;
  std::vector<std::size_t> first_;  // of a world's edges in the two below
  std::vector<std::uint32_t> to_;
  std::vector<Move> moves_;
};

}  // namespace sim
