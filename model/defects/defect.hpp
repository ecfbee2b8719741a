// SPDX-License-Identifier: Apache-2.0
// Defects: bugs that kernels once had. Each is a file of its own: a numbered interleaving, and the whole
// functions it replaces in the table of a kernel. The model itself knows nothing of them. A defect that no
// litmus file can tell from the healthy kernel is a hole in the corpus.
#pragma once
#include <span>
#include <string_view>

#include "model/kernels/kernel.hpp"

namespace model {

struct Defect {
  const char* name;         // "no-recheck-before-sleep": what `with` and --defect take
  const char* description;  // one line for `uffdsim list`
  void (*replace)(Kernel& kernel);
};

std::span<const Defect* const> defects();
const Defect* find_defect(std::string_view name);
// The kernel with the defect in it.
Kernel with_defect(const Kernel& kernel, const Defect& defect);

extern const Defect no_recheck_before_sleep;
extern const Defect refile_unseen;
extern const Defect copy_ignores_mmap_changing;
extern const Defect copy_past_truncate;
extern const Defect shared_wp_without_writenotify;
extern const Defect scan_passes_over_empty_pages;
extern const Defect mremap_leaks_uffd_wp;

}  // namespace model
