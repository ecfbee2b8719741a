// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/telling.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "uffdsim/shared.hpp"
#include "uffdsim/world.hpp"

namespace uffdsim::detail {
namespace {

Listener* listener() { return dynamic_cast<Listener*>(sim::current.observer); }

// The simulator's own files are compiled by names that begin with their folder; tests among them are
// scenarios. Templates of the interface are compiled with the scenario, wherever they were installed.
bool is_own_file(std::string_view file) {
  constexpr std::string_view kFolders[] = {"sim/", "model/", "traces/", "scenarios/api/uffdsim/"};
  constexpr std::string_view kTemplates[] = {"/uffdsim/shared.hpp", "/uffdsim/queue.hpp"};
  if (file.empty()) return true;  // it has just begun, and only operations are asked then
  if (file.ends_with("_test.cpp")) return false;
  return std::any_of(std::begin(kFolders), std::end(kFolders),
                     [&](std::string_view folder) { return file.starts_with(folder); }) ||
         std::any_of(std::begin(kTemplates), std::end(kTemplates),
                     [&](std::string_view name) { return file.ends_with(name); });
}

// Where the scenario is.
sim::Where place() {
  const sim::TaskPromise* frame = scenario_frame(sim::current.innermost);
  return frame ? frame->where : sim::Where{};
}

}  // namespace

const sim::TaskPromise* scenario_frame(const sim::TaskPromise* innermost) {
  while (innermost && is_own_file(innermost->where.file)) innermost = innermost->caller;
  return innermost;
}

std::string place_text(const char* file, std::int64_t line) {
  const std::string_view path = file;
  const std::size_t slash = path.find_last_of('/');
  return fmt::format("{}:{}", slash == std::string_view::npos ? path : path.substr(slash + 1), line);
}

void tell_begins(const std::string& operation) {
  if (Listener* to = listener()) to->begins(sim::current.thread, operation, place());
}

void tell_returns(const std::string& result) {
  if (Listener* to = listener()) to->returns(sim::current.thread, result);
}

void tell_did(const std::string& what) {
  if (Listener* to = listener()) to->begins(sim::current.thread, what, place());
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
