// SPDX-License-Identifier: Apache-2.0
// explore(): every execution of a scenario. replay(): one.
#pragma once
#include <memory>
#include <string_view>
#include <type_traits>

#include "uffdsim/at_end.hpp"
#include "uffdsim/options.hpp"
#include "uffdsim/report.hpp"
#include "uffdsim/setup.hpp"

namespace uffdsim {

// A scenario and what its setup() said, ready to run. Any number of explorations may share it.
template <class S>
class Scenario {
  static_assert(std::is_trivially_copyable_v<S> && std::is_trivially_destructible_v<S>,
                "a scenario is copied into every simulated world as bytes: its members must be trivially "
                "copyable, so no "
                "std::string, no container, no virtual function");
  static_assert(
      requires(S scenario, Setup& setup) { scenario.setup(setup); },
      "a scenario says what it begins with in `void setup(uffdsim::Setup& setup)`");

 public:
  explicit Scenario(S scenario);
  const detail::Description& description() const { return *description_; }

 private:
  std::shared_ptr<detail::Description> description_;
};

namespace detail {
void finish(Description& description, const void* scenario, std::size_t size, std::size_t alignment,
            std::function<void(const void* scenario, AtEnd& end)> at_end);
Report explore(const Description& description, const Options& options);
Replayed replay(const Description& description, std::string_view schedule, const Options& options);
}  // namespace detail

template <class S>
Scenario<S>::Scenario(S scenario) {
  Setup setup;
  scenario.setup(setup);
  description_ = setup.description_;
  std::function<void(const void*, AtEnd&)> at_end;
  if constexpr (requires(const S& ended, AtEnd& end) { ended.at_end(end); }) {
    at_end = [](const void* ended, AtEnd& end) { static_cast<const S*>(ended)->at_end(end); };
  }
  detail::finish(*description_, &scenario, sizeof scenario, alignof(S), std::move(at_end));
}

// Explores every execution of the scenario, or a sample of them. Where something is wrong with the scenario
// itself, the report's only failure says what.
template <class S>
Report explore(const S& scenario, const Options& options = {}) {
  return detail::explore(Scenario<S>(scenario).description(), options);
}

// Follows a schedule of a report, on the same kernel, and tells what happens.
template <class S>
Replayed replay(const S& scenario, std::string_view schedule, const Options& options = {}) {
  return detail::replay(Scenario<S>(scenario).description(), schedule, options);
}

}  // namespace uffdsim
