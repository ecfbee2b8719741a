// SPDX-License-Identifier: Apache-2.0
// Crew: a number of host threads that share out work.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>

namespace sim {

class Crew {
 public:
  explicit Crew(int workers);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  int size() const { return workers_; }
  // Calls body(worker, item) once for each item below `items`, in no particular order, at most one call at
  // a time for each worker in 0 .. size()-1. Returns when all are done.
  void share(std::size_t items, const std::function<void(int worker, std::size_t item)>& body);

 private:
  struct Threads;
  int workers_;
  std::unique_ptr<Threads> threads_;  // none for a crew of one
};

}  // namespace sim
