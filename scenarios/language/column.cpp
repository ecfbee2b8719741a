// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/column.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/language/word.hpp"

namespace language {
namespace {

using traces::FinalState;
using traces::ThreadEnd;
using traces::ValueKind;

// What an unset register reads as.
std::string unset_word(ThreadEnd end) { return end == ThreadEnd::done ? "-" : word(end); }

std::string register_word(const Litmus& litmus, const traces::Layout& layout, const Column& column,
                          const FinalState& state) {
  const FinalState::Thread& thread = state.threads[column.index];
  const traces::Value value =
      column.reg < thread.registers.size() ? thread.registers[column.reg] : traces::Value{};
  if (value.kind == ValueKind::unset) return unset_word(thread.end);
  const std::vector<traces::ThreadProgram>& threads = litmus.program.threads;
  switch (column.kind) {
    case Column::Kind::field:
      return field_word(value, field_unit(sources(threads[column.index])[column.reg]));
    case Column::Kind::faulting_thread:
      if (value.kind != ValueKind::message || value.thread < 0) return "-";
      return threads[static_cast<std::size_t>(value.thread)].name;
    default:
      return word(value, layout);
  }
}

std::string uffd_word(const FinalState::Uffd& uffd, std::uint32_t count) {
  return uffd.open ? fmt::format("{}", count) : "closed";
}

std::string column_word(const Litmus& litmus, const traces::Layout& layout, const Column& column,
                        const FinalState& state) {
  switch (column.kind) {
    case Column::Kind::value:
    case Column::Kind::field:
    case Column::Kind::faulting_thread:
      return register_word(litmus, layout, column, state);
    case Column::Kind::thread_end:
      return word(state.threads[column.index].end);
    case Column::Kind::page:
      return word(state.pages[column.index][column.page]);
    case Column::Kind::file_page:
      return file_page_word(state.files[column.index][column.page]);
    case Column::Kind::pending:
      return uffd_word(state.uffds[column.index], state.uffds[column.index].pending);
    case Column::Kind::total:
      return uffd_word(state.uffds[column.index], state.uffds[column.index].total);
    case Column::Kind::variable:
      return fmt::format("{}", state.variables[column.index]);
    case Column::Kind::kernel_bug:
      return state.kernel_bug.empty() ? "no" : "yes";
  }
  return "?";
}

}  // namespace

std::string name_of(const Column& column, const traces::Program& program) {
  const auto of_register = [&](std::string_view suffix) {
    const traces::ThreadProgram& thread = program.threads[column.index];
    return fmt::format("{}.{}{}", thread.name, thread.registers[column.reg], suffix);
  };
  switch (column.kind) {
    case Column::Kind::value:
      return of_register("");
    case Column::Kind::field:
      return of_register(".field");
    case Column::Kind::faulting_thread:
      return of_register(".thread");
    case Column::Kind::thread_end:
      return program.threads[column.index].name;
    case Column::Kind::page: {
      const traces::Region& region = program.regions[column.index];
      return region.count() == 1 ? region.name : fmt::format("{}[{}]", region.name, column.page);
    }
    case Column::Kind::file_page:
      return fmt::format("{}[{}]", program.files[column.index].name, column.page);
    case Column::Kind::pending:
      return program.uffds[column.index].name + ".pending";
    case Column::Kind::total:
      return program.uffds[column.index].name + ".total";
    case Column::Kind::variable:
      return program.variables[column.index].name;
    case Column::Kind::kernel_bug:
      return "kernel-bug";
  }
  return "?";
}

std::vector<Column> all_columns(const Litmus& litmus) {
  std::vector<Column> columns = litmus.columns;
  for (const Claim& claim : litmus.claims) {
    for (const Claim::Term& term : claim.terms) {
      if (std::find(columns.begin(), columns.end(), term.column) == columns.end())
        columns.push_back(term.column);
    }
  }
  return columns;
}

Words row(const Litmus& litmus, std::span<const Column> columns, const FinalState& state) {
  const traces::Layout layout(litmus.program);
  Words words;
  words.reserve(columns.size());
  for (const Column& column : columns) words.push_back(column_word(litmus, layout, column, state));
  return words;
}

bool matches(std::string_view written, std::string_view seen) {
  if (written == seen) return true;
  return written.find(':') == std::string_view::npos && seen.size() > written.size() &&
         seen[written.size()] == ':' && seen.starts_with(written);
}

}  // namespace language
