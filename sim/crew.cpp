// SPDX-License-Identifier: Apache-2.0
#include "sim/crew.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>

// ThreadSanitizer cannot see how the TBB library, which is not built with it, hands work from thread to
// thread. So it is told of the edges that TBB promises, and not to report what TBB's own headers do
// (only there: what our code does below them is still reported).
#if defined(__SANITIZE_THREAD__)
#define UFFDSIM_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UFFDSIM_TSAN 1
#endif
#endif
#ifdef UFFDSIM_TSAN
#include <sanitizer/tsan_interface.h>
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race_top:tbb::detail::\n"
         "race_top:/oneapi/tbb/\n"
         "race:tbb::detail::d1::node::node\n"
         "race:tbb::detail::d1::wait_context::wait_context\n"
         "race:tbb::detail::d1::fold_tree\n";
}
#else
#define __tsan_release(edge) static_cast<void>(edge)
#define __tsan_acquire(edge) static_cast<void>(edge)
#endif

namespace sim {
namespace {

char begins;  // from share() to its workers
char ends;    // and back

}  // namespace

struct Crew::Threads {
  explicit Threads(int workers)
      : allowed(tbb::global_control::max_allowed_parallelism,
                std::max(static_cast<std::size_t>(workers),
                         tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism))),
        arena(workers) {}
  tbb::global_control allowed;  // more workers than cores is a wish like any other
  tbb::task_arena arena;
};

Crew::Crew(int workers) : workers_(std::max(workers, 1)) {
  if (workers_ > 1) threads_ = std::make_unique<Threads>(workers_);
}

Crew::~Crew() = default;

void Crew::share(std::size_t items, const std::function<void(int, std::size_t)>& body) {
  const int wanted = static_cast<int>(std::min(static_cast<std::size_t>(workers_), items));
  if (wanted <= 1) {
    for (std::size_t item = 0; item < items; ++item) body(0, item);
    return;
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&](int worker) {
    __tsan_acquire(&begins);
    for (std::size_t item = next++; item < items; item = next++) body(worker, item);
    __tsan_release(&ends);
  };
  __tsan_release(&begins);
  threads_->arena.execute([&] { tbb::parallel_for(0, wanted, work, tbb::simple_partitioner()); });
  __tsan_acquire(&ends);
}

}  // namespace sim
