// SPDX-License-Identifier: Apache-2.0
// Generator (rapidcheck): the parts of programs that need to know nothing of the rest. For tests only.
#pragma once
#include <string>
#include <vector>

#include "scenarios/language/generate_value.hpp"
#include "scenarios/language/vocabulary.hpp"
#include "traces/program.hpp"

namespace language::generate {

inline std::vector<std::string> contents(std::uint64_t pages) {
  std::vector<std::string> contents;
  const std::size_t filled = at_most(pages);
  for (std::size_t i = 0; i < filled; ++i) {
    contents.push_back(one_in(3) ? std::string() : std::string(1, letter()));
  }
  while (!contents.empty() && contents.back().empty()) contents.pop_back();
  return contents;
}

inline traces::MemoryFile file(std::string name) {
  traces::MemoryFile file;
  file.name = std::move(name);
  if (one_in(5)) file.page_size = model::PageSize::huge;
  file.pages.value = at_most(3) * model::bytes_of(file.page_size) / model::kPageSize;
  file.initial = contents(file.count());
  return file;
}

inline std::uint8_t protection() { return static_cast<std::uint8_t>(3 - below(4)); }

inline std::uint64_t bits(Dictionary dictionary) {
  return one_in(4) ? number()
                   : dictionary[below(dictionary.size())].bits | dictionary[below(dictionary.size())].bits;
}

inline bool on_uffd(const OperationForm& form) {
  return form.target == OperationForm::Target::uffd || form.target == OperationForm::Target::ioctl;
}

inline traces::Scan scan() {
  const auto categories = [] { return static_cast<std::uint16_t>(below(1024) & below(1024)); };
  traces::Scan scan{.required = categories(), .any_of = categories()};
  scan.inverted = static_cast<std::uint16_t>((scan.required | scan.any_of) & below(1024));
  if (one_in(2)) scan.gives = categories();
  if (one_in(3)) scan.most = static_cast<std::uint32_t>(below(8));
  scan.regions = static_cast<std::uint8_t>(at_most(traces::kMostScanRegions));
  return scan;
}

inline void set_mode(traces::Operation& operation) {
  if (one_in(2)) operation.features = bits(features());
  if (one_in(2)) operation.disabled = bits(features());
}

}  // namespace language::generate
