// SPDX-License-Identifier: Apache-2.0
// Performer: one thread of the process under test. It makes one call after the other to the kernel and
// says what came back.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <memory>

#include "traces/kernel/board.hpp"
#include "traces/kernel/call.hpp"
#include "traces/kernel/mutexes.hpp"
#include "traces/kernel/pipe.hpp"
#include "traces/kernel/process_view.hpp"
#include "traces/kernel/uffd_calls.hpp"

namespace traces {

// What the performers of one process share.
struct Subject {
  Board& board;
  Mutexes& mutexes;
  const ProcessView& view;  // of the process itself
  Descriptors& descriptors;
};

class Performer {
 public:
  explicit Performer(Subject subject);
  // Any call but fork, which is for whoever lives the threads' lives: see fork_subject().
  Value perform(const Call& call);

  const Subject& subject() const { return subject_; }

 private:
  int descriptor(const Call& call) const { return subject_.descriptors[call.uffd]; }
  Value store(const Call& call);
  Value copy(const Call& call);
  Value counts(const Call& call) const;
  std::uint64_t staged_source(const Call& call);

  Subject subject_;
  Pipe pipe_;
  LeftMessages left_;
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<char, Free> source_;  // resident bytes for copies: grows to the largest
  std::size_t source_pages_ = 0;
};

}  // namespace traces
