// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "traces/program.hpp"

namespace traces {
namespace {

bool maps_huge_pages(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Statement& statement) {
    if (const auto* perform = std::get_if<Perform>(&statement.what)) {
      const Operation& operation = perform->operation;
      return operation.kind == OperationKind::mmap && operation.backing.page_size == model::PageSize::huge;
    }
    if (const auto* branch = std::get_if<If>(&statement.what))
      return maps_huge_pages(branch->then) || maps_huge_pages(branch->otherwise);
    return maps_huge_pages(std::get<RepeatUntil>(statement.what).body);
  });
}

}  // namespace

bool uses_huge_pages(const Program& program) {
  using model::PageSize;
  const auto region = [](const Region& r) { return r.backing.page_size == PageSize::huge; };
  const auto file = [](const MemoryFile& f) { return f.page_size == PageSize::huge; };
  const auto thread = [](const ThreadProgram& t) { return maps_huge_pages(t.body); };
  return program.pool || std::any_of(program.regions.begin(), program.regions.end(), region) ||
         std::any_of(program.files.begin(), program.files.end(), file) ||
         std::any_of(program.threads.begin(), program.threads.end(), thread);
}

// Every page of a region for each process, twice, for what is mapped anew before the old is gone.
std::uint32_t huge_pages_in_pool(const Program& program) {
  constexpr std::uint64_t kFew = 2, kMost = 64;
  if (!uses_huge_pages(program)) return 0;
  if (program.pool) return *program.pool;
  std::uint64_t processes = 1;
  for (const ThreadProgram& thread : program.threads) {
    if (thread.parent != ThreadProgram::kFromTheStart) ++processes;
  }
  std::uint64_t pages = kFew;
  for (const Region& region : program.regions) {
    if (region.backing.page_size == model::PageSize::huge) pages += region.count() * 2 * processes;
  }
  for (std::size_t i = 0; i < program.files.size(); ++i) {
    if (program.files[i].page_size == model::PageSize::huge) pages += pages_of_file(program, i);
  }
  return static_cast<std::uint32_t>(std::min(pages, kMost));
}

}  // namespace traces
