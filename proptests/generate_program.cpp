// SPDX-License-Identifier: Apache-2.0
#include "proptests/generate_program.hpp"

#include <fmt/format.h>

#include <optional>

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
    if (draw_.one_in(3)) prepare_fork(draw_.below(threads));
    for (std::uint32_t i = 0; i < threads; ++i) add_thread(i == 0 ? "app" : i == 1 ? "monitor" : "other", i);
    return program_;
  }

 private:
  // Thread number `parent` forks. A name waits for the child's descriptor, if one will be told of it.
  void prepare_fork(std::uint32_t parent) {
    parent_ = parent;
    for (traces::UffdSetup& uffd : program_.uffds) {
      const bool possible = uffd.prepared == traces::UffdSetup::Prepared::handshake &&
                            program_.privilege == traces::Privilege::root;
      if (possible && draw_.one_in(2)) uffd.features |= UFFD_FEATURE_EVENT_FORK;
    }
    forked_ = static_cast<std::uint8_t>(program_.uffds.size());
    program_.uffds.push_back({.name = "forked", .prepared = traces::UffdSetup::Prepared::nothing});
  }

  void add_thread(const char* name, std::uint32_t number) {
    const std::size_t index = program_.threads.size();
    program_.threads.push_back({.name = name});
    if (number != parent_) {
      program_.threads[index] = operations_of(name, std::nullopt);
      return;
    }
    program_.threads.push_back(operations_of("child", std::nullopt));
    program_.threads.back().parent = static_cast<int>(index);
    program_.threads[index] = operations_of(name, static_cast<std::uint8_t>(index + 1));
  }

  // `child`: the thread that is forked at some place among them.
  traces::ThreadProgram operations_of(const char* name, std::optional<std::uint8_t> child) {
    traces::ThreadProgram thread{.name = name};
    OperationMaker operations(draw_, program_, 0);
    std::optional<std::uint8_t> message;
    const std::uint32_t count = draw_.between(1, shape_.most_operations);
    const std::uint32_t fork_before = draw_.between(1, count);
    for (std::uint32_t n = count; n > 0; --n) {
      if (child && n == fork_before) {
        traces::Operation fork{.kind = OperationKind::fork};
        fork.child = *child;
        add(thread, fork, message);
      }
      const bool monitor = thread.name == "monitor" || (thread.name == "other" && draw_.one_in(2));
      traces::Operation operation = monitor ? operations.of_monitor(message) : operations.of_app();
      // Opening a descriptor over an open one leaves one behind that nobody can name.
      const bool reopens = operation.kind == OperationKind::userfaultfd &&
                           program_.uffds[operation.uffd].prepared != traces::UffdSetup::Prepared::nothing;
      const bool hides = operation.kind == OperationKind::dup &&
                         program_.uffds[operation.opens].prepared != traces::UffdSetup::Prepared::nothing;
      if (hides) operation.opens = traces::Operation::kOpensNothing;
      if (reopens || hides) operation.kind = OperationKind::fdinfo, operation.flags = 0;
      if (n == 1 && draw_.one_in(32)) operation = {.kind = OperationKind::exit};
      if (operation.kind == OperationKind::read && forked_ && draw_.one_in(2)) operation.opens = *forked_;
      add(thread, operation, message);
    }
    return thread;
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
  std::optional<std::uint32_t> parent_;  // the thread that forks, if one does
  std::optional<std::uint8_t> forked_;   // the userfaultfd that the child's descriptor is named
};

}  // namespace

traces::Program generate_program(Draw& draw, const ProgramShape& shape) { return Maker(draw, shape).make(); }

}  // namespace proptests
