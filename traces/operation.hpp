// SPDX-License-Identifier: Apache-2.0
// Operations: what one thread of a program can do, in the ABI's own terms. An operation is data; a
// machine (the model, or a real kernel) performs it and returns a Value.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/mm/address.hpp"
#include "traces/scan.hpp"

namespace traces {

enum class OperationKind : std::uint8_t {
  // Touching memory. A touch the kernel refuses yields a signal value.
  load,   // user-mode read of the byte at `range.start` -> content
  store,  // user-mode write of `contents[0]`            -> ok
  // A system call that touches the caller's memory for it: the fault is a kernel-mode fault.
  copy_from_user,  // write(2) of one byte at `range.start` into a pipe -> content, or EFAULT
  copy_to_user,    // read(2) from a pipe of `contents[0]`              -> ok, or EFAULT
  // Memory system calls over `range`.
  mmap,      // `backing` with `protection`, MAP_FIXED at range            -> errno
  munmap,    //                                                            -> errno
  mprotect,  // to `protection`                                            -> errno
  dontneed,  // madvise(MADV_DONTNEED)                                     -> errno
  remove,    // madvise(MADV_REMOVE)                                       -> errno
  madvise,   // `mode` (MADV_*), which is another advice                   -> errno
  mremap,    // to `target`, whose length is the new one; `flags` (MREMAP_*) -> errno
  // System calls on a file: `range` is pages of it.
  truncate,  // ftruncate to `number` pages                                -> errno
  punch,     // fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)      -> errno
  pwrite,    // pwrite of `contents`, whole pages                          -> errno
  exit,      // exit_group(2): every thread of the process ends; no value
  fork,      // fork(2): the child is thread number `child`                -> errno
  // userfaultfd.
  userfaultfd,   // userfaultfd(`flags`), or the same of /dev/userfaultfd (`door`), into descriptor variable
                 // `uffd`                                  -> errno
  api,           // UFFDIO_API with `api`, `features`       -> errno; field: the features word that came back
  register_,     // UFFDIO_REGISTER, `mode` (UFFDIO_REGISTER_MODE_*) -> errno; field: the mask of ioctls
  unregister,    // UFFDIO_UNREGISTER                       -> errno
  copy,          // UFFDIO_COPY, `contents` or `source`, `mode` -> errno; field: uffdio_copy.copy
  zeropage,      // UFFDIO_ZEROPAGE, `mode`                 -> errno; field: uffdio_zeropage.zeropage
  wake,          // UFFDIO_WAKE                             -> errno
  writeprotect,  // UFFDIO_WRITEPROTECT, `mode` (UFFDIO_WRITEPROTECT_MODE_*) -> errno
  poison,        // UFFDIO_POISON, `mode`                  -> errno; field: uffdio_poison.updated
  continue_,     // UFFDIO_CONTINUE, `mode`                -> errno; field: uffdio_continue.mapped
  move,          // UFFDIO_MOVE from `source`, `mode`      -> errno; field: uffdio_move.move
  read,          // read(2) into `room` bytes, which may be `unreadable`; blocks unless the descriptor is
                 // O_NONBLOCK -> the first message, or errno. The others wait for `next`. The descriptor that
                 // comes with the first FORK goes to the variable `opens`.
  next,          // the next message of the thread's last read; no system call -> message, or ENOMSG
  poll,          // poll(2), POLLIN; `wait` says whether it waits -> events
  close,         // close(2)                                -> errno
  dup,           // dup(2) into the variable `opens`        -> errno
  setfl,         // fcntl(F_SETFL, `flags`): O_NONBLOCK     -> errno
  // Other ways to wait for a userfaultfd, and to hand it on.
  epoll_add,   // epoll_ctl(EPOLL_CTL_ADD) to epoll instance number `epoll`, EPOLLIN, `trigger`     -> errno
  epoll_del,   // epoll_ctl(EPOLL_CTL_DEL)                                                          -> errno
  epoll_wait,  // epoll_wait(2) for one event; `wait` says whether it waits                         -> events
  send,        // sendmsg(2) of the descriptor (SCM_RIGHTS) into socket number `socket`             -> errno
  receive,     // recvmsg(2) from it, waiting for one; the descriptor goes to the variable `opens` -> errno
  // The program's own synchronisation.
  lock,    // take mutex number `mutex` -> ok
  unlock,  // release it                -> ok
  get,     // shared variable number `variable` -> number
  set,     // store `number` into it            -> ok
  // Looking at kernel state.
  pagemap,  // /proc/self/pagemap and maps, one page -> page
  fdinfo,   // /proc/self/fdinfo of `uffd`           -> counts
  vma,      // /proc/self/smaps of one address       -> mapping
  scan,     // PAGEMAP_SCAN on /proc/self/pagemap with `scan`, flags in `mode` -> the regions found, or errno;
            // field: bytes from the start of the range to pm_scan_arg.walk_end
  // userfaultfd since 7.3.
  rwprotect,  // UFFDIO_RWPROTECT, `mode` (UFFDIO_RWPROTECT_MODE_*)     -> errno
  set_mode,   // UFFDIO_SET_MODE: enables `features`, disables `disabled` -> errno
};
inline constexpr OperationKind kLastOperationKind = OperationKind::set_mode;

// The word of the litmus language and of traces: "copy-from-user".
const char* name_of(OperationKind kind);

// Whether its ioctl has an output field.
bool has_field(OperationKind kind);

// Whether it makes a descriptor that needs a name: `opens`.
constexpr bool always_opens(OperationKind kind) {
  return kind == OperationKind::dup || kind == OperationKind::receive;
}

inline constexpr std::uint8_t kProtRead = 1, kProtWrite = 2;  // PROT_READ, PROT_WRITE
enum class Wait : std::uint8_t { forever, not_at_all };
enum class Door : std::uint8_t { system_call, device };  // userfaultfd(2), /dev/userfaultfd
enum class Trigger : std::uint8_t { level, edge };       // edge: EPOLLET
// Whether the pointer handed to an ioctl can be read: `unreadable` is how a copy-in EFAULT is provoked.
enum class Argument : std::uint8_t { readable, unreadable };

// Where an operation acts. Four forms, told apart by `base`.
struct RangeExpression {
  enum class Base : std::uint8_t {
    region,   // `index` is a region of the program; start = its address + offset
    message,  // `index` is a register holding a message; start = its address rounded down to a page, + offset
    absolute,  // start = offset: an address that no region names
    file,      // `index` is a file of the program; start = offset, in the file
  };
  Base base = Base::region;
  std::uint8_t index = 0;
  std::uint64_t offset = 0;  // bytes
  // Bytes. For Base::message, `kWholeMessage` means the range the message names (one page for a fault).
  std::uint64_t length = model::kPageSize;
  static constexpr std::uint64_t kWholeMessage = ~std::uint64_t{0};
  friend bool operator==(const RangeExpression&, const RangeExpression&) = default;
};

// Whether it acts on a file, not on memory.
constexpr bool acts_on_file(OperationKind kind) {
  return kind == OperationKind::truncate || kind == OperationKind::punch || kind == OperationKind::pwrite;
}

// What a mapping maps.
struct Backing {
  enum class Sharing : std::uint8_t { private_, shared };  // MAP_PRIVATE, MAP_SHARED
  Sharing sharing = Sharing::private_;
  bool has_file = false;   // else anonymous memory
  std::uint8_t file = 0;   // of the program
  std::uint64_t page = 0;  // of the file, where the mapping begins; in base pages
  // Huge: MAP_HUGETLB; of a file it is the same as the file's.
  model::PageSize page_size = model::PageSize::base;
  enum class Reserve : std::uint8_t { yes, no } reserve = Reserve::yes;  // no: MAP_NORESERVE
  bool shared() const { return sharing == Sharing::shared; }
  friend bool operator==(const Backing&, const Backing&) = default;
};

inline constexpr std::uint64_t kApiDefault = 0xAA;  // UFFD_API

struct Operation {
  OperationKind kind = OperationKind::load;
  RangeExpression range{};
  // copy, pwrite: one letter a page, a huge one where the region or file has those, the last repeated; store,
  // copy_to_user: the letter. '\0' is a zero byte.
  std::string contents{};
  bool has_source = false;  // move: always; copy: the bytes come from `source` in the caller's memory instead
  RangeExpression source{};  // never by a message
  // mremap: where it shall be. Without a place of its own (has_target) only the new length counts.
  bool has_target = false;
  RangeExpression target{};  // never by a message
  std::uint8_t uffd = 0;     // descriptor variable
  static constexpr std::uint8_t kOpensNothing = 0xff;
  std::uint8_t opens = kOpensNothing;  // read, dup, receive: the descriptor variable for what they open
  std::uint8_t child = 0;  // fork: a thread of the program, which begins here in a process of its own
  std::uint8_t protection = kProtRead | kProtWrite;
  Backing backing{};  // mmap
  std::uint8_t mutex = 0;
  std::uint8_t variable = 0;
  std::uint8_t epoll = 0;
  std::uint8_t socket = 0;
  Door door = Door::system_call;
  Trigger trigger = Trigger::level;
  Wait wait = Wait::forever;
  Argument argument = Argument::readable;
  std::uint64_t number = 0;  // set; truncate: the new length in base pages
  std::uint64_t mode = 0;  // register: UFFDIO_REGISTER_MODE_*; other ioctls: their mode bits; madvise: MADV_*
  std::uint64_t flags = 0;  // userfaultfd: O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY; mremap: MREMAP_*;
                            // setfl: O_NONBLOCK
  static constexpr std::uint64_t kOneMessage = 32;  // bytes: sizeof(struct uffd_msg)
  static constexpr std::uint64_t kMostRoom = 32 * kOneMessage;
  std::uint64_t room = kOneMessage;  // read
  std::uint64_t api = kApiDefault;
  std::uint64_t features = 0;  // api, set_mode
  std::uint64_t disabled = 0;  // set_mode: features
  Scan scan{};
  friend bool operator==(const Operation&, const Operation&) = default;
};

}  // namespace traces
