// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "traces/program.hpp"

namespace traces {
namespace {

constexpr std::uint64_t kPage = model::kPageSize;

// One past the last base page of the file that the operation reaches by itself.
std::uint64_t reach(const Operation& operation, std::size_t file) {
  const bool names_it = operation.range.base == RangeExpression::Base::file && operation.range.index == file;
  if (acts_on_file(operation.kind) && names_it) {
    const std::uint64_t end = (operation.range.offset + operation.range.length + kPage - 1) / kPage;
    return operation.kind == OperationKind::truncate ? operation.number : end;
  }
  const bool maps_it =
      operation.kind == OperationKind::mmap && operation.backing.has_file && operation.backing.file == file;
  return maps_it ? operation.backing.page + operation.range.length / kPage : 0;
}

std::uint64_t reach(const Block& block, std::size_t file) {
  std::uint64_t end = 0;
  for (const Statement& statement : block) {
    if (const auto* perform = std::get_if<Perform>(&statement.what)) {
      end = std::max(end, reach(perform->operation, file));
    } else if (const auto* branch = std::get_if<If>(&statement.what)) {
      end = std::max({end, reach(branch->then, file), reach(branch->otherwise, file)});
    } else {
      end = std::max(end, reach(std::get<RepeatUntil>(statement.what).body, file));
    }
  }
  return end;
}

}  // namespace

std::uint64_t pages_of_file(const Program& program, std::size_t file) {
  std::uint64_t end = program.files[file].pages.value;
  for (const Region& region : program.regions) {
    const bool maps_it = region.backing.has_file && region.backing.file == file;
    if (maps_it) end = std::max(end, region.backing.page + region.pages.value);
  }
  for (const ThreadProgram& thread : program.threads) end = std::max(end, reach(thread.body, file));
  if (program.files[file].page_size == model::PageSize::base) return std::min(end, kMostFilePages);
  const std::uint64_t huge = (end + model::kPagesPerHugePage - 1) / model::kPagesPerHugePage;
  return std::min(huge, kMostHugePages);
}

}  // namespace traces
