// SPDX-License-Identifier: Apache-2.0
#include "sim/path_so_far.hpp"

#include "sim/schedule.hpp"

namespace sim {
namespace {

constinit thread_local PathSoFar* innermost = nullptr;

}  // namespace

PathSoFar::PathSoFar(const Subject& subject, std::function<std::vector<Move>()> moves)
    : subject_(subject), moves_(std::move(moves)), outer_(std::exchange(innermost, this)) {}

PathSoFar::~PathSoFar() { innermost = outer_; }

std::string PathSoFar::text() {
  const PathSoFar* path = std::exchange(innermost, nullptr);  // should telling it fail too: only once
  return path ? to_text(told(path->subject_, path->moves_())) : std::string();
}

}  // namespace sim
