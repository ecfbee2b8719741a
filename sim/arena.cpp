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
// that a number in a world is never taken for a pointer.
std::byte* reserve(std::size_t size) {
  static std::atomic<std::uint64_t> next{0x7e90'0000'0000};
  const std::uint64_t hint = next.fetch_add(rounded(size, std::size_t{1} << 30));
  void* memory = mmap(reinterpret_cast<void*>(hint), size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  SIM_ASSERT(memory != MAP_FAILED);
  return static_cast<std::byte*>(memory);
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
  std::uint64_t hash = 0x9e37'79b9'7f4a'7c15;
  const auto mix = [&](const std::byte* bytes, std::size_t size) {
    for (std::size_t i = 0; i + 8 <= size; i += 8) {
      std::uint64_t word = word_at(bytes + i);
      if (word - base < capacity) word -= base;
      hash = (hash ^ word) * 0xff51'afd7'ed55'8ccd;
      hash ^= hash >> 32;
    }
    hash = (hash ^ size) * 0xc4ce'b9fe'1a85'ec53;
  };
  mix(base_, header_.objects_used);
  for (int i = 0; i < kMaxThreads; ++i) mix(stack(i), header_.stack_used[static_cast<std::size_t>(i)]);
  return hash ^ (hash >> 29);
}

}  // namespace sim
