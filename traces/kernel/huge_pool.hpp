// SPDX-License-Identifier: Apache-2.0
// The machine's pool of huge pages, while a program runs: it has as many as the program wants, all of them
// free and none promised. A kernel may have lost count of its promises (HugePages_Rsvd below
// zero; see docs/limits.md): that is made up for while the program runs. Source:
// Documentation/admin-guide/mm/hugetlbpage.rst.
#pragma once
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "traces/program.hpp"

namespace traces {

// A machine that cannot run a program, through no fault of the program's: the reason, and what would help.
struct Unavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class HugePool {
 public:
  // Nothing for a program without huge pages. Waits for other programs that have the pool. Throws Unavailable
  // where it cannot be had.
  explicit HugePool(const Program& program);
  ~HugePool();  // puts the size back that it found
  // Waits, though not for ever, until it has as many again: a process that was killed may die a little later.
  void await_return() const;
  HugePool(const HugePool&) = delete;
  HugePool& operator=(const HugePool&) = delete;

 private:
  struct Promise {
    void* start;
    std::size_t bytes;
  };
  void square_accounts();
  void put_back();

  int lock_ = -1;
  std::int64_t before_ = 0, wanted_ = 0;
  std::vector<Promise> promises_;
};

}  // namespace traces
