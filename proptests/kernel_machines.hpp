// SPDX-License-Identifier: Apache-2.0
// Machines for the differ: the model of a kernel, and the kernel of this machine.
#pragma once
#include <optional>

#include "model/kernels/kernel.hpp"
#include "proptests/differ.hpp"
#include "traces/kernel/kernel_machine.hpp"
#include "traces/model/machine.hpp"

namespace proptests {

inline FreshMachines<traces::ModelMachine> models(const model::Kernel& kernel) {
  return FreshMachines<traces::ModelMachine>([&kernel](const traces::Program& program) {
    return std::make_unique<traces::ModelMachine>(program, kernel);
  });
}

// One process, prepared anew for each program.
class KernelMachines final : public MachineSource {
 public:
  traces::Machine& ready_for(const traces::Program& program) override {
    if (machine_) {
      machine_->reset(program);
    } else {
      machine_.emplace(program);
    }
    return *machine_;
  }

 private:
  std::optional<traces::KernelMachine> machine_;
};

}  // namespace proptests
