// SPDX-License-Identifier: Apache-2.0
// AtEnd: what a scenario sees of an execution that can go no further, in its at_end(): claims about it, and
// columns of the outcome table.
#pragma once
#include <memory>
#include <string_view>

#include "uffdsim/value.hpp"

namespace uffdsim {

namespace detail {
struct Ended;
}

class AtEnd {
 public:
  explicit AtEnd(detail::Ended& ended) : ended_(ended) {}

  // In the first process.
  Page page(Range at) const;
  // What a file holds: missing is a hole, unmapped lies beyond its end.
  Page file_page(class File file, std::uint64_t page) const;
  // How a thread ended.
  bool finished(std::string_view thread) const;
  bool killed(std::string_view thread) const;   // with its process
  bool waiting(std::string_view thread) const;  // for what never comes

  void expect(bool holds, const char* text, const char* file = __builtin_FILE(), int line = __builtin_LINE());
  void record(const char* name, Value value);

 private:
  detail::Ended& ended_;
};

}  // namespace uffdsim
