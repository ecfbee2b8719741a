// SPDX-License-Identifier: Apache-2.0
// Processes that share a job of the fuzzer. Processes, because each has a program's process below it, and
// because one that dies takes only its batch along.
#pragma once
#include <functional>
#include <list>
#include <string>

#include "proptests/fuzz.hpp"

namespace proptests {

// Called with reports as they arrive, and often enough without one (null); false from it ends the work.
using OnFuzzReport = std::function<bool(const FuzzReport*)>;

class FuzzCrew {
 public:
  // Forks so many processes, which begin at once; made before this process has threads. Throws
  // std::system_error.
  FuzzCrew(const FuzzJob& job, std::uint64_t members);
  ~FuzzCrew();  // ends those that still work
  FuzzCrew(const FuzzCrew&) = delete;
  FuzzCrew& operator=(const FuzzCrew&) = delete;

  // Waits until all is done. -> why the job was not; empty if it was.
  std::string wait(const OnFuzzReport& report);

 private:
  class Member;
  bool listen(const OnFuzzReport& report);
  bool all_done() const;

  std::list<Member> members_;
};

}  // namespace proptests
