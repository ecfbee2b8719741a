// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "model/kernels/kernel.hpp"

namespace model {
namespace {

constexpr const Kernel* kKernels[] = {&linux_6_1, &linux_6_12, &linux_6_18, &linux_7_3};

}  // namespace

std::span<const Kernel* const> kernels() { return kKernels; }

const Kernel& default_kernel() { return linux_6_18; }

const Kernel* find_kernel(const char* name) {
  for (const Kernel* kernel : kKernels) {
    if (std::strcmp(kernel->name, name) == 0) return kernel;
  }
  return nullptr;
}

}  // namespace model
