// SPDX-License-Identifier: Apache-2.0
#include "traces/operation.hpp"

namespace traces {

const char* name_of(OperationKind kind) {
  switch (kind) {
    case OperationKind::load:
      return "load";
    case OperationKind::store:
      return "store";
    case OperationKind::copy_from_user:
      return "copy-from-user";
    case OperationKind::copy_to_user:
      return "copy-to-user";
    case OperationKind::mmap:
      return "mmap";
    case OperationKind::munmap:
      return "munmap";
    case OperationKind::mprotect:
      return "mprotect";
    case OperationKind::dontneed:
      return "dontneed";
    case OperationKind::remove:
      return "remove";
    case OperationKind::truncate:
      return "truncate";
    case OperationKind::punch:
      return "punch";
    case OperationKind::pwrite:
      return "pwrite";
    case OperationKind::madvise:
      return "madvise";
    case OperationKind::mremap:
      return "mremap";
    case OperationKind::exit:
      return "exit";
    case OperationKind::fork:
      return "fork";
    case OperationKind::userfaultfd:
      return "userfaultfd";
    case OperationKind::api:
      return "api";
    case OperationKind::register_:
      return "register";
    case OperationKind::unregister:
      return "unregister";
    case OperationKind::copy:
      return "copy";
    case OperationKind::zeropage:
      return "zeropage";
    case OperationKind::wake:
      return "wake";
    case OperationKind::writeprotect:
      return "writeprotect";
    case OperationKind::poison:
      return "poison";
    case OperationKind::continue_:
      return "continue";
    case OperationKind::move:
      return "move";
    case OperationKind::read:
      return "read";
    case OperationKind::next:
      return "next";
    case OperationKind::poll:
      return "poll";
    case OperationKind::close:
      return "close";
    case OperationKind::dup:
      return "dup";
    case OperationKind::setfl:
      return "setfl";
    case OperationKind::epoll_add:
      return "epoll-add";
    case OperationKind::epoll_del:
      return "epoll-del";
    case OperationKind::epoll_wait:
      return "epoll-wait";
    case OperationKind::send:
      return "send";
    case OperationKind::receive:
      return "receive";
    case OperationKind::lock:
      return "lock";
    case OperationKind::unlock:
      return "unlock";
    case OperationKind::get:
      return "get";
    case OperationKind::set:
      return "set";
    case OperationKind::pagemap:
      return "pagemap";
    case OperationKind::fdinfo:
      return "fdinfo";
    case OperationKind::vma:
      return "vma";
    case OperationKind::scan:
      return "scan";
    case OperationKind::rwprotect:
      return "rwprotect";
    case OperationKind::set_mode:
      return "set-mode";
  }
  return "?";
}

bool has_field(OperationKind kind) {
  switch (kind) {
    case OperationKind::api:
    case OperationKind::register_:
    case OperationKind::copy:
    case OperationKind::zeropage:
    case OperationKind::poison:
    case OperationKind::continue_:
    case OperationKind::move:
    case OperationKind::scan:
      return true;
    default:
      return false;
  }
}

}  // namespace traces
