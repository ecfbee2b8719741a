// SPDX-License-Identifier: Apache-2.0
#include "model/uffd/abi.hpp"
#include "proptests/generate_operation.hpp"

namespace proptests {
namespace {

using traces::Operation;
using Kind = traces::OperationKind;

}  // namespace

// Where some userfaultfd has RWP: the kernels it is for know its ioctls.
bool OperationMaker::has_rwp() const {
  for (const traces::UffdSetup& uffd : program_.uffds) {
    if (uffd.features & model::abi::kFeatureRwp) return true;
  }
  return false;
}

// What a userfaultfd with RWP is used for besides.
Operation OperationMaker::of_rwp(std::optional<std::uint8_t> message) {
  Operation operation = fill(draw_.one_in(6) ? Kind::set_mode : Kind::rwprotect, message);
  if (!draw_.one_in(4)) return operation;
  operation = fill(draw_.one_in(2) ? Kind::register_ : Kind::scan, message);
  if (operation.kind == Kind::register_) {
    operation.mode = draw_.one_of<std::uint64_t>({8, 8, 9, 9, 10, 12, 1, 2});
    return operation;
  }
  if (!draw_.one_in(4)) aim_at_registered(operation, model::abi::kRegisterModeRwp);
  operation.mode = draw_.one_in(8) ? model::abi::kPmScanWpMatching : 0;
  operation.scan.required = draw_.one_in(3) ? model::abi::kPageIsPresent : model::abi::kPageIsAccessed;
  operation.scan.any_of = 0;
  operation.scan.inverted = draw_.one_in(3) ? model::abi::kPageIsAccessed : std::uint16_t{0};
  operation.scan.gives = model::abi::kPageIsAccessed | model::abi::kPageIsPresent;
  return operation;
}

}  // namespace proptests
