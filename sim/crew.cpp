// SPDX-License-Identifier: Apache-2.0
#include "sim/crew.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>

namespace sim {

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
  threads_->arena.execute([&] {
    tbb::parallel_for(
        0, wanted,
        [&](int worker) {
          for (std::size_t item = next++; item < items; item = next++) body(worker, item);
        },
        tbb::simple_partitioner());
  });
}

}  // namespace sim
