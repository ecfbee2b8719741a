// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/huge_pool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "traces/kernel/line_reader.hpp"

namespace traces {
namespace {

constexpr const char* kSize = "/proc/sys/vm/nr_hugepages";

// In pages.
struct Account {
  std::int64_t total = 0, free = 0;
  std::int64_t promised = 0;  // below 0 where the kernel has lost count
  std::int64_t available() const { return free - promised; }
};

Account read_account() {
  Account account;
  LineReader lines("/proc/meminfo");
  while (const std::optional<std::string> line = lines.next()) {
    std::uint64_t promised = 0;  // printed so, also below 0
    std::sscanf(line->c_str(), "HugePages_Total: %" SCNd64, &account.total);
    std::sscanf(line->c_str(), "HugePages_Free: %" SCNd64, &account.free);
    if (std::sscanf(line->c_str(), "HugePages_Rsvd: %" SCNu64, &promised) == 1)
      account.promised = static_cast<std::int64_t>(promised);
  }
  return account;
}

bool resize(std::int64_t pages) {
  const int file = open(kSize, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const std::string text = fmt::format("{}\n", pages);
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(file);
  return written;
}

}  // namespace

HugePool::HugePool(const Program& program) {
  if (!uses_huge_pages(program)) return;
  wanted_ = huge_pages_in_pool(program);
  lock_ = open(kSize, O_RDONLY | O_CLOEXEC);
  if (lock_ < 0) throw Unavailable("no huge pages: this kernel has no hugetlb (CONFIG_HUGETLBFS)");
  flock(lock_, LOCK_EX);
  before_ = read_account().total;
  if (read_account().promised < 0 && before_ < wanted_) resize(wanted_);
  square_accounts();
  Account account = read_account();
  const std::int64_t taken = account.total - account.free;
  const std::int64_t size = taken + std::max(account.promised, std::int64_t{0}) + wanted_;
  if (account.total != size && account.promised >= 0 && resize(size)) account = read_account();
  if (account.available() == wanted_ && account.promised >= 0) return;
  put_back();
  throw Unavailable(fmt::format(
      "no huge pages: the pool must have exactly {} that are free and has {}; as root {} is set by "
      "itself, otherwise `sysctl vm.nr_hugepages={}` helps",
      wanted_, account.available(), kSize, size));
}

// A kernel that has promised fewer than no pages gives more than it has, and cannot make its pool smaller:
// whatever it is told to free it keeps. Promises that nobody will claim make up for it.
void HugePool::square_accounts() {
  for (;;) {
    const Account account = read_account();
    const std::int64_t pages = std::min(-account.promised, account.free);
    if (pages <= 0) return;
    const std::size_t bytes = static_cast<std::size_t>(pages) * model::kHugePageSize;
    void* promise = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (21 << MAP_HUGE_SHIFT), -1, 0);
    if (promise == MAP_FAILED) return;
    promises_.push_back({promise, bytes});
    madvise(promise, bytes, MADV_DONTFORK);
  }
}

void HugePool::put_back() {
  square_accounts();
  const Account account = read_account();
  if (account.promised >= 0 && account.total != before_) resize(before_);
  for (const Promise& promise : promises_) munmap(promise.start, promise.bytes);
  close(lock_);
}

// While a child still has a page of its dead parent's, a promise is lacking that comes back with the page:
// what is available says nothing then.
void HugePool::await_return() const {
  constexpr int kMostMilliseconds = 1000;
  const auto whole = [&] {
    const Account account = read_account();
    return std::min(account.free, account.available()) >= wanted_;
  };
  for (int i = 0; lock_ >= 0 && i < kMostMilliseconds && !whole(); ++i) usleep(1000);
}

HugePool::~HugePool() {
  if (lock_ < 0) return;
  await_return();
  put_back();
}

}  // namespace traces
