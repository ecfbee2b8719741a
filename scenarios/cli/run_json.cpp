// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/run_json.hpp"

#include <nlohmann/json.hpp>

#include "scenarios/cli/claim_text.hpp"
#include "scenarios/cli/outcome_text.hpp"
#include "scenarios/language/column.hpp"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

Json outcome_json(const running::Line& line, const language::Litmus& litmus, bool judged) {
  Json json{{"row", line.reached.words},
            {"ended", ending_text(line.reached, litmus.program)},
            {"ending", sim::name_of(line.outcome.ending)}};
  if (judged) json["expected"] = line.row >= 0;
  json["worlds"] = line.outcome.worlds;
  if (line.outcome.executions > 0) json["executions"] = line.outcome.executions;
  json["witness"] = sim::to_text(line.outcome.witness);
  if (!line.outcome.cycle.choices.empty()) json["cycle"] = sim::to_text(line.outcome.cycle);
  if (!line.outcome.stacks.empty()) json["stacks"] = line.outcome.stacks;
  return json;
}

Json claim_json(const language::Verdict::Judged& judged, const language::Litmus& litmus) {
  constexpr const char* kTruths[] = {"holds", "fails", "open"};
  const language::Claim& claim = litmus.claims[judged.claim];
  Json json{{"claim", claim_text(claim, litmus.program)},
            {"line", claim.line},
            {"truth", kTruths[static_cast<int>(judged.truth)]}};
  if (judged.witness) json["row"] = *judged.witness;
  return json;
}

Json totals_json(const sim::Totals& totals) {
  return {{"worlds", totals.worlds},         {"transitions", totals.transitions},
          {"executions", totals.executions}, {"steps", totals.steps},
          {"depth", totals.depth},           {"world_bytes_max", totals.world_bytes_max},
          {"world_bytes_mean", totals.world_bytes_mean}, {"paths", totals.paths},
          {"redundant", totals.redundant}};
}

}  // namespace

Json run_json(const language::Litmus& litmus, const running::Plan& plan, const running::ModelRun& run) {
  Json json{{"kernel", plan.kernel->name}};
  if (plan.defect) json["defect"] = plan.defect->name;
  json["holds"] = run.holds();
  if (!run.setup_failure.empty()) {
    json["setup_failure"] = run.setup_failure;
    return json;
  }
  json["complete"] = run.coverage.complete();
  if (!run.coverage.complete()) json["limit"] = sim::name_of(run.coverage.limit);
  json["unexplored"] = run.coverage.unexplored;
  json["given_up"] = run.coverage.given_up;
  json["totals"] = totals_json(run.totals);
  json["columns"] = Json::array();
  for (const language::Column& column : run.columns) json["columns"].push_back(language::name_of(column, litmus.program));
  const bool judged = !litmus.columns.empty() && !plan.defect;
  json["outcomes"] = Json::array();
  for (const running::Line& line : run.lines) json["outcomes"].push_back(outcome_json(line, litmus, judged));
  json["unreached"] = Json::array();
  for (const std::size_t row : run.verdict.unreached) {
    json["unreached"].push_back({{"row", litmus.rows[row].words}, {"line", litmus.rows[row].line}});
  }
  json["claims"] = Json::array();
  for (const auto& claim : run.verdict.claims) json["claims"].push_back(claim_json(claim, litmus));
  json["findings"] = Json::array();
  for (const sim::Finding& finding : run.findings) {
    json["findings"].push_back({{"kind", sim::name_of(finding.kind)},
                                {"text", finding.text},
                                {"schedule", sim::to_text(finding.schedule)}});
  }
  return json;
}

}  // namespace cli
