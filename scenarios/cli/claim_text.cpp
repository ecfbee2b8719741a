// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/claim_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scenarios/language/column.hpp"

namespace cli {

std::string claim_text(const language::Claim& claim, const traces::Program& program) {
  constexpr const char* kKinds[] = {"never", "sometimes", "always"};
  std::string text = claim.defect.empty() ? "" : fmt::format("with {} ", claim.defect);
  text += kKinds[static_cast<int>(claim.kind)];
  const char* joint = " ";
  for (const language::Claim::Term& term : claim.terms) {
    text += fmt::format("{}{} {}", joint, language::name_of(term.column, program), term.word);
    joint = " and ";
  }
  if (!claim.kernels.empty()) text += fmt::format(" on {}", fmt::join(claim.kernels, " "));
  return text;
}

std::string words_text(const language::Words& words) { return fmt::format("{}", fmt::join(words, " ")); }

}  // namespace cli
