// SPDX-License-Identifier: Apache-2.0
// How operations of a scenario are told to whoever reads the story of an execution. Not installed.
#pragma once
#include <string>

#include "sim/world.hpp"
#include "uffdsim/range.hpp"

namespace uffdsim::detail {

// The innermost frame of a thread that belongs to the scenario, not to the simulator; null: none does.
const sim::TaskPromise* scenario_frame(const sim::TaskPromise* innermost);
// "monitor.cpp:12"
std::string place_text(const char* file, std::int64_t line);

// Hears of operations, besides what the simulated kernel notes.
class Listener : public sim::Observer {
 public:
  virtual void begins(sim::ThreadId thread, const std::string& operation, const sim::Where& place) = 0;
  virtual void returns(sim::ThreadId thread, const std::string& result) = 0;
};

void tell_begins(const std::string& operation);
void tell_returns(const std::string& result);
// Something that is over at once.
void tell_did(const std::string& what);

// The coroutine that says so is an operation that begins; `text()` names it: "copy x 'A'".
template <class Text>
void begins(Text text) {
  if (sim::observed()) tell_begins(text());
}
// It gives this back.
template <class T>
T returns(const T& result) {
  if (sim::observed()) tell_returns(to_text(result));
  return result;
}

// "x", "r[0..2]"
std::string name_of(Range range);
// "'A'", "zero"
std::string letter_text(char letter);
std::string letters_text(Letters letters);

}  // namespace uffdsim::detail
