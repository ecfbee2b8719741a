// SPDX-License-Identifier: Apache-2.0
#include "sim/arena.hpp"

#include <sys/mman.h>

#include <atomic>
#include <cstring>

#include "sim/assert.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define UFFDSIM_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UFFDSIM_ASAN 1
#endif
#endif
#ifdef UFFDSIM_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#endif

namespace sim {
namespace {

constexpr std::size_t kFrameAlignment = 16;

std::size_t rounded(std::size_t size, std::size_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

// Far from every address that a simulated program, the host's heap or the sanitizers' shadows use, so
// that a number in a world is never taken for a pointer. Places are used again once they are free.
std::byte* reserve(std::size_t size) {
  constexpr std::uint64_t kFirst = 0x7e90'0000'0000;
  constexpr std::uint64_t kPlace = std::uint64_t{1} << 30;
  constexpr std::uint64_t kPlaces = 1024;
  static std::atomic<std::uint64_t> next{0};
  for (std::uint64_t tries = 0; tries < kPlaces; ++tries) {
    const std::uint64_t at = kFirst + next.fetch_add(1, std::memory_order_relaxed) % kPlaces * kPlace;
    void* memory = mmap(reinterpret_cast<void*>(at), size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (memory == reinterpret_cast<void*>(at)) return static_cast<std::byte*>(memory);
    if (memory != MAP_FAILED) munmap(memory, size);  // a kernel older than MAP_FIXED_NOREPLACE
  }
  simulator_is_wrong("no address space for another arena", __FILE__, __LINE__);
}

std::uint64_t word_at(const std::byte* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

Arena::Arena(Size size) : size_(size) {
  capacity_ = size.objects + kMaxThreads * size.stack;
  base_ = reserve(capacity_);
  header_.base = reinterpret_cast<std::uint64_t>(base_);
  poison_unused();
}

Arena::~Arena() {
  ASAN_UNPOISON_MEMORY_REGION(base_, capacity_);
  munmap(base_, capacity_);
}

void Arena::poison_unused() const {
  for (int i = 0; i < kMaxThreads; ++i) {
    const std::size_t in_use = header_.stack_used[static_cast<std::size_t>(i)];
    ASAN_UNPOISON_MEMORY_REGION(stack(i), in_use);
    ASAN_POISON_MEMORY_REGION(stack(i) + in_use, size_.stack - in_use);
  }
}

void Arena::clear() {
  std::memset(base_, 0, header_.objects_used);
  for (int i = 0; i < kMaxThreads; ++i) {
    std::memset(stack(i), 0, header_.stack_used[static_cast<std::size_t>(i)]);
  }
  header_.objects_used = 0;
  header_.stack_used = {};
  poison_unused();
}

void* Arena::allocate(std::size_t size, std::size_t alignment) {
  const std::size_t at = rounded(header_.objects_used, alignment);
  SIM_ASSERT(at + size <= size_.objects);
  header_.objects_used = static_cast<std::uint32_t>(rounded(at + size, 8));
  return base_ + at;
}

void* Arena::push_frame(int thread, std::size_t size) {
  std::uint32_t& used = header_.stack_used[static_cast<std::size_t>(thread)];
  size = rounded(size, kFrameAlignment);
  SIM_ASSERT(used + size <= size_.stack);
  std::byte* frame = stack(thread) + used;
  used += static_cast<std::uint32_t>(size);
  ASAN_UNPOISON_MEMORY_REGION(frame, size);
  return frame;
}

void Arena::pop_frame(int thread, void* frame, std::size_t size) {
  std::uint32_t& used = header_.stack_used[static_cast<std::size_t>(thread)];
  size = rounded(size, kFrameAlignment);
  SIM_ASSERT(frame == stack(thread) + used - size);
  used -= static_cast<std::uint32_t>(size);
  std::memset(frame, 0, size);  // a dead frame must not tell two equal worlds apart
  ASAN_POISON_MEMORY_REGION(frame, size);
}

void Arena::drop_frames(int thread) {
  std::uint32_t& used = header_.stack_used[static_cast<std::size_t>(thread)];
  std::memset(stack(thread), 0, used);
  ASAN_POISON_MEMORY_REGION(stack(thread), used);
  used = 0;
}

std::size_t Arena::used() const {
  std::size_t total = header_.objects_used;
  for (std::uint32_t used : header_.stack_used) total += used;
  return total;
}

void Arena::save(std::vector<std::byte>& out) const {
  const std::size_t start = out.size();
  out.resize(start + sizeof header_ + used());
  std::byte* at = out.data() + start;
  std::memcpy(at, &header_, sizeof header_);
  at += sizeof header_;
  std::memcpy(at, base_, header_.objects_used);
  at += header_.objects_used;
  for (int i = 0; i < kMaxThreads; ++i) {
    const std::size_t size = header_.stack_used[static_cast<std::size_t>(i)];
    std::memcpy(at, stack(i), size);
    at += size;
  }
}

void Arena::load(std::span<const std::byte> saved) {
  const Header before = header_;
  const std::byte* at = saved.data();
  std::memcpy(&header_, at, sizeof header_);
  at += sizeof header_;
  const std::uint64_t from = header_.base;
  header_.base = before.base;
  poison_unused();
  const auto restore = [&](std::byte* to, std::size_t size, std::size_t size_before) {
    std::memcpy(to, at, size);
    at += size;
    if (from != header_.base) relocate(to, size, from);
    if (size_before > size) {
      ASAN_UNPOISON_MEMORY_REGION(to + size, size_before - size);
      std::memset(to + size, 0, size_before - size);
    }
  };
  restore(base_, header_.objects_used, before.objects_used);
  for (int i = 0; i < kMaxThreads; ++i) {
    const auto n = static_cast<std::size_t>(i);
    restore(stack(i), header_.stack_used[n], before.stack_used[n]);
  }
  poison_unused();
}

void Arena::relocate(std::byte* bytes, std::size_t size, std::uint64_t from) const {
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    const std::uint64_t word = word_at(bytes + i);
    if (word - from >= capacity_) continue;
    const std::uint64_t moved = word - from + header_.base;
    std::memcpy(bytes + i, &moved, sizeof moved);
  }
}

std::uint64_t Arena::hash() const {
  const std::uint64_t base = header_.base;
  const std::uint64_t capacity = capacity_;
  const auto word = [&](const std::byte* at) {
    const std::uint64_t value = word_at(at);
    return value - base < capacity ? value - base : value;
  };
  const auto stir = [](std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0xff51'afd7'ed55'8ccd;
    return hash ^ (hash >> 32);
  };
  // Four hashes side by side, because each has to wait for its own multiplication.
  std::array<std::uint64_t, 4> lanes{0x9e37'79b9'7f4a'7c15, 0xc2b2'ae3d'27d4'eb4f, 0x1656'67b1'9e37'79f9,
                                     0x2545'f491'4f6c'dd1d};
  const auto mix = [&](const std::byte* bytes, std::size_t size) {
    std::size_t i = 0;
    for (; i + 32 <= size; i += 32) {
      for (std::size_t lane = 0; lane < 4; ++lane) lanes[lane] = stir(lanes[lane], word(bytes + i + lane * 8));
    }
    for (; i + 8 <= size; i += 8) lanes[0] = stir(lanes[0], word(bytes + i));
    lanes[1] = stir(lanes[1], size);
  };
  mix(base_, header_.objects_used);
  for (int i = 0; i < kMaxThreads; ++i) mix(stack(i), header_.stack_used[static_cast<std::size_t>(i)]);
  std::uint64_t hash = lanes[0];
  for (std::size_t lane = 1; lane < 4; ++lane) hash = stir(hash * 0xc4ce'b9fe'1a85'ec53, lanes[lane]);
  return hash ^ (hash >> 29);
}

}  // namespace sim
