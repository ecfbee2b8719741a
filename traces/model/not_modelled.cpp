// SPDX-License-Identifier: Apache-2.0
#include "traces/model/not_modelled.hpp"

#include <fmt/format.h>

namespace traces {
namespace {

bool lies_in_huge_pages(const Program& program, const Layout& layout, const RangeExpression& range) {
  if (range.base == RangeExpression::Base::message) return false;
  const Layout::Resolved place = layout.resolve(range, Value{});
  const model::VirtAddr last{place.start.value + (place.length == 0 ? 0 : place.length - 1)};
  for (std::size_t i = 0; i < program.regions.size(); ++i) {
    const model::AddrRange region = layout.region(i);
    const bool huge = program.regions[i].backing.page_size == model::PageSize::huge;
    if (huge && place.start < region.end && region.start <= last) return true;
  }
  return false;
}

std::string why_not(const Program& program, const Layout& layout, const Block& body);

std::string why_not(const Program& program, const Layout& layout, const Statement& statement) {
  if (const auto* branch = std::get_if<If>(&statement.what)) {
    const std::string why = why_not(program, layout, branch->then);
    return why.empty() ? why_not(program, layout, branch->otherwise) : why;
  }
  if (const auto* repeat = std::get_if<RepeatUntil>(&statement.what))
    return why_not(program, layout, repeat->body);
  const Operation& operation = std::get<Perform>(statement.what).operation;
  const bool only_small_pages =
      operation.kind == OperationKind::mremap || operation.kind == OperationKind::scan;
  if (!only_small_pages || !lies_in_huge_pages(program, layout, operation.range)) return {};
  return fmt::format("line {}: {} of huge pages is not modelled (docs/limits.md)", statement.line,
                     name_of(operation.kind));
}

std::string why_not(const Program& program, const Layout& layout, const Block& body) {
  for (const Statement& statement : body) {
    std::string why = why_not(program, layout, statement);
    if (!why.empty()) return why;
  }
  return {};
}

}  // namespace

std::string why_not_modelled(const Program& program, const Layout& layout) {
  for (const ThreadProgram& thread : program.threads) {
    std::string why = why_not(program, layout, thread.body);
    if (!why.empty()) return why;
  }
  return {};
}

}  // namespace traces
