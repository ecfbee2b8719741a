// SPDX-License-Identifier: Apache-2.0
// Generators (rapidcheck) of the memory that a program declares. For tests only.
#pragma once
#include <rapidcheck.h>

#include <string>
#include <utility>

#include "scenarios/language/generate_parts.hpp"
#include "traces/program.hpp"

namespace language::generate {

// Anonymous or of a file, private or shared.
inline traces::Backing backing(const traces::Program& program) {
  traces::Backing backing;
  if (one_in(3)) backing.sharing = traces::Backing::Sharing::shared;
  if (program.files.empty() || one_in(2)) {
    if (one_in(5)) backing.page_size = model::PageSize::huge;
    return backing;
  }
  backing.has_file = true;
  backing.file = static_cast<std::uint8_t>(below(program.files.size()));
  backing.page_size = program.files[backing.file].page_size;
  backing.page = at_most(3) * model::bytes_of(backing.page_size) / model::kPageSize;
  if (backing.page_size == model::PageSize::huge && one_in(4)) backing.reserve = traces::Backing::Reserve::no;
  return backing;
}

// One more region of the program, whose files and other regions are there.
inline traces::Region region(std::string name, const traces::Program& program) {
  traces::Region region;
  region.name = std::move(name);
  const std::uint64_t count = 1 + at_most(3);
  region.pages.value = count;
  if (one_in(5)) region.backing.page_size = model::PageSize::huge;
  if (one_in(4)) {
    region.mapped = false;
  } else {
    region.protection = protection();
    region.backing = backing(program);
  }
  const bool huge = region.backing.page_size == model::PageSize::huge;
  if (huge) region.pages.value *= model::kPagesPerHugePage;
  const bool on_boundary = !huge || (!program.regions.empty() &&
                                     program.regions.back().backing.page_size == model::PageSize::huge);
  if (on_boundary && one_in(4)) region.placement = traces::Region::Placement::adjacent;
  if (!region.mapped) return region;
  const bool written = !(huge || region.backing.shared()) || region.protection & traces::kProtWrite;
  const bool inside = !region.backing.has_file || region.backing.page + region.pages.value <=
                                                      program.files[region.backing.file].pages.value;
  if (written && inside) region.initial = contents(region.count());
  return region;
}

}  // namespace language::generate
