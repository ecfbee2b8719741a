// SPDX-License-Identifier: Apache-2.0
// What the oracle says of userfaultfds.
#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <string_view>

#include "model/uffd/abi.hpp"
#include "proptests/oracle.hpp"

namespace proptests {
namespace {

using model::Errno;
using traces::Operation;
using traces::OperationKind;
using traces::Value;
using traces::ValueKind;

constexpr std::uint64_t kPage = model::kPageSize;
constexpr std::uint64_t kTask = traces::Layout::kTaskSize.value;

bool valid_unaligned(std::uint64_t start, std::uint64_t length) {
  return length != 0 && length % kPage == 0 && start < kTask && length <= kTask - start;
}

// The output field of what was filled, up to where it stopped.
Value filled(std::uint64_t done, std::uint64_t wanted, Errno why) {
  if (done == 0) return Value::with_field(why, -static_cast<std::int64_t>(why));
  const Errno error = done == wanted ? Errno::none : Errno::again;
  return Value::with_field(error, static_cast<std::int64_t>(done * kPage));
}

Value refused(OperationKind kind, Errno error) {
  return has_field(kind) ? Value::untouched(error) : Value::of(error);
}

}  // namespace

// The mode bits that an ioctl on a range knows, as the kernel that is modelled does.
bool Oracle::knows_mode(const Context& context, const Operation& operation) const {
  const std::uint64_t mode = operation.mode;
  switch (operation.kind) {
    case OperationKind::copy:
      return (operation.mode & ~std::uint64_t{UFFDIO_COPY_MODE_DONTWAKE | UFFDIO_COPY_MODE_WP}) == 0;
    case OperationKind::zeropage:
      return (operation.mode & ~std::uint64_t{UFFDIO_ZEROPAGE_MODE_DONTWAKE}) == 0;
    case OperationKind::register_:
      if (mode & model::abi::kRegisterModeRwp && !(context.features & model::abi::kFeatureRwp)) return false;
      return mode != 0 && (mode & ~kernel_.register_modes) == 0 &&
             (mode & kProtectingModes) != kProtectingModes;
    case OperationKind::rwprotect:
    case OperationKind::writeprotect:
      return operation.mode < 3;
    case OperationKind::move:
      return operation.mode < 4;
    case OperationKind::poison:
      return operation.mode < 2;
    default:
      return true;
  }
}

// Whether the kernel does not have the ioctl yet.
bool Oracle::is_newer(OperationKind kind) const {
  switch (kind) {
    case OperationKind::poison:
      return !(kernel_.features & model::abi::kFeaturePoison);
    case OperationKind::move:
      return !(kernel_.features & model::abi::kFeatureMove);
    case OperationKind::rwprotect:
    case OperationKind::set_mode:
      return !(kernel_.features & model::abi::kFeatureRwp);
    default:
      return false;
  }
}

// WP_ASYNC brings WP_UNPOPULATED along.
void Oracle::Context::enable(std::uint64_t wanted) {
  features = wanted;
  if (wanted & model::abi::kFeatureWpAsync) features |= model::abi::kFeatureWpUnpopulated;
}

Oracle::Answer Oracle::userfaultfd(const Operation& operation) {
  const bool privileged = program_.privilege == traces::Privilege::root;
  const bool asked = operation.door == traces::Door::system_call;
  if (asked && !privileged && !(operation.flags & model::abi::kUserModeOnly)) return Value::of(Errno::perm);
  if (operation.flags & ~std::uint64_t{O_CLOEXEC | O_NONBLOCK | model::abi::kUserModeOnly}) {
    return Value::of(Errno::inval);
  }
  descriptors_[operation.uffd] = static_cast<ContextId>(contexts_.size());
  contexts_.push_back({.flags = operation.flags});
  return Value::ok();
}

Oracle::Answer Oracle::with_context(const Operation& operation, const traces::Layout::Resolved& range) {
  const OperationKind kind = operation.kind;
  const ContextId id = descriptors_[operation.uffd];
  if (id == kNobody && kind == OperationKind::poll)
    return Value{.kind = ValueKind::events, .small = POLLNVAL};
  if (id == kNobody) return refused(kind, Errno::badf);
  Context& context = contexts_[static_cast<std::size_t>(id)];
  const bool nonblock = context.flags & O_NONBLOCK;
  switch (kind) {
    case OperationKind::close:
      close(operation.uffd);
      return Value::ok();
    case OperationKind::dup:
      dup(operation);
      return Value::ok();
    case OperationKind::setfl:
      context.flags = (context.flags & ~std::uint64_t{O_NONBLOCK}) | (operation.flags & O_NONBLOCK);
      return Value::ok();
    case OperationKind::fdinfo:
      return Value{.kind = ValueKind::counts};
    case OperationKind::api:
      return api(context, operation);
    case OperationKind::poll:
      if (!context.ready || !nonblock) return Value{.kind = ValueKind::events, .small = POLLERR};
      if (operation.wait == traces::Wait::forever) return std::nullopt;
      return Value{.kind = ValueKind::events};
    case OperationKind::read:
      if (!context.ready || operation.room < Operation::kOneMessage) return Value::of(Errno::inval);
      if (!nonblock) return std::nullopt;
      return Value::of(Errno::again);
    default:
      break;
  }
  if (!context.ready) return refused(kind, Errno::inval);
  if (is_newer(kind)) return refused(kind, Errno::inval);
  if (operation.argument == traces::Argument::unreadable) return refused(kind, Errno::fault);
  if (kind == OperationKind::set_mode) return set_mode(context, operation);
  const std::uint64_t start = range.start.value;
  const bool more_modes = kind == OperationKind::continue_ && operation.mode & ~kernel_.continue_modes;
  if (more_modes) return refused(kind, Errno::inval);
  const bool good =
      start % kPage == 0 && valid_unaligned(start, range.length) && knows_mode(context, operation);
  if (!good) return refused(kind, Errno::inval);
  const Span span{start / kPage, (start + range.length) / kPage};
  switch (kind) {
    case OperationKind::register_:
      return register_(id, operation, span);
    case OperationKind::unregister:
      return unregister(id, span);
    case OperationKind::zeropage:
      return zeropage(span);
    case OperationKind::poison:
      return poison(span);
    case OperationKind::continue_:
      return continue_(operation, span);
    case OperationKind::move:
      return move(id, operation, span);
    case OperationKind::writeprotect:
      return writeprotect(operation, span);
    case OperationKind::rwprotect:
      return rwprotect(operation, span);
    case OperationKind::copy:
      return copy(operation, span);
    default:
      return Value::ok();  // wake: nobody sleeps
  }
}

Value Oracle::api(Context& context, const Operation& operation) {
  if (operation.argument == traces::Argument::unreadable) return Value::untouched(Errno::fault);
  const bool privileged = program_.privilege == traces::Privilege::root;
  if (operation.api != UFFD_API) return Value::with_field(Errno::inval, 0);
  if (operation.features & UFFD_FEATURE_EVENT_FORK && !privileged) return Value::with_field(Errno::perm, 0);
  const std::uint64_t rwp = operation.features & (model::abi::kFeatureRwp | model::abi::kFeatureRwpAsync);
  const bool offered = (operation.features & ~kernel_.features) == 0 && rwp != model::abi::kFeatureRwpAsync;
  if (!offered || context.ready) return Value::with_field(Errno::inval, 0);
  context.ready = true;
  context.enable(operation.features);
  return Value::with_field(Errno::none, static_cast<std::int64_t>(kernel_.features));
}

Value Oracle::register_(ContextId id, const Operation& operation, Span span) {
  if (next_in(span) == mappings_.end()) return Value::untouched(Errno::inval);
  for (Span rest = span;; rest.first = next_in(rest)->second.end) {
    const auto at = next_in(rest);
    if (at == mappings_.end()) break;
    const bool minor = operation.mode & UFFDIO_REGISTER_MODE_MINOR;
    const bool rwp = operation.mode & model::abi::kRegisterModeRwp;
    if (rwp && at->second.protection == 0) return Value::untouched(Errno::inval);
    if (minor && at->second.file == kNoFile) return Value::untouched(Errno::inval);
    if (at->second.owner != kNobody && at->second.owner != id) return Value::untouched(Errno::busy);
    const bool drops_protection = at->second.modes & ~operation.mode & kProtectingModes;
    if (drops_protection && kernel_.features & model::abi::kFeatureRwp) return Value::untouched(Errno::busy);
  }
  for (Span rest = span;;) {
    const auto at = next_in(rest);
    if (at == mappings_.end()) break;
    const Span part{std::max(rest.first, at->first), std::min(span.end, at->second.end)};
    rest.first = part.end;
    if (at->second.owner == id && (at->second.modes & operation.mode) == operation.mode) continue;
    split_at(part.first);
    split_at(part.end);
    Mapping& mine = mapping_of(part.first)->second;
    mine.owner = id;
    mine.modes = operation.mode;
    merge_around(part);
  }
  const bool wp = operation.mode & UFFDIO_REGISTER_MODE_WP;
  const bool minor = operation.mode & UFFDIO_REGISTER_MODE_MINOR;
  const std::uint64_t ioctls = kernel_.range_ioctls | (wp ? std::uint64_t{1} << _UFFDIO_WRITEPROTECT : 0) |
                               (minor ? std::uint64_t{1} << _UFFDIO_CONTINUE : 0) |
                               (operation.mode & model::abi::kRegisterModeRwp ? std::uint64_t{1} << 9 : 0);
  return Value::with_field(Errno::none, static_cast<std::int64_t>(ioctls));
}

Value Oracle::unregister(ContextId id, Span span) {
  const std::string_view version = kernel_.name;
  const bool anyone = version == "6.1" || version == "6.12";
  if (next_in(span) == mappings_.end()) return Value::of(Errno::inval);
  for (Span rest = span;; rest.first = next_in(rest)->second.end) {
    const auto at = next_in(rest);
    if (at == mappings_.end()) break;
    if (at->second.owner != kNobody && at->second.owner != id && !anyone) return Value::of(Errno::inval);
  }
  for (Span rest = span;;) {
    const auto at = next_in(rest);
    if (at == mappings_.end()) break;
    const Span part{std::max(rest.first, at->first), std::min(span.end, at->second.end)};
    rest.first = part.end;
    if (at->second.owner != kNobody) disarm(part);
  }
  return Value::ok();
}

// The mapping that pages are to be put into; the end if that is refused.
Oracle::Mappings::iterator Oracle::destination(Span span) {
  const auto at = mapping_of(span.first);
  if (at == mappings_.end()) return at;
  const bool fits = span.end <= at->second.end && at->second.owner != kNobody;
  const bool looks_first = std::string_view(kernel_.name) == "6.1";
  if (fits || !looks_first) give_family(at);
  return fits ? at : mappings_.end();
}

Oracle::Answer Oracle::copy(const Operation& operation, Span span) {
  const std::uint64_t wanted = span.end - span.first;
  const std::uint64_t source = operation.has_source ? layout_.resolve(operation.source, {}).start.value : 0;
  if (operation.has_source && !valid_unaligned(source, wanted * kPage)) return Value::untouched(Errno::inval);
  const auto at = destination(span);
  if (at == mappings_.end()) return filled(0, wanted, Errno::noent);
  const bool wp = operation.mode & UFFDIO_COPY_MODE_WP;
  if (wp && !(at->second.modes & UFFDIO_REGISTER_MODE_WP)) return filled(0, wanted, Errno::inval);
  for (std::uint64_t done = 0; done < wanted; ++done) {
    const Page page = span.first + done;
    char letter = operation.has_source
                      ? '\0'
                      : operation.contents[std::min<std::size_t>(done, operation.contents.size() - 1)];
    if (asks_first(at->second) && beyond_file(at->second, page)) return filled(done, wanted, Errno::nomem);
    if (operation.has_source) {
      const Fault how = fault(source / kPage + done, false, true);
      if (how == Fault::sleeps) return std::nullopt;
      if (how != Fault::resolved) return filled(done, wanted, Errno::fault);
      letter = content(source / kPage + done);
    }
    const Errno error = fill(at, page, letter, wp);
    if (error != Errno::none) return filled(done, wanted, error);
  }
  return filled(wanted, wanted, Errno::none);
}

// Whether a page cannot be filled. A marker is replaced; since 7.1 a guard page is not.
bool Oracle::occupies(const PageInfo& page) const {
  const bool guards_stay = kernel_.features & model::abi::kFeatureRwp;
  return page.kind == PageInfo::Kind::present || (page.kind == PageInfo::Kind::guarded && guards_stay);
}

// Puts a page that was made for it into a mapping that is armed, if nothing is there, nor in the file that is
// shared.
Errno Oracle::fill(Mappings::iterator mapping, Page page, char letter, bool wp) {
  const Mapping& mine = mapping->second;
  if (beyond_file(mine, page)) return asks_first(mine) ? Errno::nomem : Errno::fault;
  const std::uint64_t index = page + mine.shift;
  if (mine.shared && file_of(mine).pages.contains(index)) return Errno::exist;
  const auto known = pages_.find(page);
  if (known != pages_.end() && occupies(known->second)) return Errno::exist;
  pages_[page] = {.content = letter, .wp = wp, .of_file = mine.shared};
  if (mine.shared) file_of(mine).pages[index] = letter;
  return Errno::none;
}

Value Oracle::continue_(const Operation& operation, Span span) {
  const std::uint64_t wanted = span.end - span.first;
  const auto at = destination(span);
  if (at == mappings_.end()) return filled(0, wanted, Errno::noent);
  const Mapping& mine = at->second;
  const bool wp = operation.mode & model::abi::kContinueModeWp;
  if (mine.file == kNoFile) return filled(0, wanted, Errno::inval);
  if (wp && !(mine.modes & UFFDIO_REGISTER_MODE_WP)) return filled(0, wanted, Errno::inval);
  for (std::uint64_t done = 0; done < wanted; ++done) {
    const Page page = span.first + done;
    if (beyond_file(mine, page)) return filled(done, wanted, kernel_.continue_beyond_size);
    if (!file_of(mine).pages.contains(page + mine.shift)) return filled(done, wanted, Errno::fault);
    const auto known = pages_.find(page);
    if (known != pages_.end() && occupies(known->second)) return filled(done, wanted, Errno::exist);
    pages_[page] = {.wp = wp, .of_file = true};
  }
  return filled(wanted, wanted, Errno::none);
}

Value Oracle::zeropage(Span span) {
  const std::uint64_t wanted = span.end - span.first;
  const auto at = destination(span);
  if (at == mappings_.end()) return filled(0, wanted, Errno::noent);
  for (std::uint64_t done = 0; done < wanted; ++done) {
    const Page page = span.first + done;
    if (at->second.shared) {
      const Errno error = fill(at, page, '\0', false);
      if (error != Errno::none) return filled(done, wanted, error);
      continue;
    }
    if (beyond_file(at->second, page)) return filled(done, wanted, Errno::fault);
    if (pages_.contains(page)) return filled(done, wanted, Errno::exist);
    pages_[page] = {.zero_page = true};
  }
  return filled(wanted, wanted, Errno::none);
}

Value Oracle::poison(Span span) {
  const std::uint64_t wanted = span.end - span.first;
  const auto at = destination(span);
  if (at == mappings_.end()) return filled(0, wanted, Errno::noent);
  for (std::uint64_t done = 0; done < wanted; ++done) {
    if (beyond_file(at->second, span.first + done)) return filled(done, wanted, Errno::fault);
    if (pages_.contains(span.first + done)) return filled(done, wanted, Errno::exist);
    pages_[span.first + done] = {.kind = PageInfo::Kind::poisoned};
  }
  return filled(wanted, wanted, Errno::none);
}

Value Oracle::move(ContextId id, const Operation& operation, Span span) {
  const std::uint64_t wanted = span.end - span.first;
  const std::uint64_t source = layout_.resolve(operation.source, {}).start.value;
  if (source % kPage != 0 || !valid_unaligned(source, wanted * kPage)) return Value::untouched(Errno::inval);
  const Page from = source / kPage;
  const auto to_mapping = mapping_of(span.first);
  if (to_mapping == mappings_.end()) return filled(0, wanted, Errno::noent);
  give_family(to_mapping);
  const auto from_mapping = mapping_of(from);
  if (from_mapping == mappings_.end()) return filled(0, wanted, Errno::noent);
  const Mapping &there = to_mapping->second, &here = from_mapping->second;
  const bool fits = span.end <= there.end && from + wanted <= here.end &&
                    here.protection == there.protection && here.protection & traces::kProtWrite &&
                    there.owner == id && here.file == kNoFile && there.file == kNoFile;
  if (!fits) return filled(0, wanted, Errno::inval);
  for (std::uint64_t done = 0; done < wanted; ++done) {
    if (pages_.contains(span.first + done)) return filled(done, wanted, Errno::exist);
    const auto known = pages_.find(from + done);
    if (known == pages_.end()) {
      if (operation.mode & model::abi::kMoveModeAllowSrcHoles) continue;
      return filled(done, wanted, Errno::noent);
    }
    if (known->second.kind != PageInfo::Kind::present) return filled(done, wanted, Errno::fault);
    const bool rwp = there.modes & model::abi::kRegisterModeRwp;
    pages_[span.first + done] = {
        .content = known->second.content, .wp = rwp, .zero_page = known->second.zero_page};
    pages_.erase(known);
  }
  return filled(wanted, wanted, Errno::none);
}

}  // namespace proptests
