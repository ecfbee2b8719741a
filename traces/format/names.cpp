// SPDX-License-Identifier: Apache-2.0
#include "traces/format/names.hpp"

#include <cstring>
#include <utility>

#include "model/uffd/abi.hpp"

namespace traces {
namespace {

constexpr std::pair<OperationKind, std::string_view> kKinds[] = {
    {OperationKind::load, "load"},
    {OperationKind::store, "store"},
    {OperationKind::copy_from_user, "copy_from_user"},
    {OperationKind::copy_to_user, "copy_to_user"},
    {OperationKind::mmap, "mmap"},
    {OperationKind::munmap, "munmap"},
    {OperationKind::mprotect, "mprotect"},
    {OperationKind::dontneed, "dontneed"},
    {OperationKind::remove, "remove"},
    {OperationKind::truncate, "truncate"},
    {OperationKind::punch, "punch"},
    {OperationKind::pwrite, "pwrite"},
    {OperationKind::madvise, "madvise"},
    {OperationKind::mremap, "mremap"},
    {OperationKind::exit, "exit"},
    {OperationKind::fork, "fork"},
    {OperationKind::userfaultfd, "userfaultfd"},
    {OperationKind::api, "api"},
    {OperationKind::register_, "register"},
    {OperationKind::unregister, "unregister"},
    {OperationKind::copy, "copy"},
    {OperationKind::zeropage, "zeropage"},
    {OperationKind::wake, "wake"},
    {OperationKind::writeprotect, "writeprotect"},
    {OperationKind::poison, "poison"},
    {OperationKind::continue_, "continue"},
    {OperationKind::move, "move"},
    {OperationKind::read, "read"},
    {OperationKind::next, "next"},
    {OperationKind::poll, "poll"},
    {OperationKind::close, "close"},
    {OperationKind::dup, "dup"},
    {OperationKind::setfl, "setfl"},
    {OperationKind::epoll_add, "epoll_add"},
    {OperationKind::epoll_del, "epoll_del"},
    {OperationKind::epoll_wait, "epoll_wait"},
    {OperationKind::send, "send"},
    {OperationKind::receive, "receive"},
    {OperationKind::lock, "lock"},
    {OperationKind::unlock, "unlock"},
    {OperationKind::get, "get"},
    {OperationKind::set, "set"},
    {OperationKind::pagemap, "pagemap"},
    {OperationKind::fdinfo, "fdinfo"},
    {OperationKind::vma, "vma"},
    {OperationKind::scan, "scan"},
    {OperationKind::rwprotect, "rwprotect"},
    {OperationKind::set_mode, "set_mode"},
};

constexpr std::pair<Moment, std::string_view> kMoments[] = {
    {Moment::enter, "enter"}, {Moment::exit, "exit"}, {Moment::whole, "whole"}};

constexpr std::pair<std::uint8_t, std::string_view> kEvents[] = {
    {UFFD_EVENT_PAGEFAULT, "PAGEFAULT"}, {UFFD_EVENT_FORK, "FORK"},   {UFFD_EVENT_REMAP, "REMAP"},
    {UFFD_EVENT_REMOVE, "REMOVE"},       {UFFD_EVENT_UNMAP, "UNMAP"},
};

template <class Table, class Key>
std::string_view name_in(const Table& table, Key key) {
  for (const auto& [value, name] : table) {
    if (value == key) return name;
  }
  return {};
}

template <class Key, std::size_t N>
std::optional<Key> named_in(const std::pair<Key, std::string_view> (&table)[N], std::string_view wanted) {
  for (const auto& [value, name] : table) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

constexpr int kLastErrno = 255;  // the most a model::Errno holds

}  // namespace

std::string_view kind_name(OperationKind kind) { return name_in(kKinds, kind); }
std::optional<OperationKind> kind_named(std::string_view name) { return named_in(kKinds, name); }

std::string_view moment_name(Moment moment) { return name_in(kMoments, moment); }
std::optional<Moment> moment_named(std::string_view name) { return named_in(kMoments, name); }

std::string_view event_name(std::uint8_t event) { return name_in(kEvents, event); }
std::optional<std::uint8_t> event_named(std::string_view name) { return named_in(kEvents, name); }

std::string errno_name(model::Errno error) {
  if (error == model::Errno::none) return "ok";
  const char* name = ::strerrorname_np(static_cast<int>(error));
  return name != nullptr ? name : std::to_string(static_cast<int>(error));
}

std::optional<model::Errno> errno_named(std::string_view name) {
  if (name == "ok") return model::Errno::none;
  for (int number = 1; number <= kLastErrno; ++number) {
    const auto candidate = static_cast<model::Errno>(number);
    if (name == errno_name(candidate)) return candidate;
  }
  return std::nullopt;
}

}  // namespace traces
