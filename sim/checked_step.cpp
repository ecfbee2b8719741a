// SPDX-License-Identifier: Apache-2.0
#include "sim/checked_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/world.hpp"

namespace sim {
namespace {

// The first place at which the two differ, or `after.size()` if `before` is a prefix of it.
std::size_t first_difference(std::span<const std::byte> before, std::span<const std::byte> after) {
  const std::size_t common = std::min(before.size(), after.size());
  const auto at =
      std::mismatch(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(common), after.begin());
  return at.first == before.begin() + static_cast<std::ptrdiff_t>(common)
             ? after.size()
             : static_cast<std::size_t>(at.first - before.begin());
}

// Leaves other bytes where the next step's host frames will lie, so that a step that copies what it never
// wrote is seen to do so.
__attribute__((noinline)) void dirty_the_host_stack(unsigned char with) {
  volatile unsigned char dirt[4096];
  for (volatile unsigned char& byte : dirt) byte = with;
}

}  // namespace

std::optional<Complaint> CheckedStep::make(Arena& arena, Move move) {
  remember(arena);
  const Where& where = current.world->thread(move.thread).innermost->where;
  place_ = fmt::format("{} ({}:{})", where.function, where.file, where.line);
  dirty_the_host_stack(0x00);
  footprint_.clear();
  recording = &footprint_;
  current.world->step(move);
  recording = nullptr;

  for (const Touch& touched : footprint_) {
    if (touched.access == Access::write) accept(arena, touched.object, touched.size);
  }
  accept_engine_state(arena);
  if (auto complaint = undeclared_write(arena, move)) return complaint;
  if (!repeats(arena, move)) {
    return Complaint{
        Finding::Kind::unrepeatable,
        fmt::format("the step from {} does not always lead to the same bytes: it copies something "
                    "that was never written (padding?) or depends on something outside its world",
                    place_)};
  }
  std::string broken = subject_.broken_invariant(*current.world);
  if (!broken.empty()) return Complaint{Finding::Kind::invariant, std::move(broken)};
  return {};
}

void CheckedStep::remember(const Arena& arena) {
  saved_.clear();
  arena.save(saved_);
  objects_.assign(arena.objects().begin(), arena.objects().end());
  for (int id = 0; id < kMaxThreads; ++id) {
    const std::span<const std::byte> frames = arena.frames(id);
    frames_[static_cast<std::size_t>(id)].assign(frames.begin(), frames.end());
  }
}

// Takes over what the step did to these bytes.
void CheckedStep::accept(const Arena& arena, const void* object, std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(object);
  const auto take = [&](std::span<const std::byte> after, std::vector<std::byte>& before) {
    if (bytes < after.data() || bytes >= after.data() + after.size()) return;
    const auto offset = static_cast<std::size_t>(bytes - after.data());
    if (offset >= before.size()) return;
    std::memcpy(before.data() + offset, bytes, std::min(size, before.size() - offset));
  };
  take(arena.objects(), objects_);
  for (int id = 0; id < kMaxThreads; ++id) take(arena.frames(id), frames_[static_cast<std::size_t>(id)]);
}

void CheckedStep::accept_engine_state(const Arena& arena) {
  const World& world = *current.world;
  accept(arena, &world, sizeof world);
  for (ThreadId id = 0; id < world.thread_count(); ++id) accept(arena, &world.thread(id), sizeof(Thread));
}

std::optional<Complaint> CheckedStep::undeclared_write(const Arena& arena, Move move) const {
  const World& world = *current.world;
  const char* who = world.thread(move.thread).name;
  const std::size_t at = first_difference(objects_, arena.objects());
  if (at < arena.objects().size() && at < objects_.size()) {
    return Complaint{
        Finding::Kind::footprint,
        fmt::format("{} changed byte {:#x} of the world in its step from {} without declaring it; {}", who,
                    at, place_, nearest_declared(arena, at))};
  }
  for (ThreadId id = 0; id < world.thread_count(); ++id) {
    if (id == move.thread) continue;
    const auto& before = frames_[static_cast<std::size_t>(id)];
    const std::size_t in_frames = first_difference(before, arena.frames(id));
    if (in_frames == arena.frames(id).size() && before.size() == arena.frames(id).size()) continue;
    return Complaint{
        Finding::Kind::footprint,
        fmt::format("{} changed byte {:#x} of {}'s frames in its step from {} without declaring it", who,
                    in_frames, world.thread(id).name, place_)};
  }
  return {};
}

std::string CheckedStep::nearest_declared(const Arena& arena, std::size_t offset) const {
  const Touch* nearest = nullptr;
  std::size_t best = ~std::size_t{0};
  for (const Touch& touched : footprint_) {
    if (!arena.owns(touched.object)) continue;
    const std::size_t start = arena.offset_of(touched.object);
    const std::size_t distance = offset < start ? start - offset : offset - start;
    if (distance >= best) continue;
    best = distance;
    nearest = &touched;
  }
  if (!nearest) return "the step declared nothing";
  return fmt::format("the nearest that it declared is a {} of {} bytes at {:#x}",
                     nearest->access == Access::write ? "write" : "read", nearest->size,
                     arena.offset_of(nearest->object));
}

bool CheckedStep::repeats(Arena& arena, Move move) {
  const std::uint64_t hash = arena.hash();
  arena.load(saved_);
  World::enter(arena);
  dirty_the_host_stack(0xa5);
  current.world->step(move);
  return arena.hash() == hash;
}

}  // namespace sim
