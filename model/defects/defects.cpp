// SPDX-License-Identifier: Apache-2.0
#include "model/defects/defect.hpp"

namespace model {
namespace {

constexpr const Defect* kDefects[] = {&no_recheck_before_sleep,       &refile_unseen,
                                      &copy_ignores_mmap_changing,    &copy_past_truncate,
                                      &shared_wp_without_writenotify, &scan_passes_over_empty_pages,
                                      &mremap_leaks_uffd_wp};

}  // namespace

std::span<const Defect* const> defects() { return kDefects; }

const Defect* find_defect(std::string_view name) {
  for (const Defect* defect : kDefects) {
    if (name == defect->name) return defect;
  }
  return nullptr;
}

Kernel with_defect(const Kernel& kernel, const Defect& defect) {
  Kernel broken = kernel;
  defect.replace(broken);
  return broken;
}

}  // namespace model
