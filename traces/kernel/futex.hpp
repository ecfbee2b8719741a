// SPDX-License-Identifier: Apache-2.0
// A word that threads of several processes wait on: futex(2) in its shared form.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>

namespace traces {

using FutexWord = std::atomic<std::uint32_t>;
static_assert(sizeof(FutexWord) == sizeof(std::uint32_t) && FutexWord::is_always_lock_free);

// Sleeps while `word` is `seen`; returns early for any reason, so the caller asks again.
void futex_wait(const FutexWord& word, std::uint32_t seen);
void futex_wait_for(const FutexWord& word, std::uint32_t seen, std::chrono::nanoseconds limit);
void futex_wake_all(const FutexWord& word);

}  // namespace traces
