// SPDX-License-Identifier: Apache-2.0
#include "traces/import/flags.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include "model/syscalls/madvise.hpp"
#include "model/uffd/abi.hpp"
#include "traces/import/scan.hpp"

namespace traces {
namespace {

struct Name {
  std::string_view text;
  std::uint64_t bits;
};

constexpr Name kNames[] = {
    {"UFFD_FEATURE_PAGEFAULT_FLAG_WP", UFFD_FEATURE_PAGEFAULT_FLAG_WP},
    {"UFFD_FEATURE_EVENT_FORK", UFFD_FEATURE_EVENT_FORK},
    {"UFFD_FEATURE_EVENT_REMAP", UFFD_FEATURE_EVENT_REMAP},
    {"UFFD_FEATURE_EVENT_REMOVE", UFFD_FEATURE_EVENT_REMOVE},
    {"UFFD_FEATURE_MISSING_HUGETLBFS", UFFD_FEATURE_MISSING_HUGETLBFS},
    {"UFFD_FEATURE_MISSING_SHMEM", UFFD_FEATURE_MISSING_SHMEM},
    {"UFFD_FEATURE_EVENT_UNMAP", UFFD_FEATURE_EVENT_UNMAP},
    {"UFFD_FEATURE_SIGBUS", UFFD_FEATURE_SIGBUS},
    {"UFFD_FEATURE_THREAD_ID", UFFD_FEATURE_THREAD_ID},
    {"UFFD_FEATURE_MINOR_HUGETLBFS", UFFD_FEATURE_MINOR_HUGETLBFS},
    {"UFFD_FEATURE_MINOR_SHMEM", UFFD_FEATURE_MINOR_SHMEM},
    {"UFFD_FEATURE_EXACT_ADDRESS", UFFD_FEATURE_EXACT_ADDRESS},
    {"UFFD_FEATURE_WP_HUGETLBFS_SHMEM", UFFD_FEATURE_WP_HUGETLBFS_SHMEM},
    {"UFFD_FEATURE_WP_UNPOPULATED", model::abi::kFeatureWpUnpopulated},
    {"UFFD_FEATURE_POISON", model::abi::kFeaturePoison},
    {"UFFD_FEATURE_WP_ASYNC", model::abi::kFeatureWpAsync},
    {"UFFD_FEATURE_MOVE", model::abi::kFeatureMove},
    {"UFFD_FEATURE_RWP", model::abi::kFeatureRwp},
    {"UFFD_FEATURE_RWP_ASYNC", model::abi::kFeatureRwpAsync},
    {"UFFDIO_REGISTER_MODE_MISSING", UFFDIO_REGISTER_MODE_MISSING},
    {"UFFDIO_REGISTER_MODE_WP", UFFDIO_REGISTER_MODE_WP},
    {"UFFDIO_REGISTER_MODE_MINOR", UFFDIO_REGISTER_MODE_MINOR},
    {"UFFDIO_REGISTER_MODE_RWP", model::abi::kRegisterModeRwp},
    {"UFFDIO_COPY_MODE_DONTWAKE", UFFDIO_COPY_MODE_DONTWAKE},
    {"UFFDIO_COPY_MODE_WP", UFFDIO_COPY_MODE_WP},
    {"UFFDIO_ZEROPAGE_MODE_DONTWAKE", UFFDIO_ZEROPAGE_MODE_DONTWAKE},
    {"UFFDIO_CONTINUE_MODE_DONTWAKE", UFFDIO_CONTINUE_MODE_DONTWAKE},
    {"UFFDIO_CONTINUE_MODE_WP", model::abi::kContinueModeWp},
    {"UFFD_USER_MODE_ONLY", UFFD_USER_MODE_ONLY},
    {"O_RDONLY", 0},
    {"O_CLOEXEC", O_CLOEXEC},
    {"O_NONBLOCK", O_NONBLOCK},
    {"PROT_NONE", PROT_NONE},
    {"PROT_READ", PROT_READ},
    {"PROT_WRITE", PROT_WRITE},
    {"PROT_EXEC", PROT_EXEC},
    {"MADV_DONTNEED", MADV_DONTNEED},
    {"MADV_FREE", MADV_FREE},
    {"MADV_REMOVE", MADV_REMOVE},
    {"MADV_POPULATE_READ", MADV_POPULATE_READ},
    {"MADV_POPULATE_WRITE", MADV_POPULATE_WRITE},
    {"MADV_GUARD_INSTALL", model::kMadvGuardInstall},
    {"MADV_GUARD_REMOVE", model::kMadvGuardRemove},
    {"MREMAP_MAYMOVE", MREMAP_MAYMOVE},
    {"MREMAP_FIXED", MREMAP_FIXED},
    {"MREMAP_DONTUNMAP", MREMAP_DONTUNMAP},
    {"MAP_PRIVATE", MAP_PRIVATE},
    {"MAP_ANONYMOUS", MAP_ANONYMOUS},
};

// Behind "1<<".
constexpr Name kShifts[] = {
    {"_UFFDIO_REGISTER", _UFFDIO_REGISTER},
    {"_UFFDIO_UNREGISTER", _UFFDIO_UNREGISTER},
    {"_UFFDIO_WAKE", _UFFDIO_WAKE},
    {"_UFFDIO_COPY", _UFFDIO_COPY},
    {"_UFFDIO_ZEROPAGE", _UFFDIO_ZEROPAGE},
    {"_UFFDIO_WRITEPROTECT", _UFFDIO_WRITEPROTECT},
    {"_UFFDIO_CONTINUE", _UFFDIO_CONTINUE},
    {"_UFFDIO_API", _UFFDIO_API},
    {"_UFFDIO_MOVE", model::abi::kIoctlMove},
    {"_UFFDIO_POISON", model::abi::kIoctlPoison},
    {"_UFFDIO_RWPROTECT", model::abi::kIoctlRwprotect},
    {"_UFFDIO_SET_MODE", model::abi::kIoctlSetMode},
};

template <std::size_t N>
std::optional<std::uint64_t> value_of(const Name (&names)[N], std::string_view word) {
  for (const Name& name : names) {
    if (name.text == word) return name.bits;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> take_term(std::string_view& text) {
  if (take(text, "1<<")) {
    const auto shift = value_of(kShifts, take_word(text));
    return shift ? std::optional(model::abi::ioctl_bit(static_cast<unsigned>(*shift))) : std::nullopt;
  }
  if (!text.empty() && text.front() >= '0' && text.front() <= '9') return take_number(text);
  return value_of(kNames, take_word(text));
}

}  // namespace

std::optional<std::uint64_t> parse_mask(std::string_view text) {
  std::uint64_t mask = 0;
  for (;;) {
    const auto bits = take_term(text);
    if (!bits) return std::nullopt;
    mask |= *bits;
    if (take(text, "|")) continue;
    const bool only_a_comment_left = text.empty() || text.starts_with(" /*");
    return only_a_comment_left ? std::optional(mask) : std::nullopt;
  }
}

}  // namespace traces
