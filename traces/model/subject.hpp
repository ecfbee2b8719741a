// SPDX-License-Identifier: Apache-2.0
// ModelSubject: a program on the simulated kernel, as the engine explores it.
#pragma once
#include <functional>
#include <string>

#include "model/invariants/invariant.hpp"
#include "sim/subject.hpp"
#include "traces/model/world.hpp"

namespace traces {

class ModelSubject : public sim::Subject {
 public:
  // Turns an ending into the text by which outcomes are told apart.
  using Name = std::function<std::string(const FinalState&)>;

  ModelSubject(const Program& program, const model::Kernel& kernel, Name name)
      : prepared_(program, kernel), name_(std::move(name)) {}

  sim::Arena::Size arena_size() const override { return prepared_.arena_size(); }
  void boot(sim::Arena& arena) const override { traces::boot(prepared_, arena); }
  std::string outcome(const sim::World& world, std::uint8_t spinning) const override {
    return name_(final_state(world, spinning));
  }
  std::string broken_invariant(const sim::World& world) const override {
    return model::broken_invariant(*program_world(world).machine);
  }

  const PreparedProgram& prepared() const { return prepared_; }

 private:
  PreparedProgram prepared_;
  Name name_;
};

}  // namespace traces
