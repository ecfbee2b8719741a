// SPDX-License-Identifier: Apache-2.0
// What the oracle knows of PAGEMAP_SCAN.
#include <algorithm>

#include "model/uffd/abi.hpp"
#include "proptests/oracle.hpp"

namespace proptests {
namespace {

namespace abi = model::abi;
using model::Errno;
using traces::Operation;
using traces::Value;

constexpr std::uint64_t kPage = model::kPageSize;
constexpr std::uint64_t kTask = traces::Layout::kTaskSize.value;

bool wanted(const traces::Scan& scan, std::uint16_t categories) {
  const auto turned = static_cast<std::uint16_t>(categories ^ scan.inverted);
  const bool all = (turned & scan.required) == scan.required;
  return all && (scan.any_of == 0 || (turned & scan.any_of) != 0);
}

}  // namespace

bool Oracle::tracked(const Mapping& mapping) const {
  return mapping.modes & UFFDIO_REGISTER_MODE_WP && owner_of(mapping).features & abi::kFeatureWpAsync;
}

std::uint16_t Oracle::categories_of(const Mapping& mapping, Page page) const {
  unsigned categories = tracked(mapping) ? abi::kPageIsWpallowed : 0;
  const auto known = pages_.find(page);
  const bool marked = known != pages_.end() && known->second.kind == PageInfo::Kind::marked;
  const bool clear = known == pages_.end() || !(marked || known->second.wp);
  const bool only_protected = kernel_.written_in == model::WrittenIn::protected_mapping;
  const bool told = !only_protected || mapping.modes & UFFDIO_REGISTER_MODE_WP;
  if (clear && told) categories |= abi::kPageIsWritten;
  if (known == pages_.end()) return static_cast<std::uint16_t>(categories);
  if (clear && mapping.modes & abi::kRegisterModeRwp) categories |= abi::kPageIsAccessed;
  const bool present = known->second.kind == PageInfo::Kind::present;
  categories |= present ? abi::kPageIsPresent : abi::kPageIsSwapped;
  if (known->second.kind == PageInfo::Kind::guarded) categories |= abi::kPageIsGuard;
  if (known->second.zero_page) categories |= abi::kPageIsPfnzero;
  if (known->second.of_file) categories |= abi::kPageIsFile;
  return static_cast<std::uint16_t>(categories);
}

void Oracle::protect_scanned(Page page) {
  const auto known = pages_.find(page);
  if (known == pages_.end()) {
    pages_[page] = {.kind = PageInfo::Kind::marked};
  } else {
    known->second.wp = true;
  }
}

Value Oracle::scan(const Operation& operation, const traces::Layout::Resolved& range) {
  const traces::Scan& scan = operation.scan;
  if (kernel_.scan_categories == 0) return Value::untouched(Errno::notty);
  if (operation.argument == traces::Argument::unreadable) return Value::untouched(Errno::fault);
  const std::uint64_t start = range.start.value;
  const bool unknown = (scan.required | scan.any_of | scan.inverted | scan.gives) & ~kernel_.scan_categories;
  if (operation.mode > 3 || unknown || start % kPage != 0) return Value::untouched(Errno::inval);
  if (start > kTask || range.length > kTask - start) return Value::untouched(Errno::fault);
  const std::uint64_t whole = (range.length + kPage - 1) / kPage;
  const bool protects = operation.mode & abi::kPmScanWpMatching;
  std::vector<traces::ScannedRegion> regions;
  std::uint64_t found = 0;
  for (Page page = start / kPage; page < start / kPage + whole; ++page) {
    const auto at = next_in({page, start / kPage + whole});
    if (at == mappings_.end()) break;
    page = std::max(page, at->first);
    if (!tracked(at->second) && operation.mode & abi::kPmScanCheckWpasync)
      return Value::with_field(Errno::perm, static_cast<std::int64_t>(whole * kPage));
    const std::uint16_t categories = categories_of(at->second, page);
    const bool skipped = protects && !tracked(at->second);
    if (skipped || !wanted(scan, categories)) continue;
    if (scan.regions != 0) {
      const auto given = static_cast<std::uint16_t>(categories & scan.gives);
      const model::VirtAddr from{page * kPage}, to{(page + 1) * kPage};
      const bool joins =
          !regions.empty() && regions.back().range.end == from && regions.back().categories == given;
      const bool full = found == scan.most && scan.most != 0;
      if (full || (!joins && regions.size() == scan.regions))
        return traces::scanned(regions, page * kPage - start);
      if (joins) regions.back().range.end = to;
      if (!joins) regions.push_back({{from, to}, given});
      ++found;
    }
    if (protects && categories & abi::kPageIsWritten) protect_scanned(page);
  }
  return traces::scanned(regions, whole * kPage);
}

}  // namespace proptests
