// SPDX-License-Identifier: Apache-2.0
// Lock classes and the order between them, as lockdep sees it: not single locks but kinds of lock.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace sim {

enum class Sleeps : std::uint8_t { no, yes };  // may its holder sleep?
enum class Nests : std::uint8_t { no, yes };   // may two locks of the class be held at once?

// Defined once, as a constant with static storage. `id` is unique in a program, below LockOrder::kClasses.
struct LockClass {
  const char* name;
  std::uint8_t id;
  Sleeps sleeps = Sleeps::no;
  Nests nests = Nests::no;
};

// What every lock begins with.
class AnyLock {
 public:
  explicit AnyLock(const LockClass& lock_class) : class_(&lock_class) {}
  const LockClass& lock_class() const { return *class_; }

 private:
  const LockClass* class_;
};

// Which class was ever taken while which other was held. Shared by all workers of an exploration; only
// grows, so what it says in the end does not depend on who saw what first.
class LockOrder {
 public:
  static constexpr std::size_t kClasses = 64;
  void taken(const LockClass& outer, const LockClass& inner);
  // A cycle in the order, told as "a → b → a", or empty.
  std::string inversion() const;

 private:
  std::array<std::atomic<std::uint64_t>, kClasses> inner_{};
  std::array<std::atomic<const char*>, kClasses> names_{};
};

// Where the world being run reports; null: nobody watches.
inline constinit thread_local LockOrder* lock_order = nullptr;

}  // namespace sim
