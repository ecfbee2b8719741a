// SPDX-License-Identifier: Apache-2.0
#include "traces/model/subject.hpp"

#include <gtest/gtest.h>

#include <set>
#include <unordered_set>

#include "model/uffd/abi.hpp"

namespace traces {
namespace {

Operation on(OperationKind kind, std::string contents = {}) {
  Operation operation{.kind = kind};
  operation.contents = std::move(contents);
  return operation;
}

Statement step(int result, Operation operation) { return {.what = Perform{result, std::move(operation)}}; }

// A reader of a missing page, a monitor that answers its fault, and a prefetcher.
Program missing_copy() {
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

// A word for every register, in order.
std::string words(const FinalState& state) {
  std::string text;
  for (const FinalState::Thread& thread : state.threads) {
    for (const Value& value : thread.registers) {
      if (value.kind == ValueKind::content) {
        text += static_cast<char>(value.small);
      } else if (value.kind == ValueKind::unset) {
        text += '?';
      } else {
        text += std::string(model::to_text(value.error));
      }
      text += ' ';
    }
  }
  return text;
}

// Every world once, depth first.
std::set<std::string> outcomes(const sim::Subject& subject, std::size_t& worlds) {
  sim::Arena arena;
  subject.boot(arena);
  std::unordered_set<std::uint64_t> visited;
  std::set<std::string> found;
  std::vector<std::vector<std::byte>> stack(1);
  arena.save(stack.back());
  std::vector<sim::Move> moves;
  while (!stack.empty()) {
    const std::vector<std::byte> saved = std::move(stack.back());
    stack.pop_back();
    arena.load(saved);
    sim::World* world = &sim::World::enter(arena);
    if (!visited.insert(arena.hash()).second) continue;
    world->moves(moves);
    if (moves.empty()) found.insert(subject.outcome(*world, 0));
    const std::vector<sim::Move> possible = moves;
    for (const sim::Move& move : possible) {
      arena.load(saved);
      sim::World::enter(arena).step(move);
      arena.save(stack.emplace_back());
    }
  }
  worlds = visited.size();
  return found;
}

TEST(ModelSubject, MissingCopyHasThreeOutcomesOnEveryKernel) {
  for (const model::Kernel* kernel : model::kernels()) {
    const ModelSubject subject(missing_copy(), *kernel, words);
    EXPECT_EQ(setup_failure(subject.prepared()), "");
    std::size_t worlds = 0;
    const std::set<std::string> found = outcomes(subject, worlds);
    const std::set<std::string> expected{"A ok ok EEXIST ", "B ok EEXIST ok ", "B ? ? ok "};
    EXPECT_EQ(found, expected) << kernel->name;
    std::printf("%s: %zu worlds\n", kernel->name, worlds);
  }
}

}  // namespace
}  // namespace traces
