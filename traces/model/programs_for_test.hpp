// SPDX-License-Identifier: Apache-2.0
// Programs that tests and benchmarks of the model share.
#pragma once
#include <string>
#include <utility>

#include "model/uffd/abi.hpp"
#include "traces/program.hpp"

namespace traces {

inline Operation on(OperationKind kind, std::string contents = {}) {
  Operation operation{.kind = kind};
  operation.contents = std::move(contents);
  return operation;
}

inline Statement step(int result, Operation operation) { return {.what = Perform{result, std::move(operation)}}; }

// A reader of a missing page, a monitor that answers its fault, and a prefetcher.
inline Program missing_copy() {
  Program program;
  program.name = "missing-copy";
  program.regions.push_back({.name = "x"});
  UffdSetup uffd{.name = "uffd"};
  uffd.registrations.push_back({.mode = UFFDIO_REGISTER_MODE_MISSING});
  program.uffds.push_back(uffd);
  program.threads.push_back({"reader", {"r0"}, {step(0, on(OperationKind::load))}});
  Operation answer = on(OperationKind::copy, "A");
  answer.range.base = RangeExpression::Base::message;
  answer.range.length = RangeExpression::kWholeMessage;
  program.threads.push_back({"monitor", {"f", "r1"}, {step(0, on(OperationKind::read)), step(1, answer)}});
  program.threads.push_back({"prefetcher", {"r2"}, {step(0, on(OperationKind::copy, "B"))}});
  return program;
}

}  // namespace traces
