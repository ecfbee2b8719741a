// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/show_scene.hpp"

#include <fmt/format.h>

#include "scenarios/cli/budget.hpp"
#include "scenarios/cli/claim_text.hpp"
#include "scenarios/cli/interruption.hpp"
#include "scenarios/cli/named.hpp"
#include "scenarios/cli/outcome_text.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/schedule_file.hpp"
#include "scenarios/cli/shell.hpp"
#include "scenarios/cli/status.hpp"
#include "sim/ambient.hpp"

namespace cli {
namespace {

// How the run ended, as an outcome's text; empty if it did not.
std::string outcome_of(const sim::Subject& subject, const running::Witness& witness) {
  const sim::Ambient kept;
  sim::Arena arena(subject.arena_size());
  const sim::World& world = sim::replay(subject, witness.moves, arena);
  return world.condition() == sim::Condition::running ? "" : subject.outcome(world, 0);
}

}  // namespace

Scene::Scene(const ShowOptions& options) : options_(options) {
  read_given();
  const bool stamped = given_ && given_->stamp;
  const auto agreed = [&](const char* option, const std::string& asked, const std::string& stamp) {
    if (!stamped || asked.empty() || asked == stamp) return stamped && asked.empty() ? stamp : asked;
    throw Error(fmt::format("{}: the schedule was made {}, and {} asks for {}: leave the option out",
                            given_by_, stamp.empty() ? "without a defect" : "with " + stamp, option, asked));
  };
  const std::string kernel = agreed("--kernel", options_.kernel, stamped ? given_->stamp->kernel : "");
  kernel_ = kernel.empty() ? &model::default_kernel() : &kernel_named(kernel);
  defect_ = defect_named(agreed("--defect", options_.defect, stamped ? given_->stamp->defect : ""));
  file_ = read_litmus_file(options_.file);
  set_up();
}

Scene::Scene(const Scene& like, LitmusFile file)
    : options_(like.options_), file_(std::move(file)), kernel_(like.kernel_), defect_(like.defect_) {
  options_.file = file_.shown;
  set_up();
}

void Scene::set_up() {
  subject_ = std::make_unique<running::LitmusSubject>(file_.litmus, *kernel_, defect_);
  const std::string failure = traces::setup_failure(subject_->prepared());
  if (!failure.empty()) throw Error(fmt::format("{}: {}", file_.shown, failure));
}

void Scene::read_given() {
  given_by_ = "--schedule";
  if (is_schedule_file(options_.file)) {
    given_by_ = options_.file;
    if (!options_.outcome.empty() || !options_.where.empty() || !options_.schedule.empty()) {
      throw Error(fmt::format("{} says itself what is shown: leave out --outcome, --where and --schedule",
                              given_by_));
    }
    const ScheduleFile saved = read_schedule_file(options_.file);
    options_.file = saved.litmus.string();
    options_.schedule = saved.schedule;
    given_row_ = saved.outcome;
  }
  if (options_.schedule.empty()) return;
  auto stamped = running::parse_stamped(options_.schedule);
  if (!stamped) throw Error(fmt::format("{}: {}", given_by_, stamped.error()));
  given_ = std::move(*stamped);
}

std::string Scene::title() const {
  return fmt::format("{} on the model of Linux {}{}{}", file_.litmus.program.name, kernel_->name,
                     defect_ ? " with " : "", defect_ ? defect_->name : "");
}

std::string Scene::row_text(const running::Reached& reached) const {
  language::Words words = reached.words;
  if (!file_.litmus.columns.empty()) words.resize(file_.litmus.columns.size());
  return words_text(words);
}

std::string Scene::stamped(const sim::Schedule& schedule) const {
  return running::to_text(running::stamp_of(file_.litmus, *subject_, schedule), schedule);
}

std::string Scene::again(const sim::Schedule& schedule) const {
  return fmt::format("uffdsim show {} --schedule {}", quoted(options_.file), quoted(stamped(schedule)));
}

const running::ModelRun& Scene::explored() {
  if (run_) return *run_;
  const Terminal terminal;
  const Interruption interruption;
  ProgressLine progress(terminal);
  running::Plan plan{.kernel = kernel_, .defect = defect_};
  plan.effort.workers = options_.jobs;
  plan.effort.budget = bounds_of({}).budget;
  plan.effort.stop = interruption.flag();
  plan.effort.progress = [&](const sim::Progress& how_far) { progress.show(how_far); };
  run_ = running::run_on_model(file_.litmus, plan);
  return *run_;
}

std::string Scene::outcomes_text(const running::ModelRun& run) const {
  std::string text;
  for (const running::Line& line : run.lines) {
    text +=
        fmt::format("\n  {}   {}", row_text(line.reached), ending_text(line.reached, file_.litmus.program));
  }
  return text;
}

const running::Line& Scene::line_like(const Wanted& wanted) {
  const running::ModelRun& run = explored();
  for (const running::Line& line : run.lines) {
    if (wanted.is(line.reached)) return line;
  }
  const std::string shortfall = shortfall_text(run.coverage);
  throw Error(fmt::format("no outcome of {} on {} is like that{}; there are:{}", file_.shown, kernel_->name,
                          shortfall.empty() ? "" : fmt::format(" ({})", shortfall), outcomes_text(run)));
}

// A row that the table does not allow, or one that refutes a claim: of `never` all that the claim says, and
// no more.
Chosen Scene::failing() {
  const running::ModelRun& run = explored();
  const auto as_row = [&](const running::Line& line) {
    return chosen(line, Wanted::row(row_text(line.reached), file_.litmus));
  };
  for (const language::Words& words : run.verdict.unexpected) {
    if (const running::Line* line = run.find(words)) return as_row(*line);
  }
  for (const language::Verdict::Judged& judged : run.verdict.claims) {
    if (judged.truth != language::Truth::fails || !judged.witness) continue;
    const running::Line* line = run.find(*judged.witness);
    const language::Claim& claim = file_.litmus.claims[judged.claim];
    if (!line) continue;
    if (claim.kind != language::Claim::Kind::never) return as_row(*line);
    return chosen(*line, Wanted::where(terms_text(claim, file_.litmus.program), file_.litmus));
  }
  throw Error(fmt::format(
      "nothing that can be shown fails in {} on {}; say what to show, with --outcome and one of:{}",
      file_.shown, kernel_->name, outcomes_text(run)));
}

sim::Wanted Scene::test_of(Wanted wanted) const {
  return [wanted, subject = subject_.get()](const std::string& outcome) {
    return wanted.is(subject->reached(outcome));
  };
}

Chosen Scene::chosen(const running::Line& line, const Wanted& wanted) {
  return {running::plainest_witness(*subject_, line), wanted, test_of(wanted), row_text(line.reached)};
}

Chosen Scene::choose(const Wanted& wanted) { return chosen(line_like(wanted), wanted); }

Chosen Scene::choose() {
  if (given_) return follow_given();
  if (!options_.outcome.empty()) return choose(Wanted::row(options_.outcome, file_.litmus));
  if (!options_.where.empty()) return choose(Wanted::where(options_.where, file_.litmus));
  return failing();
}

Chosen Scene::choose_against(const Chosen& left) {
  const Wanted wanted = Wanted::either(options_.against, file_.litmus);
  const running::Line& line = line_like(wanted);
  const std::string mine = outcome_of(subject_->subject(), left.witness);
  if (row_text(line.reached) == left.row || (!mine.empty() && wanted.is(subject_->reached(mine)))) {
    throw Error(fmt::format("--against '{}' is what is shown already; there are:{}", options_.against,
                            outcomes_text(explored())));
  }
  return {{}, wanted, test_of(wanted), row_text(line.reached)};
}

Chosen Scene::follow_given() const {
  if (given_->stamp) {
    const std::string why = running::why_refused(*given_->stamp, file_.litmus, *subject_, given_->schedule);
    if (!why.empty()) {
      throw Error(fmt::format(
          "{}: the schedule does not fit {} any more: {}. To find such a run again: uffdsim show {} "
          "--outcome ROW",
          given_by_, file_.shown, why, quoted(file_.shown)));
    }
  }
  auto witness = running::witness_of(*subject_, given_->schedule);
  if (!witness) throw Error(sim::to_text(witness.error()));
  Chosen chosen{.witness = std::move(*witness),
                .asked = {},
                .wanted = {},
                .row = given_row_.empty() ? "the schedule given" : given_row_};
  const std::string outcome = outcome_of(subject_->subject(), chosen.witness);
  if (!outcome.empty()) {
    chosen.row = row_text(subject_->reached(outcome));
    chosen.asked = Wanted::row(chosen.row, file_.litmus);
    chosen.wanted = test_of(*chosen.asked);
  }
  return chosen;
}

}  // namespace cli
