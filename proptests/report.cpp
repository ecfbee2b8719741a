// SPDX-License-Identifier: Apache-2.0
#include "proptests/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/language/print.hpp"
#include "scenarios/language/registers.hpp"
#include "scenarios/language/word.hpp"

namespace proptests {
namespace {

// What the events of one machine are called; the last one of a step that only slept has no value.
class Teller {
 public:
  Teller(const Sequence& sequence, const Log& log) : sequence_(sequence), layout_(sequence.program) {
    for (const Event& event : log.events) lines_.push_back({what(event), value(event)});
    tell(log.end, "at the end");
    tell(log.after_closing, "after closing");
  }
  struct Line {
    std::string what;
    std::string value;
  };
  const std::vector<Line>& lines() const { return lines_; }

 private:
  std::string what(const Event& event) const {
    const std::string& thread = sequence_.program.threads[event.thread].name;
    switch (event.kind) {
      case Event::Kind::asked:
        return fmt::format("{}: vma of @{:#x}", thread, event.step * model::kPageSize);
      case Event::Kind::shown:
        return fmt::format("{}: pagemap of @{:#x}", thread, event.step * model::kPageSize);
      case Event::Kind::closed:
        return fmt::format("{}: close {}", thread, sequence_.program.uffds[event.step].name);
      case Event::Kind::woken:
        return fmt::format("  {}: step {} returns", thread, event.step);
      case Event::Kind::performed:
        break;
    }
    return fmt::format("{:>3} {}: {}", event.step, thread, text(sequence_.steps[event.step].operation));
  }

  std::string text(traces::Operation operation) const {
    std::string from;
    if (operation.range.base == traces::RangeExpression::Base::message) {
      from = fmt::format("  (page 0: the message of step {})", operation.range.index);
      operation.range.base = traces::RangeExpression::Base::absolute;
      if (operation.range.length == traces::RangeExpression::kWholeMessage)
        operation.range.length = model::kPageSize;
    }
    return language::print(operation, sequence_.program, sequence_.program.threads[0]) + from;
  }

  std::string value(const Event& event) const {
    if (!event.value) return "asleep";
    std::string text = language::word(*event.value, layout_);
    if (event.value->field_state != traces::FieldState::none) {
      const bool performed = event.kind == Event::Kind::performed || event.kind == Event::Kind::woken;
      const auto kind = performed ? sequence_.steps[event.step].operation.kind : traces::OperationKind::close;
      const language::FieldUnit unit = language::field_unit({kind});
      text +=
          " field " + language::field_word(
                          *event.value, unit == language::FieldUnit::none ? language::FieldUnit::mask : unit);
    }
    if (event.value->thread >= 0) text += fmt::format(" of thread {}", event.value->thread);
    return text;
  }

  void tell(const traces::FinalState& state, const char* when) {
    for (std::size_t i = 0; i < state.threads.size(); ++i) {
      lines_.push_back({fmt::format("{}: {}", when, sequence_.program.threads[i].name),
                        language::word(state.threads[i].end)});
    }
    for (std::size_t i = 0; i < state.pages.size(); ++i) {
      std::string pages;
      for (const traces::FinalState::Page& page : state.pages[i]) pages += language::word(page) + ' ';
      lines_.push_back({fmt::format("{}: {}", when, sequence_.program.regions[i].name), pages});
    }
    for (std::size_t i = 0; i < state.files.size(); ++i) {
      std::string pages;
      for (const traces::FinalState::Page& page : state.files[i])
        pages += language::file_page_word(page) + ' ';
      lines_.push_back({fmt::format("{}: {}", when, sequence_.program.files[i].name), pages});
    }
    for (std::size_t i = 0; i < state.uffds.size(); ++i) {
      const traces::FinalState::Uffd& uffd = state.uffds[i];
      lines_.push_back({fmt::format("{}: {}", when, sequence_.program.uffds[i].name),
                        uffd.open ? fmt::format("{}/{}", uffd.pending, uffd.total) : "closed"});
    }
    if (state.exited) lines_.push_back({fmt::format("{}: the process", when), "exited"});
    if (!state.kernel_bug.empty()) lines_.push_back({fmt::format("{}: kernel BUG", when), state.kernel_bug});
  }

  const Sequence& sequence_;
  const traces::Layout layout_;
  std::vector<Line> lines_;
};

}  // namespace

std::string report(const Sequence& sequence, const Answers& left, const Answers& right) {
  if (left.log == right.log) return {};
  const std::vector<Teller::Line> a = Teller(sequence, left.log).lines();
  const std::vector<Teller::Line> b = Teller(sequence, right.log).lines();
  std::string text = language::print(as_program(sequence, left.log));
  text += fmt::format("\n# {:<58} {:<28} {}\n", "one at a time, in this order", left.machine, right.machine);
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const Teller::Line none{"", "-"};
    const Teller::Line& x = i < a.size() ? a[i] : none;
    const Teller::Line& y = i < b.size() ? b[i] : none;
    const bool same = x.what == y.what && x.value == y.value;
    std::string right_text = x.what == y.what || y.what.empty() ? y.value : y.what + " -> " + y.value;
    text += fmt::format("# {:<58} {:<28} {}{}\n", x.what, x.value, right_text, same ? "" : "   <== differs");
  }
  return text;
}

}  // namespace proptests
