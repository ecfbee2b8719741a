// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/vocabulary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>

#include "model/syscalls/madvise.hpp"
#include "model/uffd/abi.hpp"
#include "model/uffd/pagemap_abi.hpp"

namespace language {
namespace {

namespace abi = model::abi;
using Kind = traces::OperationKind;
using Place = OperationForm::Place;
using Target = OperationForm::Target;

constexpr NamedBits kFeatures[] = {
    {"pagefault-flag-wp", UFFD_FEATURE_PAGEFAULT_FLAG_WP},
    {"event-fork", UFFD_FEATURE_EVENT_FORK},
    {"event-remap", UFFD_FEATURE_EVENT_REMAP},
    {"event-remove", UFFD_FEATURE_EVENT_REMOVE},
    {"missing-hugetlbfs", UFFD_FEATURE_MISSING_HUGETLBFS},
    {"missing-shmem", UFFD_FEATURE_MISSING_SHMEM},
    {"event-unmap", UFFD_FEATURE_EVENT_UNMAP},
    {"sigbus", UFFD_FEATURE_SIGBUS},
    {"thread-id", UFFD_FEATURE_THREAD_ID},
    {"minor-hugetlbfs", UFFD_FEATURE_MINOR_HUGETLBFS},
    {"minor-shmem", UFFD_FEATURE_MINOR_SHMEM},
    {"exact-address", UFFD_FEATURE_EXACT_ADDRESS},
    {"wp-hugetlbfs-shmem", UFFD_FEATURE_WP_HUGETLBFS_SHMEM},
    {"wp-unpopulated", abi::kFeatureWpUnpopulated},
    {"poison", abi::kFeaturePoison},
    {"wp-async", abi::kFeatureWpAsync},
    {"move", abi::kFeatureMove},
    {"rwp", abi::kFeatureRwp},
    {"rwp-async", abi::kFeatureRwpAsync},
};
constexpr NamedBits kFlags[] = {
    {"nonblock", O_NONBLOCK}, {"cloexec", O_CLOEXEC}, {"user-mode-only", abi::kUserModeOnly}};
constexpr NamedBits kStatusFlags[] = {{"nonblock", O_NONBLOCK}};
constexpr NamedBits kRegisterModes[] = {{"missing", UFFDIO_REGISTER_MODE_MISSING},
                                        {"wp", UFFDIO_REGISTER_MODE_WP},
                                        {"minor", UFFDIO_REGISTER_MODE_MINOR},
                                        {"rwp", abi::kRegisterModeRwp}};
constexpr NamedBits kCopyModes[] = {{"dontwake", UFFDIO_COPY_MODE_DONTWAKE}, {"wp", UFFDIO_COPY_MODE_WP}};
constexpr NamedBits kZeropageModes[] = {{"dontwake", UFFDIO_ZEROPAGE_MODE_DONTWAKE}};
constexpr NamedBits kPoisonModes[] = {{"dontwake", abi::kPoisonModeDontwake}};
constexpr NamedBits kContinueModes[] = {{"dontwake", UFFDIO_CONTINUE_MODE_DONTWAKE},
                                        {"wp", abi::kContinueModeWp}};
constexpr NamedBits kMoveModes[] = {{"dontwake", abi::kMoveModeDontwake},
                                    {"allow-src-holes", abi::kMoveModeAllowSrcHoles}};
constexpr NamedBits kWriteprotectModes[] = {{"wp", UFFDIO_WRITEPROTECT_MODE_WP},
                                            {"dontwake", UFFDIO_WRITEPROTECT_MODE_DONTWAKE}};
constexpr NamedBits kRwprotectModes[] = {{"rwp", abi::kRwprotectModeRwp},
                                         {"dontwake", abi::kRwprotectModeDontwake}};
constexpr NamedBits kScanFlags[] = {{"wp-matching", abi::kPmScanWpMatching},
                                    {"check-wpasync", abi::kPmScanCheckWpasync}};
constexpr NamedBits kCategories[] = {
    {"wpallowed", abi::kPageIsWpallowed}, {"written", abi::kPageIsWritten},
    {"file", abi::kPageIsFile},           {"present", abi::kPageIsPresent},
    {"swapped", abi::kPageIsSwapped},     {"pfnzero", abi::kPageIsPfnzero},
    {"huge", abi::kPageIsHuge},           {"soft-dirty", abi::kPageIsSoftDirty},
    {"guard", abi::kPageIsGuard},         {"accessed", abi::kPageIsAccessed},
};
constexpr NamedBits kMremapFlags[] = {
    {"maymove", MREMAP_MAYMOVE}, {"fixed", MREMAP_FIXED}, {"dontunmap", MREMAP_DONTUNMAP}};
constexpr NamedBits kAdvices[] = {{"free", MADV_FREE},
                                  {"populate-read", MADV_POPULATE_READ},
                                  {"populate-write", MADV_POPULATE_WRITE},
                                  {"guard-install", model::kMadvGuardInstall},
                                  {"guard-remove", model::kMadvGuardRemove}};
constexpr NamedBits kProtections[] = {{"read-write", traces::kProtRead | traces::kProtWrite},
                                      {"read-only", traces::kProtRead},
                                      {"write-only", traces::kProtWrite},
                                      {"no-access", 0}};

constexpr OperationForm kOperations[] = {
    {Kind::load, Place::byte},
    {Kind::store, Place::byte},
    {Kind::copy_from_user, Place::byte},
    {Kind::copy_to_user, Place::byte},
    {Kind::mmap, Place::range},
    {Kind::munmap, Place::range},
    {Kind::mprotect, Place::range},
    {Kind::dontneed, Place::range},
    {Kind::remove, Place::range},
    {Kind::madvise, Place::range},
    {Kind::mremap, Place::range},
    {Kind::truncate},
    {Kind::punch, Place::file},
    {Kind::pwrite, Place::file},
    {Kind::exit},
    {Kind::fork},
    {Kind::userfaultfd, Place::none, Target::uffd},
    {Kind::api, Place::none, Target::ioctl},
    {Kind::register_, Place::range, Target::ioctl},
    {Kind::unregister, Place::range, Target::ioctl},
    {Kind::copy, Place::range, Target::ioctl},
    {Kind::zeropage, Place::range, Target::ioctl},
    {Kind::wake, Place::range, Target::ioctl},
    {Kind::writeprotect, Place::range, Target::ioctl},
    {Kind::poison, Place::range, Target::ioctl},
    {Kind::continue_, Place::range, Target::ioctl},
    {Kind::move, Place::range, Target::ioctl},
    {Kind::read, Place::none, Target::uffd},
    {Kind::next},
    {Kind::poll, Place::none, Target::uffd},
    {Kind::close, Place::none, Target::uffd},
    {Kind::dup, Place::none, Target::uffd},
    {Kind::setfl, Place::none, Target::uffd},
    {Kind::epoll_add, Place::none, Target::uffd},
    {Kind::epoll_del, Place::none, Target::uffd},
    {Kind::epoll_wait},
    {Kind::send, Place::none, Target::uffd},
    {Kind::receive},
    {Kind::lock},
    {Kind::unlock},
    {Kind::get},
    {Kind::set},
    {Kind::pagemap, Place::byte},
    {Kind::fdinfo, Place::none, Target::uffd},
    {Kind::vma, Place::byte},
    {Kind::scan, Place::range, Target::pagemap},
    {Kind::rwprotect, Place::range, Target::ioctl},
    {Kind::set_mode, Place::none, Target::ioctl},
};

constexpr std::string_view kReserved[] = {
    "if",     "else",      "repeat",  "until",     "opens",      "unborn",  "is",
    "not",    "and",       "on",      "via",       "from",       "len",     "raw",
    "mode",   "features",  "flags",   "unopened",  "kernel-bug", "blocked", "spins",
    "killed", "shared",    "private", "unmapped",  "adjacent",   "zero",    "to",
    "size",   "elsewhere", "huge",    "noreserve", "pool"};

}  // namespace

Dictionary features() { return kFeatures; }
Dictionary flags() { return kFlags; }
Dictionary status_flags() { return kStatusFlags; }
Dictionary register_modes() { return kRegisterModes; }
Dictionary copy_modes() { return kCopyModes; }
Dictionary zeropage_modes() { return kZeropageModes; }
Dictionary poison_modes() { return kPoisonModes; }
Dictionary continue_modes() { return kContinueModes; }
Dictionary move_modes() { return kMoveModes; }
Dictionary writeprotect_modes() { return kWriteprotectModes; }
Dictionary rwprotect_modes() { return kRwprotectModes; }
Dictionary scan_flags() { return kScanFlags; }
Dictionary categories() { return kCategories; }
Dictionary advices() { return kAdvices; }
Dictionary mremap_flags() { return kMremapFlags; }
Dictionary protections() { return kProtections; }

std::uint64_t features_of_mode(std::uint64_t mode) {
  return mode & abi::kRegisterModeRwp ? abi::kFeatureRwp : 0;
}

std::optional<std::uint64_t> bits_of(Dictionary dictionary, std::string_view name) {
  for (const NamedBits& entry : dictionary) {
    if (entry.name == name) return entry.bits;
  }
  return std::nullopt;
}

Choices names_of(Dictionary dictionary) {
  Choices names;
  for (const NamedBits& entry : dictionary) names.emplace_back(entry.name);
  return names;
}

std::string spell(Dictionary dictionary, std::uint64_t bits, std::string_view word) {
  std::string text;
  std::uint64_t rest = bits;
  for (const NamedBits& entry : dictionary) {
    if ((bits & entry.bits) == 0) continue;
    rest &= ~entry.bits;
    if (!text.empty()) text += ' ';
    text += entry.name;
  }
  return rest == 0 && bits != 0 ? text : fmt::format("{} {:#x}", word, bits);
}

std::span<const OperationForm> operations() { return kOperations; }

const OperationForm& form_of(traces::OperationKind kind) {
  return *std::find_if(std::begin(kOperations), std::end(kOperations),
                       [kind](const OperationForm& form) { return form.kind == kind; });
}

const OperationForm* operation_named(std::string_view name) {
  for (const OperationForm& form : kOperations) {
    if (traces::name_of(form.kind) == name) return &form;
  }
  return nullptr;
}

Choices operation_names() {
  Choices names;
  for (const OperationForm& form : kOperations) names.emplace_back(traces::name_of(form.kind));
  return names;
}

bool is_reserved(std::string_view name) {
  if (std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved)) return true;
  return bits_of(kFeatures, name) || bits_of(kFlags, name) || bits_of(kRegisterModes, name);
}

}  // namespace language
