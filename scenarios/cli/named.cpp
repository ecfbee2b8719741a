// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/named.hpp"

#include <fmt/format.h>

#include "scenarios/cli/status.hpp"

namespace cli {

std::string unknown(const std::string& kind, const std::string& name, const language::Choices& known) {
  const std::string hint = language::suggestion(name, known);
  return fmt::format("unknown {} '{}': expected {}{}{}", kind, name, language::either(known),
                     hint.empty() ? "" : "; ", hint);
}

language::Choices kernel_names() {
  language::Choices names;
  for (const model::Kernel* kernel : model::kernels()) names.push_back(kernel->name);
  return names;
}

language::Choices defect_names() {
  language::Choices names;
  for (const model::Defect* defect : model::defects()) names.push_back(defect->name);
  return names;
}

const model::Kernel& kernel_named(const std::string& name) {
  const model::Kernel* kernel = model::find_kernel(name.c_str());
  if (!kernel) throw Error(unknown("kernel", name, kernel_names()));
  return *kernel;
}

const model::Defect* defect_named(const std::string& name) {
  if (name.empty()) return nullptr;
  const model::Defect* defect = model::find_defect(name);
  if (!defect) throw Error(unknown("defect", name, defect_names()));
  return defect;
}

running::Strategy strategy_named(const std::string& name) {
  const running::NamedStrategy* strategy = running::find_strategy(name);
  if (strategy) return strategy->strategy;
  language::Choices names;
  for (const running::NamedStrategy& known : running::strategies()) names.emplace_back(known.name);
  throw Error(unknown("strategy", name, names));
}

}  // namespace cli
