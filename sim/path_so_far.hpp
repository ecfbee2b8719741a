// SPDX-License-Identifier: Apache-2.0
// PathSoFar: the moves that led to the world being run, kept at hand so that a failed SIM_ASSERT can print
// the schedule that shows it. Whoever runs a world keeps one alive meanwhile.
#pragma once
#include <functional>
#include <utility>
#include <vector>

#include "sim/subject.hpp"

namespace sim {

class PathSoFar {
 public:
  // `moves` tells every move made, and last the one being made.
  PathSoFar(const Subject& subject, std::function<std::vector<Move>()> moves);
  ~PathSoFar();
  PathSoFar(const PathSoFar&) = delete;
  PathSoFar& operator=(const PathSoFar&) = delete;

  // The innermost one of this host thread as a schedule's text, or empty. Never runs the last move.
  static std::string text();

 private:
  const Subject& subject_;
  std::function<std::vector<Move>()> moves_;
  PathSoFar* outer_;
};

}  // namespace sim
