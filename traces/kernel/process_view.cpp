// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/process_view.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <system_error>

#include "traces/kernel/huge_file_holes.hpp"
#include "traces/kernel/line_reader.hpp"

namespace traces {
namespace {

// Bits of a pagemap entry. A marker counts as swapped.
constexpr std::uint64_t kUffdWpBit = std::uint64_t{1} << 57;
constexpr std::uint64_t kGuardBit = std::uint64_t{1} << 58;  // since 6.15
constexpr std::uint64_t kSwapBit = std::uint64_t{1} << 62;
constexpr std::uint64_t kPresentBit = std::uint64_t{1} << 63;

PageState state_of(std::uint64_t entry) {
  const bool wp = entry & kUffdWpBit;
  if (entry & kPresentBit) return wp ? PageState::present_wp : PageState::present;
  if (wp) return PageState::missing_wp;
  if (entry & kGuardBit) return PageState::guarded;
  return entry & kSwapBit ? PageState::poisoned : PageState::missing;
}

int open_or_throw(const std::string& path, int access = O_RDONLY) {
  const int descriptor = open(path.c_str(), access | O_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), path);
  return descriptor;
}

// The head of a mapping in maps and smaps: "200000001000-200000002000 rw-p …".
struct MappingLine {
  model::AddrRange range;
  std::uint8_t state = 0;
};
std::optional<MappingLine> parse_mapping(const std::string& line) {
  std::uint64_t start = 0, end = 0;
  char read = 0, write = 0, execute = 0, sharing = 0;
  const int found = std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %c%c%c%c", &start, &end, &read, &write,
                                &execute, &sharing);
  if (found != 6) return {};
  std::uint8_t state = vma_state::kMapped;
  if (read == 'r') state |= vma_state::kRead;
  if (write == 'w') state |= vma_state::kWrite;
  if (sharing == 's') state |= vma_state::kShared;
  return MappingLine{{{start}, {end}}, state};
}

}  // namespace

ProcessView::ProcessView(pid_t pid)
    : directory_(fmt::format("/proc/{}/", pid)), pagemap_(open_or_throw(directory_ + "pagemap")) {
  try {
    memory_ = open_or_throw(directory_ + "mem");
  } catch (...) {
    close(pagemap_);
    throw;
  }
}

ProcessView::~ProcessView() {
  close(pagemap_);
  close(memory_);
}

std::vector<model::AddrRange> ProcessView::mappings(model::AddrRange range) const {
  std::vector<model::AddrRange> found;
  LineReader lines(directory_ + "maps");
  while (const std::optional<std::string> line = lines.next()) {
    const std::optional<MappingLine> mapping = parse_mapping(*line);
    if (!mapping) continue;
    if (mapping->range.start >= range.end) break;  // they come in address order
    if (mapping->range.overlaps(range)) found.push_back(mapping->range);
  }
  return found;
}

std::vector<FinalState::Page> ProcessView::pages(model::AddrRange range, model::PageSize size) const {
  const model::PageCount one{model::bytes_of(size) / model::kPageSize};
  std::vector<FinalState::Page> pages(range.bytes() / one.bytes());
  std::vector<std::uint64_t> entries(range.pages().value);
  const auto offset = static_cast<off_t>(range.start.page_number() * sizeof entries[0]);
  const ssize_t got = pread(pagemap_, entries.data(), entries.size() * sizeof entries[0], offset);
  if (got < 0) throw std::system_error(errno, std::generic_category(), directory_ + "pagemap");
  for (const model::AddrRange& mapped : mappings(range)) {
    const model::VirtAddr start = std::max(mapped.start, range.start);
    const model::VirtAddr end = std::min(mapped.end, range.end);
    for (model::VirtAddr at = start; at < end; at = at + one) {
      const std::uint64_t entry = entries[(at - range.start) / model::kPageSize];
      FinalState::Page& page = pages[(at - range.start) / one.bytes()];
      page.state = with_mode(state_of(entry), at.value);
      if ((entry & kPresentBit) == 0 || page.state == PageState::present_rwp) continue;
      if (pread(memory_, &page.content, 1, static_cast<off_t>(at.value)) != 1) {
        throw std::system_error(errno, std::generic_category(), directory_ + "mem");
      }
    }
  }
  return pages;
}

std::vector<FinalState::Page> ProcessView::pages_of_file(int descriptor, std::uint64_t count,
                                                         model::PageSize size) const {
  std::vector<FinalState::Page> pages(count);
  const bool huge = size == model::PageSize::huge;
  // Only what may be written to can be registered.
  const int file = open_or_throw(fmt::format("{}fd/{}", directory_, descriptor), huge ? O_RDWR : O_RDONLY);
  struct stat status = {};
  fstat(file, &status);
  const HugeFileHoles huge_holes(huge ? file : -1, status.st_size);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto offset = static_cast<off_t>(i * model::bytes_of(size));
    if (offset >= status.st_size) break;
    pages[i].state = PageState::missing;
    const bool hole = huge ? huge_holes.at(i) : lseek(file, offset, SEEK_DATA) != offset;
    if (hole) continue;
    pages[i].state = PageState::present;
    if (pread(file, &pages[i].content, 1, offset) != 1) pages[i] = {};  // truncated meanwhile
  }
  close(file);
  return pages;
}

PageState ProcessView::page_state(std::uint64_t address) const {
  const model::VirtAddr page = model::VirtAddr{address}.page();
  if (mappings({page, page + model::PageCount{1}}).empty()) return PageState::unmapped;
  std::uint64_t entry = 0;
  const auto offset = static_cast<off_t>(page.page_number() * sizeof entry);
  if (pread(pagemap_, &entry, sizeof entry, offset) != sizeof entry) return PageState::unmapped;
  return with_mode(state_of(entry), address);
}

PageState ProcessView::with_mode(PageState state, std::uint64_t address) const {
  const bool rwp = state == PageState::present_wp && mapping(address) & vma_state::kUffdRwp;
  return rwp ? PageState::present_rwp : state;
}

std::uint8_t ProcessView::mapping(std::uint64_t address) const {
  LineReader lines(directory_ + "smaps");
  std::uint8_t state = 0;
  while (const std::optional<std::string> line = lines.next()) {
    if (const std::optional<MappingLine> mapping = parse_mapping(*line)) {
      if (state != 0 || mapping->range.start > model::VirtAddr{address}) break;
      if (mapping->range.contains({address})) state = mapping->state;
    } else if (state != 0 && line->starts_with("VmFlags:")) {
      if (line->find(" um") != std::string::npos) state |= vma_state::kUffdMissing;
      if (line->find(" uw") != std::string::npos) state |= vma_state::kUffdWp;
      if (line->find(" ui") != std::string::npos) state |= vma_state::kUffdMinor;
      if (line->find(" ur") != std::string::npos) state |= vma_state::kUffdRwp;
      break;
    }
  }
  return state;
}

std::optional<ProcessView::Counts> ProcessView::counts(int descriptor) const {
  LineReader lines(fmt::format("{}fdinfo/{}", directory_, descriptor));
  Counts counts;
  int seen = 0;
  while (const std::optional<std::string> line = lines.next()) {
    seen += std::sscanf(line->c_str(), "pending: %" SCNu32, &counts.pending);
    seen += std::sscanf(line->c_str(), "total: %" SCNu32, &counts.total);
  }
  if (seen != 2) return std::nullopt;
  return counts;
}

}  // namespace traces
