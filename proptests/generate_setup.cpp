// SPDX-License-Identifier: Apache-2.0
#include "proptests/generate_setup.hpp"

#include <fcntl.h>

#include "model/uffd/abi.hpp"

namespace proptests {
namespace {

using traces::Region;
using traces::UffdSetup;

constexpr const char* kRegionNames[] = {"x", "y", "z", "w"};
constexpr const char* kUffdNames[] = {"uffd", "two", "three"};

std::uint8_t protection(Draw& draw) {
  return draw.one_of<std::uint8_t>({3, 3, 3, 3, traces::kProtRead, 0, traces::kProtWrite});
}

constexpr const char* kFileNames[] = {"f", "g"};

std::vector<std::string> contents(Draw& draw, std::uint64_t pages) {
  std::vector<std::string> contents;
  for (std::uint64_t page = 0; page < pages; ++page) {
    contents.push_back(draw.one_of<std::string>({"", "A", "B", std::string(1, '\0')}));
  }
  while (!contents.empty() && contents.back().empty()) contents.pop_back();
  return contents;
}

traces::MemoryFile file(Draw& draw, const SetupShape& shape, std::size_t index) {
  traces::MemoryFile file{.name = kFileNames[index]};
  file.pages = {draw.between(draw.one_in(8) ? 0 : 1, shape.most_pages)};
  if (!draw.one_in(4)) file.initial = contents(draw, file.pages.value);
  return file;
}

// What is written through the mapping must reach something.
bool can_hold(const Region& region, const traces::Program& program) {
  const traces::Backing& backing = region.backing;
  if (backing.shared() && !(region.protection & traces::kProtWrite)) return false;
  return !backing.has_file || backing.page + region.pages.value <= program.files[backing.file].pages.value;
}

Region region(Draw& draw, const SetupShape& shape, const traces::Program& program, std::size_t index) {
  Region region{.name = kRegionNames[index]};
  region.pages = {draw.between(1, shape.most_pages)};
  if (draw.one_in(2)) region.placement = Region::Placement::adjacent;
  if (draw.one_in(8)) {
    region.mapped = false;
    return region;
  }
  region.protection = protection(draw);
  region.backing = generate_backing(draw, program);
  if (draw.one_in(3) && can_hold(region, program)) region.initial = contents(draw, region.pages.value);
  return region;
}

UffdSetup uffd(Draw& draw, const SetupShape& shape, traces::Privilege privilege, std::size_t index) {
  using Prepared = UffdSetup::Prepared;
  UffdSetup uffd{.name = kUffdNames[index]};
  uffd.prepared =
      draw.one_of({Prepared::handshake, Prepared::handshake, Prepared::handshake, Prepared::handshake,
                   Prepared::handshake, Prepared::handshake, Prepared::opened, Prepared::nothing});
  if (uffd.prepared == Prepared::nothing) return uffd;
  if (!draw.one_in(8)) uffd.flags |= O_NONBLOCK;
  if (draw.one_in(8)) uffd.flags |= O_CLOEXEC;
  if (draw.one_in(8) || privilege == traces::Privilege::unprivileged) uffd.flags |= model::abi::kUserModeOnly;
  if (uffd.prepared == Prepared::handshake) uffd.features = generate_features(draw, shape);
  const bool forks = shape.forks == SetupShape::Forks::expected && privilege == traces::Privilege::root;
  if (forks && uffd.prepared == Prepared::handshake && draw.one_in(2))
    uffd.features |= UFFD_FEATURE_EVENT_FORK;
  return uffd;
}

}  // namespace

traces::Backing generate_backing(Draw& draw, const traces::Program& program) {
  traces::Backing backing;
  if (draw.one_in(2)) backing.sharing = traces::Backing::Sharing::shared;
  const auto files = static_cast<std::uint32_t>(program.files.size());
  if (files == 0 || draw.one_in(4)) {
    if (files == 0 && !draw.one_in(4)) backing = {};
    return backing;
  }
  backing.has_file = true;
  backing.file = static_cast<std::uint8_t>(draw.below(files));
  if (draw.one_in(3)) backing.page = draw.between(0, 3);
  return backing;
}

std::uint64_t generate_features(Draw& draw, const SetupShape& shape) {
  const SetupShape::Faults faults = shape.faults;
  std::uint64_t features = 0;
  const bool refused = faults == SetupShape::Faults::mostly_refused ? !draw.one_in(6) : draw.one_in(6);
  if (refused) features |= UFFD_FEATURE_SIGBUS;
  if (draw.one_in(faults == SetupShape::Faults::mostly_refused ? 12 : 3))
    features |= UFFD_FEATURE_EVENT_REMOVE;
  if (draw.one_in(faults == SetupShape::Faults::mostly_refused ? 12 : 3))
    features |= UFFD_FEATURE_EVENT_UNMAP;
  if (draw.one_in(3)) features |= UFFD_FEATURE_THREAD_ID;
  if (draw.one_in(3)) features |= UFFD_FEATURE_EXACT_ADDRESS;
  if (draw.one_in(4)) features |= UFFD_FEATURE_PAGEFAULT_FLAG_WP;
  if (draw.one_in(faults == SetupShape::Faults::mostly_refused ? 12 : 3))
    features |= UFFD_FEATURE_EVENT_REMAP;
  if (draw.one_in(16)) features |= UFFD_FEATURE_MISSING_SHMEM;
  if (draw.one_in(16)) features |= UFFD_FEATURE_MINOR_SHMEM | UFFD_FEATURE_WP_HUGETLBFS_SHMEM;
  if (draw.one_in(4)) features |= model::abi::kFeatureWpUnpopulated;
  if (draw.one_in(3)) features |= model::abi::kFeatureWpAsync;
  if (shape.offered & model::abi::kFeatureRwp && draw.one_in(3)) {
    features |= model::abi::kFeatureRwp;
    if (draw.one_in(3)) features |= model::abi::kFeatureRwpAsync;
  }
  return features & shape.offered;
}

traces::Program generate_setup(Draw& draw, const SetupShape& shape) {
  traces::Program program;
  program.name = "generated";
  if (draw.one_in(64)) program.privilege = traces::Privilege::unprivileged;
  const std::uint32_t regions = draw.between(1, shape.most_regions);
  const std::uint32_t files = draw.one_in(2) ? draw.between(1, 2) : 0;
  for (std::uint32_t i = 0; i < files; ++i) program.files.push_back(file(draw, shape, i));
  for (std::uint32_t i = 0; i < regions; ++i) program.regions.push_back(region(draw, shape, program, i));
  const bool tracks = draw.one_in(3);  // writes, with scans
  const std::uint32_t uffds = draw.between(1, shape.most_uffds);
  for (std::uint32_t i = 0; i < uffds; ++i) program.uffds.push_back(uffd(draw, shape, program.privilege, i));
  for (std::uint32_t i = 0; i < regions; ++i) {
    UffdSetup& owner = program.uffds[draw.below(uffds)];
    const bool possible = program.regions[i].mapped && owner.prepared == UffdSetup::Prepared::handshake;
    if (!possible || draw.one_in(4)) continue;
    const traces::Backing& backing = program.regions[i].backing;
    const bool file = backing.has_file || backing.shared();
    UffdSetup::Registration registration{.mode = file ? draw.one_of<std::uint64_t>({1, 1, 4, 5, 3, 2, 6, 7})
                                                      : draw.one_of<std::uint64_t>({1, 1, 3, 2, 2})};
    if (tracks && draw.one_in(2)) registration.mode = UFFDIO_REGISTER_MODE_WP;
    if (tracks) owner.features |= model::abi::kFeatureWpAsync & shape.offered;
    const bool rwp = owner.features & model::abi::kFeatureRwp && program.regions[i].protection != 0;
    if (rwp && draw.one_in(2)) {
      registration.mode =
          file ? draw.one_of<std::uint64_t>({8, 8, 9, 12, 13}) : draw.one_of<std::uint64_t>({8, 8, 9});
    }
    registration.range.index = static_cast<std::uint8_t>(i);
    registration.range.length = program.regions[i].pages.bytes();
    owner.registrations.push_back(registration);
  }
  // For the descriptor that comes with a FORK.
  if (shape.forks == SetupShape::Forks::expected) {
    program.uffds.push_back({.name = kUffdNames[uffds], .prepared = UffdSetup::Prepared::nothing});
  }
  return program;
}

}  // namespace proptests
