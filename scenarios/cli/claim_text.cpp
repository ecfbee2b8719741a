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
  text += ' ' + terms_text(claim, program);
  if (!claim.kernels.empty()) text += fmt::format(" on {}", fmt::join(claim.kernels, " "));
  return text;
}

std::string terms_text(const language::Claim& claim, const traces::Program& program) {
  std::string text;
  for (const language::Claim::Term& term : claim.terms) {
    if (!text.empty()) text += " and ";
    text += fmt::format("{} {}", language::name_of(term.column, program), term.word);
  }
  return text;
}

std::string words_text(const language::Words& words) { return fmt::format("{}", fmt::join(words, " ")); }

}  // namespace cli
