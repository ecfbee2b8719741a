// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/scan_call.hpp"

#include <sys/ioctl.h>

#include <array>

#include "traces/kernel/system_call.hpp"
#include "traces/kernel/uffd_calls.hpp"

namespace traces {
namespace {

namespace abi = model::abi;

constexpr std::uint64_t kSentinel = 0x5eed'5eed'5eed'5eed;  // no kernel walks as far

}  // namespace

Value call_scan(const Call& call, int pagemap) {
  std::array<abi::PageRegion, kMostScanRegions> found{};
  abi::PmScanArgument argument = {
      .size = sizeof(abi::PmScanArgument),
      .flags = call.mode,
      .start = call.range.start,
      .end = call.range.start + call.range.length,
      .walk_end = kSentinel,
      .vec = call.scan.regions == 0 ? 0 : reinterpret_cast<std::uint64_t>(found.data()),
      .vec_len = call.scan.regions,
      .max_pages = call.scan.most,
      .category_inverted = call.scan.inverted,
      .category_mask = call.scan.required,
      .category_anyof_mask = call.scan.any_of,
      .return_mask = call.scan.gives};
  void* pointer = call.argument == Argument::readable ? &argument : unreadable_page();
  const int count = ioctl(pagemap, abi::kPagemapScanRequest, pointer);
  const model::Errno error = outcome(count);
  const std::uint64_t walked = argument.walk_end - call.range.start;
  if (argument.walk_end == kSentinel) return Value::untouched(error);
  if (error != model::Errno::none) return Value::with_field(error, static_cast<std::int64_t>(walked));
  std::vector<ScannedRegion> regions;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const model::AddrRange range{window::to_program(found[i].start), window::to_program(found[i].end)};
    regions.push_back({range, static_cast<std::uint16_t>(found[i].categories)});
  }
  return scanned(regions, walked);
}

}  // namespace traces
