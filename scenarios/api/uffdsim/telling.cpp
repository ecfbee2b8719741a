// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/telling.hpp"

#include "uffdsim/shared.hpp"
#include "uffdsim/world.hpp"

namespace uffdsim::detail {
namespace {

Listener* listener() { return dynamic_cast<Listener*>(sim::current.observer); }

// Where the scenario called the coroutine that runs.
const sim::Where& place_of_call() {
  const sim::TaskPromise* running = sim::current.innermost;
  return (running->caller ? running->caller : running)->where;
}

}  // namespace

void tell_begins(const std::string& operation) {
  if (Listener* to = listener()) to->begins(sim::current.thread, operation, place_of_call());
}

void tell_returns(const std::string& result) {
  if (Listener* to = listener()) to->returns(sim::current.thread, result);
}

void tell_did(const std::string& what) {
  if (Listener* to = listener()) to->begins(sim::current.thread, what, place_of_call());
  tell_returns("");
}

bool is_observed() { return sim::observed(); }

void tell_shared(const char* what, const std::string& value) {
  tell_did(std::string(what).append(" ").append(value));
}

std::string name_of(Range range) {
  const traces::Layout& layout = this_program().prepared->layout;
  return layout.name_of(model::AddrRange{{range.start}, {range.end()}});
}

std::string letter_text(char letter) {
  return letter == '\0' ? std::string("zero") : std::string("'").append(1, letter).append("'");
}

std::string letters_text(Letters letters) {
  if (letters.size() == 1) return letter_text(letters.data()[0]);
  return std::string("'").append(letters.data(), letters.size()).append("'");
}

}  // namespace uffdsim::detail
