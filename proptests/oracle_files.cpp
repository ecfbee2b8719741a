// SPDX-License-Identifier: Apache-2.0
// What the oracle says of files in shared memory.
#include <algorithm>

#include "model/uffd/abi.hpp"
#include "proptests/oracle.hpp"

namespace proptests {
namespace {

using model::Errno;
using traces::Operation;
using traces::OperationKind;
using traces::Value;

constexpr std::uint64_t kPage = model::kPageSize;

}  // namespace

char& Oracle::content(Page page) {
  PageInfo& info = pages_[page];
  if (!info.of_file) return info.content;
  const Mapping& mapping = mapping_of(page)->second;
  return file_of(mapping).pages[page + mapping.shift];
}

bool Oracle::beyond_file(const Mapping& mapping, Page page) {
  return mapping.file != kNoFile && page + mapping.shift >= file_of(mapping).size;
}

// A read maps what the file has around the page, 16 pages from an aligned one, within the mapping.
void Oracle::map_around(Mappings::iterator mapping, Page page) {
  constexpr std::uint64_t kAround = 16, kTable = 512;
  const Mapping& mine = mapping->second;
  const File& file = file_of(mine);
  const Page first = std::max(page - page % kAround, mapping->first);
  const Page end = std::min({first + kAround, mine.end, page - page % kTable + kTable});
  for (Page at = first; at < end; ++at) {
    const std::uint64_t index = at + mine.shift;
    if (index < file.size && file.pages.contains(index) && !pages_.contains(at))
      pages_[at] = {.of_file = true};
  }
}

// Nothing is mapped at the page of a file's mapping, or a marker is.
Oracle::Fault Oracle::file_fault(Mappings::iterator mapping, Page page, bool write, bool kernel_mode) {
  const Mapping& mine = mapping->second;
  const std::uint64_t wp_bit = UFFDIO_REGISTER_MODE_WP, minor = UFFDIO_REGISTER_MODE_MINOR;
  const auto known = pages_.find(page);
  const bool wp = known != pages_.end() && mine.modes & wp_bit;  // a marker, and it counts
  if (known != pages_.end() && !wp) pages_.erase(known);
  if (write) give_family(mapping);
  if (!write && !(mine.modes & (wp_bit | minor | model::abi::kRegisterModeRwp))) map_around(mapping, page);
  if (!wp && pages_.contains(page)) return Fault::resolved;
  if (beyond_file(mine, page)) return Fault::refused_by_context;
  File& file = file_of(mine);
  const std::uint64_t index = page + mine.shift;
  const bool there = file.pages.contains(index);
  if (mine.modes & (there ? minor : std::uint64_t{UFFDIO_REGISTER_MODE_MISSING})) {
    return becomes_userfault(mine, kernel_mode);
  }
  const char letter = file.pages[index];
  const bool copies = write && !mine.shared;
  pages_[page] = {.content = copies ? letter : '\0', .wp = wp, .of_file = !copies};
  return Fault::resolved;
}

// The page is no longer mapped. What protects a file's page stays, and what guards any.
void Oracle::discard(const Mapping& mapping, Page page) {
  const auto known = pages_.find(page);
  if (known == pages_.end()) return;
  PageInfo& info = known->second;
  if (info.kind == PageInfo::Kind::guarded) return;
  const bool of_file = mapping.file != kNoFile, heard = of_file && mapping.modes & UFFDIO_REGISTER_MODE_WP;
  if (of_file && info.kind == PageInfo::Kind::marked) return;
  if (heard && info.wp) {
    info = {.kind = PageInfo::Kind::marked};
  } else {
    pages_.erase(known);
  }
}

void Oracle::look_at_files(traces::FinalState& state) {
  for (std::size_t i = 0; i < program_.files.size(); ++i) {
    std::vector<traces::FinalState::Page>& pages =
        state.files.emplace_back(traces::pages_of_file(program_, i));
    for (std::size_t page = 0; page < pages.size() && page < files_[i].size && !exited_; ++page) {
      const auto held = files_[i].pages.find(page);
      pages[page].state =
          held == files_[i].pages.end() ? traces::PageState::missing : traces::PageState::present;
      if (held != files_[i].pages.end()) pages[page].content = held->second;
    }
  }
}

// Of every mapping of the file: what lies in these pages of it.
void Oracle::unmap_file(int file, std::uint64_t first, std::uint64_t end, OwnPages own) {
  for (const auto& [start, mapping] : mappings_) {
    if (mapping.file != file) continue;
    for (Page page = start; page < mapping.end; ++page) {
      const std::uint64_t index = page + mapping.shift;
      const auto known = pages_.find(page);
      if (index < first || index >= end || known == pages_.end()) continue;
      const PageInfo& info = known->second;
      const bool private_page = info.kind == PageInfo::Kind::present && !info.of_file && !info.zero_page;
      const bool stays = own == OwnPages::stay && (private_page || info.kind == PageInfo::Kind::poisoned);
      if (!stays) discard(mapping, page);
    }
  }
}

void Oracle::punch(int file, std::uint64_t first, std::uint64_t end) {
  unmap_file(file, first, end, OwnPages::stay);
  std::map<std::uint64_t, char>& pages = files_[static_cast<std::size_t>(file)].pages;
  pages.erase(pages.lower_bound(first), pages.lower_bound(end));
}

void Oracle::truncate(int file, std::uint64_t pages) {
  File& changed = files_[static_cast<std::size_t>(file)];
  if (pages < changed.size) unmap_file(file, pages, ~std::uint64_t{0}, OwnPages::go);
  if (pages < changed.size) changed.pages.erase(changed.pages.lower_bound(pages), changed.pages.end());
  changed.size = pages;
}

Oracle::Answer Oracle::change_file(const Operation& operation, const traces::Layout::Resolved& range) {
  const int file = operation.range.index;
  const std::uint64_t first = range.start.value / kPage, pages = range.length / kPage;
  if (operation.kind == OperationKind::truncate) {
    truncate(file, operation.number);
  } else if (operation.kind == OperationKind::punch) {
    punch(file, first, first + pages);
  } else {
    File& written = files_[static_cast<std::size_t>(file)];
    for (std::size_t i = 0; i < pages; ++i) {
      written.pages[first + i] = operation.contents[std::min(i, operation.contents.size() - 1)];
    }
    written.size = std::max(written.size, first + pages);
  }
  return Value::ok();
}

}  // namespace proptests
