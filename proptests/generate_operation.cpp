// SPDX-License-Identifier: Apache-2.0
#include "proptests/generate_operation.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "model/syscalls/madvise.hpp"
#include "model/uffd/abi.hpp"
#include "proptests/generate_setup.hpp"
#include "traces/layout.hpp"

namespace proptests {
namespace {

using traces::Operation;
using traces::OperationKind;
using traces::RangeExpression;
using Kind = OperationKind;

struct Weight {
  OperationKind kind;
  std::uint32_t weight;
};
constexpr Weight kApp[] = {{Kind::load, 8},         {Kind::store, 8},    {Kind::copy_from_user, 4},
                           {Kind::copy_to_user, 4}, {Kind::mmap, 4},     {Kind::munmap, 4},
                           {Kind::mprotect, 6},     {Kind::dontneed, 6}, {Kind::remove, 3},
                           {Kind::truncate, 3},     {Kind::punch, 3},    {Kind::pwrite, 3},
                           {Kind::mremap, 6},       {Kind::madvise, 8}};
constexpr Weight kMonitor[] = {
    {Kind::copy, 14},     {Kind::zeropage, 6},     {Kind::register_, 6}, {Kind::unregister, 3},
    {Kind::wake, 3},      {Kind::read, 8},         {Kind::poll, 3},      {Kind::close, 1},
    {Kind::api, 2},       {Kind::userfaultfd, 1},  {Kind::fdinfo, 2},    {Kind::pagemap, 2},
    {Kind::vma, 2},       {Kind::writeprotect, 8}, {Kind::poison, 3},    {Kind::move, 6},
    {Kind::continue_, 8}, {Kind::scan, 10},        {Kind::dup, 1},       {Kind::setfl, 2}};

OperationKind one_of(Draw& draw, std::span<const Weight> weights) {
  std::uint32_t sum = 0;
  for (const Weight& weight : weights) sum += weight.weight;
  std::uint32_t drawn = draw.below(sum);
  for (const Weight& weight : weights) {
    if (drawn < weight.weight) return weight.kind;
    drawn -= weight.weight;
  }
  return weights.front().kind;
}

std::uint8_t protection(Draw& draw) { return draw.one_of<std::uint8_t>({3, 3, 1, 1, 0, 2}); }

bool takes_argument(OperationKind kind) {
  return kind == Kind::api || kind == Kind::register_ || kind == Kind::unregister || kind == Kind::copy ||
         kind == Kind::zeropage || kind == Kind::wake || kind == Kind::writeprotect || kind == Kind::poison ||
         kind == Kind::move || kind == Kind::continue_ || kind == Kind::scan || kind == Kind::rwprotect ||
         kind == Kind::set_mode;
}

bool is_touch(OperationKind kind) {
  return kind == Kind::load || kind == Kind::store || kind == Kind::copy_from_user ||
         kind == Kind::copy_to_user;
}

bool has_range(OperationKind kind) {
  switch (kind) {
    case Kind::userfaultfd:
    case Kind::api:
    case Kind::read:
    case Kind::poll:
    case Kind::close:
    case Kind::dup:
    case Kind::setfl:
    case Kind::fdinfo:
    case Kind::set_mode:
      return false;
    default:
      return true;
  }
}

// Only where programs live, or nowhere: on a real machine the rest of the address space is somebody else's.
bool may_be_mapped(const RangeExpression& range) {
  constexpr std::uint64_t kWindow = std::uint64_t{1} << 24;
  const std::uint64_t end = range.offset + range.length;
  const bool low = range.length < kWindow && (range.base != RangeExpression::Base::absolute || end < kWindow);
  const bool nowhere =
      range.length >= traces::Layout::kTaskSize.value ||
      (range.base == RangeExpression::Base::absolute && range.offset >= traces::Layout::kTaskSize.value);
  return low || nowhere || range.length == RangeExpression::kWholeMessage;
}

}  // namespace

Operation OperationMaker::of_app() {
  if (draw_.one_in(10)) return of_monitor(std::nullopt);
  return fill(one_of(draw_, kApp), std::nullopt);
}

Operation OperationMaker::of_monitor(std::optional<std::uint8_t> message) {
  if (has_rwp() && draw_.one_in(3)) return of_rwp(message);
  return fill(one_of(draw_, kMonitor), message);
}

Operation OperationMaker::of_anyone(std::optional<std::uint8_t> message) {
  return draw_.one_in(2) ? fill(one_of(draw_, kApp), message) : of_monitor(message);
}

Operation OperationMaker::fill(OperationKind kind, std::optional<std::uint8_t> message) {
  if (traces::acts_on_file(kind) && program_.files.empty()) kind = Kind::store;
  Operation operation{.kind = kind};
  operation.uffd = static_cast<std::uint8_t>(draw_.below(static_cast<std::uint32_t>(program_.uffds.size())));
  if (has_range(kind)) fill_range(operation, message);
  if (takes_argument(kind) && draw_.one_in(32)) operation.argument = traces::Argument::unreadable;
  fill_modes(operation);
  return operation;
}

// A range that was registered for these modes when the program began, through its own descriptor: elsewhere
// there is little that can be protected, or be there already.
bool OperationMaker::aim_at_registered(Operation& operation, std::uint64_t modes) {
  std::vector<std::pair<std::uint8_t, RangeExpression>> found;
  for (std::size_t i = 0; i < program_.uffds.size(); ++i) {
    for (const traces::UffdSetup::Registration& registration : program_.uffds[i].registrations) {
      if (registration.mode & modes) found.emplace_back(static_cast<std::uint8_t>(i), registration.range);
    }
  }
  if (found.empty()) return false;
  const auto& [uffd, range] = found[draw_.below(static_cast<std::uint32_t>(found.size()))];
  operation.uffd = uffd;
  operation.range = range;
  const std::uint64_t pages = range.length / model::kPageSize;
  const std::uint64_t first = draw_.one_in(2) ? draw_.below(static_cast<std::uint32_t>(pages)) : 0;
  operation.range.offset += first * model::kPageSize;
  operation.range.length -= first * model::kPageSize;
  return true;
}

// Pages of a file, a little beyond its end too.
void OperationMaker::fill_file_range(Operation& operation) {
  operation.range = {.base = RangeExpression::Base::file};
  operation.range.index =
      static_cast<std::uint8_t>(draw_.below(static_cast<std::uint32_t>(program_.files.size())));
  if (operation.kind == Kind::truncate) {
    operation.number = draw_.between(0, 5);
    return;
  }
  operation.range.offset = draw_.below(5) * model::kPageSize;
  operation.range.length = (draw_.one_in(3) ? draw_.between(1, 3) : 1) * model::kPageSize;
}

void OperationMaker::fill_range(Operation& operation, std::optional<std::uint8_t> message) {
  if (traces::acts_on_file(operation.kind)) {
    fill_file_range(operation);
    return;
  }
  if (is_touch(operation.kind) || operation.kind == Kind::pagemap || operation.kind == Kind::vma) {
    operation.range = places_.touched();
    return;
  }
  if (operation.kind == Kind::scan) {
    fill_scan_range(operation);
    return;
  }
  const bool protects = operation.kind == Kind::writeprotect, goes_on = operation.kind == Kind::continue_;
  const bool closes = operation.kind == Kind::rwprotect;
  const std::uint64_t modes = closes     ? model::abi::kRegisterModeRwp
                              : protects ? UFFDIO_REGISTER_MODE_WP
                                         : UFFDIO_REGISTER_MODE_MINOR;
  if ((protects || goes_on || closes) && draw_.one_in(2) && aim_at_registered(operation, modes)) return;
  if (message && draw_.one_in(2)) {
    operation.range = {.base = RangeExpression::Base::message, .index = *message};
    if (!draw_.one_in(8)) operation.range.length = RangeExpression::kWholeMessage;
    return;
  }
  operation.range = places_.range();
  // A whole region: what most registrations are.
  const bool registers = operation.kind == Kind::register_ || operation.kind == Kind::unregister;
  if (registers && draw_.one_in(3)) {
    operation.range = {};
    operation.range.index =
        static_cast<std::uint8_t>(draw_.below(static_cast<std::uint32_t>(program_.regions.size())));
    operation.range.length = program_.regions[operation.range.index].pages.bytes();
  }
  if (operation.kind == Kind::mmap && !may_be_mapped(operation.range)) operation.range = places_.pages();
}

void OperationMaker::fill_copy(Operation& operation) {
  // Letters that nobody could store: the machine must make them all.
  const bool absurd = operation.range.length > (std::uint64_t{1} << 32);
  if (draw_.one_in(5) || (absurd && operation.range.length != RangeExpression::kWholeMessage)) {
    operation.has_source = true;
    operation.source = places_.pages();
    operation.source.length = model::kPageSize;  // a source is a place: COPY takes the length of its range
    return;
  }
  for (std::uint32_t n = draw_.between(1, 2); n > 0; --n)
    operation.contents += draw_.one_of({'A', 'B', 'C', '\0'});
}

// No absurd lengths: on a real machine they end elsewhere, and a scan says where it ended.
void OperationMaker::fill_scan_range(Operation& operation) {
  if (!draw_.one_in(4) && aim_at_registered(operation, UFFDIO_REGISTER_MODE_WP)) return;
  operation.range = places_.pages();
  if (draw_.one_in(24)) operation.range.offset += draw_.between(1, model::kPageSize - 1);
  if (draw_.one_in(12)) operation.range.length -= draw_.one_of<std::uint64_t>({1, 0xfff, model::kPageSize});
}

// Whether an untouched page counts as written depends on page tables where nothing is tracked: who wants to
// know that looks at tracked mappings only.
void OperationMaker::fill_scan(Operation& operation) {
  namespace abi = model::abi;
  constexpr std::uint16_t kSeen = abi::kPageIsWritten | abi::kPageIsFile | abi::kPageIsPresent |
                                  abi::kPageIsSwapped | abi::kPageIsPfnzero;
  const auto some = [&] { return static_cast<std::uint16_t>(draw_.below(64) & draw_.below(64) & kSeen); };
  traces::Scan& scan = operation.scan;
  operation.mode = draw_.one_of<std::uint64_t>({0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4});
  scan.regions = static_cast<std::uint8_t>(draw_.one_in(3) ? draw_.between(0, 4) : 4);
  scan.required = abi::kPageIsWritten;
  if (operation.mode & abi::kPmScanWpMatching && scan.regions == 0) return;
  if (draw_.one_in(3)) scan.required = some();
  if (draw_.one_in(3)) scan.any_of = some();
  scan.inverted = static_cast<std::uint16_t>((scan.required | scan.any_of) & some());
  scan.gives = static_cast<std::uint16_t>(draw_.below(64));
  if (draw_.one_in(24)) scan.gives = draw_.one_of<std::uint16_t>({abi::kPageIsGuard, abi::kPageIsAccessed});
  if (draw_.one_in(4)) scan.most = draw_.between(1, 3);
  const bool about_writes = (scan.required | scan.any_of | scan.gives) & abi::kPageIsWritten;
  const bool skips = operation.mode & abi::kPmScanWpMatching;
  if (about_writes && !skips) scan.required |= abi::kPageIsWpallowed;
}

// Within a region or two, where there may be something to take.
void OperationMaker::fill_move(Operation& operation) {
  operation.has_source = true;
  operation.source = places_.pages();
  if (draw_.one_in(10)) operation.source = places_.range();
  operation.source.length = model::kPageSize;
  operation.mode = draw_.one_of<std::uint64_t>({0, 0, 0, 0, 2, 2, 1, 3, 4});
}

// Mostly to another place of the same length.
void OperationMaker::fill_mremap(Operation& operation) {
  if (!may_be_mapped(operation.range)) operation.range = places_.pages();
  operation.flags = draw_.one_of<std::uint64_t>({3, 3, 3, 3, 3, 3, 7, 7, 7, 1, 1, 0, 0, 0, 5, 2, 8});
  operation.has_target = operation.flags & MREMAP_FIXED || draw_.one_in(3);
  operation.target = draw_.one_in(8) ? places_.range() : places_.pages();
  if (!operation.has_target) {
    operation.target.base = RangeExpression::Base::absolute;
    operation.target.offset = 0;
  }
  if (!draw_.one_in(4)) operation.target.length = operation.range.length;
  if (may_be_mapped(operation.target)) return;
  operation.target.base = RangeExpression::Base::absolute;
  operation.target.offset = operation.has_target ? model::kPageSize : 0;
  operation.target.length = model::kPageSize * draw_.between(1, 4);
}

// GUARD_INSTALL of a file's write-protected page never ends. So a program that has files has either guard
// pages or write protection, and one that has guard pages without having files never maps any.
bool OperationMaker::guards_only_anonymous() const {
  bool shares = !program_.files.empty();
  for (const traces::Region& region : program_.regions) shares = shares || region.backing.shared();
  return !shares;
}

bool OperationMaker::may_guard() const {
  if (guards_only_anonymous()) return true;
  for (const traces::UffdSetup& uffd : program_.uffds) {
    for (const traces::UffdSetup::Registration& registration : uffd.registrations) {
      if (registration.mode & UFFDIO_REGISTER_MODE_WP) return false;
    }
  }
  return true;
}

void OperationMaker::fill_modes(Operation& operation) {
  switch (operation.kind) {
    case Kind::store:
    case Kind::copy_to_user:
      operation.contents = std::string(1, draw_.one_of({'S', 'T', '\0'}));
      break;
    case Kind::pwrite:
      for (std::uint32_t n = draw_.between(1, 2); n > 0; --n)
        operation.contents += draw_.one_of({'P', 'Q', '\0'});
      break;
    case Kind::mmap:
      if (!guards_only_anonymous()) operation.backing = generate_backing(draw_, program_);
      operation.protection = protection(draw_);
      break;
    case Kind::mprotect:
      operation.protection = protection(draw_);
      break;
    case Kind::madvise:
      operation.mode = draw_.one_of<std::uint64_t>({MADV_FREE, MADV_FREE, MADV_POPULATE_READ,
                                                    MADV_POPULATE_WRITE, model::kMadvGuardInstall,
                                                    model::kMadvGuardInstall, model::kMadvGuardRemove});
      if (operation.mode == model::kMadvGuardInstall && !may_guard()) operation.mode = MADV_POPULATE_WRITE;
      break;
    case Kind::mremap:
      fill_mremap(operation);
      break;
    case Kind::copy:
      fill_copy(operation);
      operation.mode = draw_.one_of<std::uint64_t>({0, 0, 0, 0, 0, 2, 2, 2, 1, 3, 4, std::uint64_t{1} << 63});
      break;
    case Kind::move:
      fill_move(operation);
      break;
    case Kind::writeprotect:
      operation.mode = draw_.one_of<std::uint64_t>({1, 1, 1, 1, 0, 0, 2, 3, 4, std::uint64_t{1} << 63});
      break;
    case Kind::rwprotect:
      operation.mode = draw_.one_of<std::uint64_t>({1, 1, 1, 1, 1, 0, 0, 0, 2, 3, 4, std::uint64_t{1} << 63});
      break;
    case Kind::set_mode:
      operation.features = draw_.one_of<std::uint64_t>(
          {0, 0, model::abi::kFeatureRwpAsync, model::abi::kFeatureRwpAsync, model::abi::kFeatureRwp});
      operation.disabled = draw_.one_of<std::uint64_t>(
          {0, 0, model::abi::kFeatureRwpAsync, model::abi::kFeatureRwpAsync, std::uint64_t{1} << 63});
      break;
    case Kind::scan:
      fill_scan(operation);
      break;
    case Kind::continue_:
      operation.mode = draw_.one_of<std::uint64_t>({0, 0, 0, 0, 0, 2, 2, 1, 3, 4});
      break;
    case Kind::poison:
    case Kind::zeropage:
      operation.mode = draw_.one_of<std::uint64_t>({0, 0, 0, 0, 0, 0, 1, 1, 2});
      break;
    case Kind::register_:
      operation.mode = draw_.one_of<std::uint64_t>(
          {1, 1, 1, 1, 1, 3, 3, 3, 2, 2, 0, 4, 4, 4, 5, 5, 6, 7, 8, 9, std::uint64_t{1} << 40});
      if (!guards_only_anonymous() && may_guard()) operation.mode &= ~std::uint64_t{UFFDIO_REGISTER_MODE_WP};
      break;
    case Kind::userfaultfd:
      operation.flags = draw_.one_in(4) ? draw_.below(8) : std::uint64_t{O_NONBLOCK};
      if (draw_.one_in(4)) operation.door = traces::Door::device;
      break;
    case Kind::dup:
      operation.opens =
          static_cast<std::uint8_t>(draw_.below(static_cast<std::uint32_t>(program_.uffds.size())));
      break;
    case Kind::setfl:
      operation.flags = draw_.one_in(3) ? 0 : std::uint64_t{O_NONBLOCK};
      break;
    case Kind::read:
      // Whether a reader that is woken finds a second message depends on how fast it is: several only alone.
      if (draw_.one_in(8)) {
        operation.room = draw_.one_of<std::uint64_t>({0, 31, 33, 64, 96, 128});
        if (program_.threads.size() > 1) operation.room = std::min<std::uint64_t>(operation.room, 33);
      }
      if (draw_.one_in(16)) operation.argument = traces::Argument::unreadable;
      break;
    case Kind::api:
      operation.features = generate_features(draw_, SetupShape{});
      if (draw_.one_in(4)) operation.features |= std::uint64_t{1} << draw_.between(0, 63);
      if (draw_.one_in(8)) operation.api = draw_.one_of<std::uint64_t>({0, 0xab, 0xaa00000000});
      break;
    case Kind::poll:
      operation.wait = draw_.one_in(6) ? traces::Wait::forever : traces::Wait::not_at_all;
      break;
    default:
      break;
  }
}

}  // namespace proptests
