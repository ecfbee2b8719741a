// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "scenarios/language/operation.hpp"
#include "scenarios/language/sections.hpp"

namespace language {
namespace {

using traces::Block;
using traces::Condition;
using traces::Statement;

// Declares a thread by the name at the cursor, and makes its place.
std::uint8_t declare_thread(Cursor& cursor, Draft& draft, int parent) {
  const Token& name = cursor.take("the name of a thread");
  check_name(cursor, name, spelled(Noun::thread));
  draft.declared.add(cursor, name, name.text, Noun::thread);
  cursor.expect_end();
  draft.litmus.program.threads.push_back({.name = std::string(name.text), .parent = parent});
  draft.sources.emplace_back();
  return static_cast<std::uint8_t>(draft.litmus.program.threads.size() - 1);
}

// Reads the statements of one thread. Recursion is bounded by kMostNesting.
class ThreadReader {
 public:
  ThreadReader(Draft& draft, std::uint8_t index) : draft_(draft), index_(index) {
    thread_.program = draft.litmus.program.threads[index];
  }

  // The body below a line that is indented by `outer`.
  void read(std::size_t outer, int depth) {
    thread_.program.body = read_block(outer, depth);
    draft_.sources[index_] = std::move(thread_.sources);
    draft_.litmus.program.threads[index_] = std::move(thread_.program);
  }

 private:
  // The block below a line that is indented by `outer`; empty if nothing there is indented further.
  Block read_block(std::size_t outer, int depth) {
    Block block;
    const Line* line = draft_.source.peek();
    if (line == nullptr || line->indent <= outer) return block;
    const std::size_t indent = line->indent;
    for (; line != nullptr && line->indent > outer; line = draft_.source.peek()) {
      if (line->indent != indent) {
        draft_.source.fail(line->number, line->indent, 1,
                           fmt::format("expected the indentation of the lines around it: {} spaces, found {}",
                                       indent, line->indent));
      }
      block.push_back(read_statement(depth));
    }
    return block;
  }

  Statement read_statement(int depth) {
    const Line line = draft_.source.take();
    Cursor cursor(draft_.source, line);
    const Token& first = line.tokens.front();
    if (++thread_.statements > kMostStatements) {
      cursor.fail(first, fmt::format("expected at most {} statements in a thread", kMostStatements));
    }
    if (cursor.at("else")) cursor.fail(first, "expected an `if` above `else`, at the same indentation");
    if (cursor.at("until")) cursor.fail(first, "expected a `repeat` above `until`, at the same indentation");
    Statement statement;
    statement.line = line.number;
    if (cursor.accept("if")) {
      statement.what = read_if(cursor, depth);
    } else if (cursor.accept("repeat")) {
      statement.what = read_repeat(cursor, depth);
    } else {
      statement.what = read_perform(cursor, depth);
    }
    return statement;
  }

  Block read_body(const Cursor& opener, int depth) {
    const Line& line = opener.line();
    if (depth == kMostNesting) {
      opener.fail(line.tokens.front(), fmt::format("expected at most {} blocks in each other", kMostNesting));
    }
    Block block = read_block(line.indent, depth + 1);
    if (block.empty()) opener.fail_after("expected an indented block on the next line");
    return block;
  }

  traces::If read_if(Cursor& cursor, int depth) {
    traces::If branch;
    branch.condition = read_condition(cursor);
    branch.then = read_body(cursor, depth);
    const Line* next = draft_.source.peek();
    if (next != nullptr && next->indent == cursor.line().indent && next->tokens.front().text == "else") {
      const Line line = draft_.source.take();
      Cursor other(draft_.source, line);
      other.accept("else");
      other.expect_end();
      branch.otherwise = read_body(other, depth);
    }
    return branch;
  }

  traces::RepeatUntil read_repeat(Cursor& cursor, int depth) {
    cursor.expect_end();
    traces::RepeatUntil loop;
    ++loops_;
    loop.body = read_body(cursor, depth);
    --loops_;
    const Line* next = draft_.source.peek();
    if (next == nullptr || next->indent != cursor.line().indent || next->tokens.front().text != "until") {
      const std::string message =
          fmt::format("expected `until` at the indentation of the `repeat` in line {}", cursor.line().number);
      if (next == nullptr) draft_.source.fail_at_end(message);
      draft_.source.fail(*next, next->tokens.front(), message);
    }
    const Line line = draft_.source.take();
    Cursor until(draft_.source, line);
    until.accept("until");
    loop.until = read_condition(until);
    return loop;
  }

  // REG[.field] is [not] PATTERN
  Condition read_condition(Cursor& cursor) {
    Condition condition;
    const Token name = cursor.take("a register, as r0 or r0.field");
    const std::size_t dot = name.text.find('.');
    const std::string_view reg = name.text.substr(0, dot);
    const auto found = thread_.find(reg);
    if (!found) {
      cursor.fail(name, fmt::format("expected a register: no line above assigns {}", shown(reg)),
                  suggestion_or_list(reg, thread_.program.registers));
    }
    condition.reg = *found;
    if (dot != std::string_view::npos) {
      if (name.text.substr(dot) != ".field")
        cursor.fail(name, "expected a register or its output field, as r0.field");
      condition.subject = Condition::Subject::field;
    }
    cursor.expect("is", "between the register and the value");
    if (cursor.accept("not")) condition.test = Condition::Test::is_not;
    read_pattern(cursor, thread_.sources[*found], condition);
    cursor.expect_end();
    return condition;
  }

  void read_pattern(Cursor& cursor, OperationKinds sources, Condition& condition) {
    const Token& token = cursor.take("a value");
    if (condition.subject == Condition::Subject::field) {
      const FieldUnit unit = field_unit(sources);
      check_field(cursor, unit);
      const auto value = read_field(token.text, unit);
      if (!value) cursor.fail(token, "expected an output field: " + either(forms_of(unit)));
      condition.pattern = *value;
      return;
    }
    const ValueKinds kinds = values_of(sources);
    const auto pattern = read_word(token.text, kinds, draft_.names());
    if (!pattern) {
      cursor.fail(token, "expected a value that the register can hold: " + either(forms_of(kinds)),
                  suggestion(token.text, errno_names()));
    }
    condition.pattern = pattern->value;
    condition.match_address = pattern->value.kind == traces::ValueKind::message && pattern->match_address;
  }

  void check_field(const Cursor& cursor, FieldUnit unit) const {
    const Token& name = cursor.line().tokens[1];
    if (unit == FieldUnit::none) {
      cursor.fail(
          name,
          "expected a register of copy, zeropage, poison, continue, move, register or api: only they have an "
          "output field");
    }
    if (unit == FieldUnit::mixed) {
      cursor.fail(name, "expected a register with one kind of output field: bytes and masks are mixed here");
    }
  }

  // fork NAME, and the child's code below it
  traces::Operation read_fork(Cursor& cursor, int depth) {
    if (loops_ > 0) {
      cursor.fail(cursor.line().tokens.front(), "expected `fork` outside of `repeat`: a child is born once");
    }
    traces::Operation operation{.kind = traces::OperationKind::fork};
    operation.child = declare_thread(cursor, draft_, index_);
    const Line& line = cursor.line();
    if (depth == kMostNesting) {
      cursor.fail(line.tokens.front(), fmt::format("expected at most {} blocks in each other", kMostNesting));
    }
    ThreadReader(draft_, operation.child).read(line.indent, depth + 1);
    if (draft_.litmus.program.threads[operation.child].body.empty()) {
      cursor.fail_after("expected the child's code, indented, on the next line");
    }
    return operation;
  }

  // [REG =] OPERATION
  traces::Perform read_perform(Cursor& cursor, int depth) {
    traces::Perform perform;
    const std::vector<Token>& tokens = cursor.line().tokens;
    const bool assigns = tokens.size() > 1 && tokens[1].text == "=";
    Token reg;
    if (assigns) {
      reg = cursor.take("a register");
      cursor.accept("=");
    }
    if (cursor.accept("fork")) {
      if (assigns) perform.result = assign(cursor, reg, traces::OperationKind::fork);
      perform.operation = read_fork(cursor, depth);
      return perform;
    }
    perform.operation = read_operation(cursor, draft_, thread_);
    if (!assigns) return perform;
    if (perform.operation.kind == traces::OperationKind::exit) {
      cursor.fail(reg, "expected `exit` alone: it never returns");
    }
    perform.result = assign(cursor, reg, perform.operation.kind);
    return perform;
  }

  int assign(const Cursor& cursor, const Token& reg, traces::OperationKind kind) {
    std::optional<std::uint8_t> index = thread_.find(reg.text);
    if (!index) {
      check_name(cursor, reg, "register");
      const Declared::Entry* taken = draft_.declared.find(reg.text);
      if (taken != nullptr && taken->noun != Noun::thread) {
        cursor.fail(reg, fmt::format("expected the name of a register: `{}` is a {} (line {})", taken->name,
                                     spelled(taken->noun), taken->line));
      }
      if (thread_.program.registers.size() == kMostOfAnything) {
        cursor.fail(reg, fmt::format("expected at most {} registers in a thread", kMostOfAnything));
      }
      index = static_cast<std::uint8_t>(thread_.program.registers.size());
      thread_.program.registers.emplace_back(reg.text);
      thread_.sources.emplace_back();
    }
    thread_.sources[*index].add(kind);
    return *index;
  }

  Draft& draft_;
  ThreadDraft thread_;
  std::uint8_t index_;
  int loops_ = 0;  // around the statement at hand
};

}  // namespace

void read_thread(Cursor& cursor, Draft& draft) {
  const std::uint8_t index = declare_thread(cursor, draft, traces::ThreadProgram::kFromTheStart);
  if (!draft.layout) draft.layout.emplace(draft.litmus.program);
  ThreadReader(draft, index).read(0, 0);
}

}  // namespace language
