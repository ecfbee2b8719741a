// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/explanation.hpp"

#include "scenarios/cli/claim_text.hpp"
#include "scenarios/cli/status.hpp"

namespace cli {
namespace {

std::string row_text(const language::Litmus& litmus, const running::LitmusSubject& subject,
                     const std::string& outcome) {
  if (outcome.empty()) return "";
  language::Words words = subject.reached(outcome).words;
  if (!litmus.columns.empty()) words.resize(litmus.columns.size());
  return words_text(words);
}

}  // namespace

std::vector<std::size_t> Explanation::stars() const {
  if (!decisive) return {};
  if (decisive->pending != sim::kNoThread) return {decisive->first};
  return {decisive->first, decisive->second};
}

Explanation explain(const language::Litmus& litmus, const running::LitmusSubject& subject,
                    running::Witness witness, const sim::Wanted& wanted, int workers) {
  auto telling = timeline::tell(litmus, subject.program_subject(), witness.schedule);
  if (!telling) throw Error(sim::to_text(telling.error()));
  Explanation explanation{.witness = std::move(witness), .telling = std::move(*telling)};
  const running::Witness& shown = explanation.witness;
  explanation.stuck = timeline::stuck_threads(litmus, subject.program_subject(), shown.schedule,
                                              explanation.telling, shown.repeats_from);
  if (!wanted) return explanation;
  explanation.decisive = sim::decisive_pair(subject.subject(), shown.moves, wanted, {.workers = workers});
  if (explanation.decisive) explanation.instead = row_text(litmus, subject, explanation.decisive->instead);
  return explanation;
}

}  // namespace cli
