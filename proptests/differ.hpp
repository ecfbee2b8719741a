// SPDX-License-Identifier: Apache-2.0
// The differ: generated sequences on two machines at a time, every answer compared.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "proptests/generate_sequence.hpp"
#include "proptests/tally.hpp"

namespace proptests {

// A machine made ready for a program; the last one it was made ready for may be gone.
class MachineSource {
 public:
  virtual ~MachineSource() = default;
  virtual traces::Machine& ready_for(const traces::Program& program) = 0;
};

// Makes a new M for each program.
template <class M>
class FreshMachines final : public MachineSource {
 public:
  using Make = std::function<std::unique_ptr<M>(const traces::Program&)>;
  explicit FreshMachines(Make make) : make_(std::move(make)) {}
  traces::Machine& ready_for(const traces::Program& program) override {
    machine_ = make_(program);
    return *machine_;
  }

 private:
  Make make_;
  std::unique_ptr<M> machine_;
};

class Differ {
 public:
  Differ(MachineSource& left, MachineSource& right) : left_(left), right_(right) {}

  // Runs the sequence on both; empty if they agree, else a report of the shortest sequence on which they do
  // not.
  std::string compare(const Sequence& sequence);
  // The same for the number-th sequence of a seed.
  std::string compare_generated(std::uint64_t seed, std::uint64_t number, const SequenceShape& shape);

  const Tally& tally() const { return tally_; }  // of the left machine's answers
  std::uint64_t programs() const { return programs_; }
  std::uint64_t whole() const {
    return whole_;
  }  // programs of which at least kLeastSteps steps were performed

 private:
  bool diverges(const Sequence& sequence);

  MachineSource& left_;
  MachineSource& right_;
  Tally tally_;
  std::uint64_t programs_ = 0;
  std::uint64_t whole_ = 0;
};

}  // namespace proptests
