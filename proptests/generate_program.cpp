// SPDX-License-Identifier: Apache-2.0
#include "proptests/generate_program.hpp"

#include <fmt/format.h>

#include "proptests/generate_operation.hpp"
#include "proptests/generate_setup.hpp"

namespace proptests {
namespace {

using traces::OperationKind;

class Maker {
 public:
  Maker(Draw& draw, const ProgramShape& shape) : draw_(draw), shape_(shape) {}

  traces::Program make() {
    program_ = generate_setup(
        draw_,
        {.most_regions = 2, .most_pages = 2, .most_uffds = 2, .faults = SetupShape::Faults::mostly_reported});
    const std::uint32_t threads = draw_.between(2, shape_.most_threads);
    for (std::uint32_t i = 0; i < threads; ++i) add_thread(i == 0 ? "app" : i == 1 ? "monitor" : "other");
    return program_;
  }

 private:
  void add_thread(const char* name) {
    traces::ThreadProgram thread{.name = name};
    OperationMaker operations(draw_, program_, 0);
    std::optional<std::uint8_t> message;
    for (std::uint32_t n = draw_.between(1, shape_.most_operations); n > 0; --n) {
      const bool monitor = thread.name == "monitor" || (thread.name == "other" && draw_.one_in(2));
      traces::Operation operation = monitor ? operations.of_monitor(message) : operations.of_app();
      // Opening a descriptor over an open one leaves one behind that nobody can name.
      const bool reopens = operation.kind == OperationKind::userfaultfd &&
                           program_.uffds[operation.uffd].prepared != traces::UffdSetup::Prepared::nothing;
      if (reopens) operation.kind = OperationKind::fdinfo, operation.flags = 0;
      if (n == 1 && draw_.one_in(32)) operation = {.kind = OperationKind::exit};
      add(thread, operation, message);
    }
    program_.threads.push_back(std::move(thread));
  }

  void add(traces::ThreadProgram& thread, const traces::Operation& operation,
           std::optional<std::uint8_t>& message) {
    traces::Perform perform{.operation = operation};
    const auto reg = static_cast<std::uint8_t>(thread.registers.size());
    if (operation.kind != OperationKind::exit) {
      perform.result = reg;
      thread.registers.push_back(fmt::format("r{}", reg));
    }
    if (operation.kind == OperationKind::read) message = reg;
    if (operation.kind != OperationKind::copy || !draw_.one_in(6)) {
      thread.body.push_back({.what = perform});
      return;
    }
    // As monitors do it: again, while the layout is changing.
    traces::RepeatUntil loop{.body = {{.what = perform}}};
    loop.until.reg = reg;
    loop.until.test = traces::Condition::Test::is_not;
    loop.until.pattern = traces::Value::of(model::Errno::again);
    thread.body.push_back({.what = loop});
  }

  Draw& draw_;
  const ProgramShape shape_;
  traces::Program program_;
};

}  // namespace

traces::Program generate_program(Draw& draw, const ProgramShape& shape) { return Maker(draw, shape).make(); }

}  // namespace proptests
