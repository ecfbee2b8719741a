// SPDX-License-Identifier: Apache-2.0
#include "sim/dependence.hpp"

#include <algorithm>

#include "sim/ambient.hpp"

namespace sim {
namespace {

bool meet(const Touch& a, const Touch& b) {
  if (a.access == Access::read && b.access == Access::read) return false;
  const auto* from_a = static_cast<const std::byte*>(a.object);
  const auto* from_b = static_cast<const std::byte*>(b.object);
  return from_a < from_b + b.size && from_b < from_a + a.size;
}

}  // namespace

Dependence::Dependence(const Subject& subject, std::span<const Move> moves)
    : moves_(moves.begin(), moves.end()), footprints_(moves.size()), before_(moves.size()) {
  const Ambient kept;
  Arena arena(subject.arena_size());
  subject.boot(arena);
  World& world = World::enter(arena);
  std::vector<int> latest(kMaxThreads, -1);
  for (std::size_t b = 0; b < moves_.size(); ++b) {
    recording = &footprints_[b];
    world.step(moves_[b]);
    recording = nullptr;
    int& last = latest[static_cast<std::size_t>(moves_[b].thread)];
    previous_.push_back(std::exchange(last, static_cast<int>(b)));
    before_[b].resize(b);
    for (std::size_t a = b; a-- > 0;) {
      if (before_[b][a] || (static_cast<int>(a) != previous_[b] && !meet(a, b))) continue;
      before_[b][a] = true;
      for (std::size_t earlier = 0; earlier < a; ++earlier) {
        if (before_[a][earlier]) before_[b][earlier] = true;
      }
    }
  }
  note_pending(world);
}

void Dependence::note_pending(const World& world) {
  for (ThreadId id = 0; id < world.thread_count(); ++id) {
    const Wait& wait = world.thread(id).wait;
    if (world.finished(id) || world.runnable(id) || !wait.holder) continue;
    const ThreadId holder = wait.holder(wait.object);
    const Touch lock{wait.object, 1, Access::write};
    for (std::size_t step = moves_.size(); step-- > 0;) {
      if (moves_[step].thread != holder) continue;
      const Footprint& touched = footprints_[step];
      const auto takes = [&](const Touch& touch) {
        return sim::meet(touch, lock) && touch.access == Access::write;
      };
      if (std::none_of(touched.begin(), touched.end(), takes)) continue;
      pending_.push_back({id, step});
      break;
    }
  }
}

std::vector<Move> Dependence::swapped(const Pending& pending) const {
  for (std::size_t step = pending.taken + 1; step < moves_.size(); ++step) {
    if (moves_[step].thread == pending.thread && before(pending.taken, step)) return {};
  }
  std::vector<Move> order(moves_.begin(), moves_.begin() + static_cast<std::ptrdiff_t>(pending.taken));
  for (std::size_t step = pending.taken + 1; step < moves_.size(); ++step) {
    if (!before(pending.taken, step)) order.push_back(moves_[step]);
  }
  order.push_back({Move::Kind::run, pending.thread, 0});
  return order;
}

bool Dependence::meet(std::size_t a, std::size_t b) const {
  for (const Touch& touched : footprints_[a]) {
    const auto meets = [&](const Touch& other) { return sim::meet(touched, other); };
    if (std::any_of(footprints_[b].begin(), footprints_[b].end(), meets)) return true;
  }
  return false;
}

std::vector<Move> Dependence::swapped(std::size_t first, std::size_t second) const {
  const int last = previous(second);
  const bool needed =
      last >= 0 && static_cast<std::size_t>(last) > first && before(first, static_cast<std::size_t>(last));
  if (needed || move(first).thread == move(second).thread) return {};
  std::vector<Move> order(moves_.begin(), moves_.begin() + static_cast<std::ptrdiff_t>(first));
  for (std::size_t step = first + 1; step < second; ++step) {
    if (!before(first, step)) order.push_back(moves_[step]);
  }
  order.push_back(moves_[second]);
  return order;
}

}  // namespace sim
