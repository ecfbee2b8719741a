// SPDX-License-Identifier: Apache-2.0
// The system calls of a simulated process. Each is in a file of its own name. Errors and rounding as in the
// manual pages; all are called with no lock held.
#pragma once
#include "model/errno.hpp"
#include "model/syscalls/process.hpp"
#include "model/uffd/event.hpp"

namespace model {

// Bits of a protection, as PROT_READ and PROT_WRITE; 0 is PROT_NONE.
inline constexpr std::uint8_t kProtectRead = 1, kProtectWrite = 2;

// userfaultfd(2): the lowest free descriptor. EPERM, EINVAL, EMFILE. Or USERFAULTFD_IOC_NEW of
// /dev/userfaultfd: who may open that (else EACCES) needs no capability. Source: uffd-semantics §2.
enum class Door : std::uint8_t { system_call, device };
sim::Task<Result<int>> sys_userfaultfd(Process& process, std::uint64_t flags, Door door = Door::system_call);

// close(2). EBADF.
sim::Task<Errno> sys_close(Process& process, int fd);

// dup(2): the lowest free descriptor, for the same file. EBADF, EMFILE.
sim::Task<Result<int>> sys_dup(Process& process, int fd);

// fcntl(2) with F_SETFL: O_NONBLOCK of the file, for all its descriptors. EBADF.
sim::Task<Errno> sys_fcntl_setfl(Process& process, int fd, std::uint64_t flags);

// sendmsg(2) with SCM_RIGHTS: the open file is in flight until somebody takes it out. EBADF, EINTR if killed.
sim::Task<Errno> sys_send_fd(Process& process, UnixSocket& socket, int fd);
// recvmsg(2): waits for a file, which gets the lowest free descriptor. EMFILE (the file is dropped), EINTR if
// killed.
sim::Task<Result<int>> sys_receive_fd(Process& process, UnixSocket& socket);
// The last process that had it has gone: drops what is in flight. Called with no lock held.
sim::Task<void> close_socket(Process& process, UnixSocket& socket);

// poll(2) of one descriptor for POLLIN: POLLIN, POLLERR, POLLNVAL if it is not open, or 0. The descriptor is
// looked up again at every look: closed meanwhile, the next wake-up tells POLLNVAL.
enum class PollWait : std::uint8_t { forever, not_at_all };
sim::Task<std::uint8_t> sys_poll(Process& process, int fd, PollWait wait);

// epoll_ctl(2) for EPOLLIN: EPOLL_CTL_ADD. EBADF; EEXIST if this descriptor of this file is there already.
sim::Task<Errno> sys_epoll_add(Process& process, EventPoll& ep, int fd, EpollTrigger trigger);
// EPOLL_CTL_DEL. EBADF, ENOENT.
sim::Task<Errno> sys_epoll_del(Process& process, EventPoll& ep, int fd);
// epoll_wait(2) for one event: POLLIN, POLLERR, or 0.
sim::Task<std::uint8_t> sys_epoll_wait(EventPoll& ep, PollWait wait);
// Nobody has the file any more: no epoll instance watches it. Called with no lock held.
sim::Task<void> eventpoll_release(Machine& machine, File& file);

// mmap(2). Fixed: at `start`, over whatever is there. Hint: there if it is free, else in the highest gap that
// is large enough. EBADF, EINVAL, ENOMEM; of huge pages, ENOMEM also if the pool cannot promise so many.
enum class MapPlacement : std::uint8_t { fixed, hint };
enum class Sharing : std::uint8_t { private_, shared };  // MAP_PRIVATE, MAP_SHARED
struct MapObject {
  static constexpr int kAnonymous = -1;
  Sharing sharing = Sharing::private_;
  int memfd = kAnonymous;               // whose pages are mapped
  std::uint64_t first = 0;              // the page of it at the start of the mapping
  PageSize page_size = PageSize::base;  // huge: MAP_HUGETLB; of a file it is the file that says it
  enum class Reserve : std::uint8_t { yes, no } reserve = Reserve::yes;  // no: MAP_NORESERVE
};
sim::Task<Result<VirtAddr>> sys_mmap(Process& process, VirtAddr start, std::uint64_t length,
                                     std::uint8_t protection, MapPlacement placement, MapObject object = {});

// munmap(2). EINVAL, also for a part of a huge page.
sim::Task<Errno> sys_munmap(Process& process, VirtAddr start, std::uint64_t length);

// mprotect(2). EINVAL, also for a part of a huge page; ENOMEM where nothing is mapped, after what lies before
// has been changed.
sim::Task<Errno> sys_mprotect(Process& process, VirtAddr start, std::uint64_t length,
                              std::uint8_t protection);

// Where the kernel may choose.
inline constexpr VirtAddr kAnywhere{~std::uint64_t{0} & kPageMask};

// mremap(2): where the mapping is afterwards. `flags` are MREMAP_*; `new_address` counts with FIXED, and as a
// hint with DONTUNMAP. EINVAL, EFAULT, ENOMEM. Not of huge pages: those stop the simulator. Source:
// uffd-semantics §7, §14.
struct MremapRequest {
  VirtAddr old_address;
  std::uint64_t old_length = 0;
  std::uint64_t new_length = 0;
  std::uint64_t flags = 0;
  VirtAddr new_address = kAnywhere;
};
sim::Task<Result<VirtAddr>> sys_mremap(Process& process, MremapRequest request);

// madvise(2): DONTNEED, FREE, REMOVE, POPULATE_READ, POPULATE_WRITE, GUARD_INSTALL or GUARD_REMOVE. EINVAL
// (no such advice, or not for such memory; DONTNEED also if it begins within a huge page, the last of which
// is left if it ends within it); ENOMEM where nothing is mapped, after the rest has been done; REMOVE also
// EACCES; POPULATE also EFAULT and EHWPOISON. Source: uffd-semantics §14, §17.
sim::Task<Errno> sys_madvise(Process& process, VirtAddr start, std::uint64_t length, std::uint64_t advice);

// fork(2) without the birth: `child`, which has not run yet, gets a copy of the parent's descriptors and
// address space. The pages are shared until one of the two writes. A context with EVENT_FORK is told, and the
// caller sleeps until the event was read. EINTR if it was killed meanwhile; then there is no child. Source:
// fork(2), uffd-semantics §7, §14.
sim::Task<Errno> sys_fork(Process& parent, Process& child);

// memfd_create(2), with MFD_HUGETLB for huge pages: an empty file behind the number, which must be free.
void sys_memfd_create(Process& process, int memfd, PageSize page_size = PageSize::base);
// ftruncate(2), to a number of whole pages. EBADF, EINVAL.
sim::Task<Errno> sys_ftruncate(Process& process, int memfd, std::uint64_t pages);
// fallocate(2) with FALLOC_FL_PUNCH_HOLE. EBADF, EINVAL.
sim::Task<Errno> sys_fallocate_punch(Process& process, int memfd, std::uint64_t first, std::uint64_t pages);
// pwrite(2) of whole pages, one letter each: `letters` must outlive the world, the last is repeated. EBADF,
// ENOMEM if nothing could be written, EINVAL into a file of huge pages.
sim::Task<Errno> sys_pwrite(Process& process, int memfd, std::uint64_t first, std::uint64_t pages,
                            CopySource letters);

// What madvise(MADV_REMOVE) and fallocate share: empties pages [first, first + pages) of the file, whatever
// its pages are. Called without a lock.
sim::Task<void> vfs_punch_hole(System& system, Inode& inode, std::uint64_t first, std::uint64_t pages);

// exit_group(2), the part of the thread that calls it: every thread of the process is killed.
sim::Task<void> sys_exit_group(Process& process);
// The end of a thread that runs no further: the last one takes the process apart.
sim::Task<void> do_exit(Process& process);

// What munmap and a fixed mmap share. Called with mmap_lock held for writing. EINVAL: an end of the range
// lies in a huge page, and nothing was unmapped.
enum class Downgrade : std::uint8_t { no, to_read };
sim::Task<Errno> do_munmap(Mm& mm, AddrRange range, Downgrade downgrade, PendingUnmaps& unmaps);

}  // namespace model
