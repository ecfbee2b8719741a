// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/explore.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <map>
#include <optional>

#include "model/defects/defect.hpp"
#include "sim/explore.hpp"
#include "sim/random_walk.hpp"
#include "uffdsim/repeat.hpp"
#include "uffdsim/story.hpp"

namespace uffdsim::detail {
namespace {

// The kernel that the options ask for, or what is wrong with them.
tl::expected<model::Kernel, std::string> kernel_of(const Options& options) {
  const model::Kernel* found = model::find_kernel(options.kernel.c_str());
  if (!found) {
    std::string known;
    for (const model::Kernel* kernel : model::kernels()) known.append(" ").append(kernel->name);
    return tl::unexpected(fmt::format("there is no kernel {}; there are{}", options.kernel, known));
  }
  model::Kernel kernel = *found;
  for (const std::string& name : options.defects) {
    const model::Defect* defect = model::find_defect(name);
    if (!defect) return tl::unexpected(fmt::format("there is no defect {}; `uffdsim list` names them", name));
    kernel = model::with_defect(kernel, *defect);
  }
  return kernel;
}

std::string what_is_wrong(const Description& description, const ScenarioSubject& subject) {
  if (!description.mistake.empty()) return description.mistake;
  const std::string failure = traces::setup_failure(subject.prepared());
  return failure.empty() ? failure : fmt::format("the scenario cannot be set up: {}", failure);
}

Report nothing_explored(Failure failure) {
  Report report;
  report.covered = "nothing was explored";
  report.failures.push_back(std::move(failure));
  return report;
}

// Ends an exploration when its time is over.
class Clock {
 public:
  explicit Clock(double seconds) : seconds_(seconds) {}
  void watch(sim::Effort& effort) {
    if (seconds_ <= 0) return;
    effort.stop = &over_;
    effort.progress = [this](const sim::Progress&) {
      const std::chrono::duration<double> gone = std::chrono::steady_clock::now() - start_;
      if (gone.count() > seconds_) over_.store(true, std::memory_order_relaxed);
    };
  }

 private:
  double seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<bool> over_{false};
};

sim::Exploration explored(const ScenarioSubject& subject, const Options& options) {
  sim::Effort effort{.workers = options.workers,
                     .budget = {.worlds = options.budget.worlds, .bytes = options.budget.bytes},
                     .checks = sim::kDefaultChecks};
  if (options.repeats == Repeats::every_step) effort.checks = sim::Checks::every_step;
  Clock clock(options.budget.seconds);
  clock.watch(effort);
  if (options.walks > 0) return sim::random_walks(subject, options.seed, options.walks, effort);
  return sim::explore(subject, effort);
}

std::string covered_text(const sim::Exploration& exploration, const Options& options) {
  const sim::Coverage& coverage = exploration.coverage;
  if (coverage.complete()) return "every execution";
  if (coverage.limit == sim::Limit::sample) return fmt::format("a sample of {} executions", options.walks);
  if (coverage.limit == sim::Limit::interrupted && options.budget.seconds > 0) {
    return fmt::format("budget of time used up, {} worlds not looked at", coverage.unexplored);
  }
  return fmt::format("{}, {} worlds not looked at", sim::name_of(coverage.limit), coverage.unexplored);
}

std::string explanation(const ScenarioSubject& subject, const sim::Outcome& outcome) {
  const auto story = tell(subject, outcome.witness);
  std::string text = story ? story->text : sim::to_text(story.error());
  if (outcome.ending == sim::Ending::livelock) {
    text += fmt::format("       and then this, again and again: {}\n", sim::to_text(outcome.cycle));
  }
  return text;
}

// One failure for each thing that does not hold, with a shortest execution that shows it.
void tell_failures(const ScenarioSubject& subject, const sim::Exploration& exploration, Report& report) {
  std::map<std::string, const sim::Outcome*> shortest;
  for (const sim::Outcome& outcome : exploration.outcomes) {
    for (const std::string& what : ScenarioSubject::row(outcome.text).failures) {
      const sim::Outcome*& known = shortest[what];
      if (!known || outcome.witness.length() < known->witness.length()) known = &outcome;
    }
  }
  for (const auto& [what, outcome] : shortest) {
    report.failures.push_back({what, sim::to_text(outcome->witness), explanation(subject, *outcome)});
  }
}

// Rows with the same columns are one, however their executions ended.
void tell_outcomes(const sim::Exploration& exploration, Report& report) {
  std::map<std::string, Outcome> rows;
  for (const sim::Outcome& outcome : exploration.outcomes) {
    const Row row = ScenarioSubject::row(outcome.text);
    if (row.columns.empty() && !row.failures.empty()) continue;  // cut short by a claim
    Outcome& told = rows[row.columns];
    if (told.worlds == 0) told.schedule = sim::to_text(outcome.witness);
    told.text = row.columns;
    told.worlds += std::max(outcome.worlds, outcome.executions);
  }
  for (auto& [text, outcome] : rows) report.outcomes.push_back(std::move(outcome));
}

}  // namespace

Report explore(const Description& description, const Options& options) {
  const auto kernel = kernel_of(options);
  if (!kernel) return nothing_explored({kernel.error(), {}, {}});
  const ScenarioSubject subject(description, *kernel);
  const std::string wrong = what_is_wrong(description, subject);
  if (!wrong.empty()) return nothing_explored({wrong, {}, {}});
  if (auto unrepeatable = find_unrepeatable(subject, options.seed)) return nothing_explored(*unrepeatable);

  const sim::Exploration exploration = explored(subject, options);
  Report report;
  report.complete = exploration.coverage.complete();
  report.sampled = exploration.coverage.limit == sim::Limit::sample;
  report.covered = covered_text(exploration, options);
  report.worlds = exploration.totals.worlds;
  report.executions = exploration.totals.executions;
  report.steps = exploration.totals.steps;
  for (const sim::Finding& finding : exploration.findings) {
    // A kernel with a defect need not keep the invariants of the healthy one.
    if (finding.kind == sim::Finding::Kind::invariant && !options.defects.empty()) continue;
    report.failures.push_back(failure_of(subject, finding));
  }
  tell_outcomes(exploration, report);
  tell_failures(subject, exploration, report);
  return report;
}

Replayed replay(const Description& description, std::string_view schedule, const Options& options) {
  Replayed replayed;
  const auto kernel = kernel_of(options);
  if (!kernel) {
    replayed.misfit = kernel.error();
    return replayed;
  }
  const ScenarioSubject subject(description, *kernel);
  replayed.misfit = what_is_wrong(description, subject);
  const auto parsed = sim::parse_schedule(schedule);
  if (!parsed && replayed.misfit.empty()) replayed.misfit = parsed.error();
  if (!replayed.misfit.empty()) return replayed;
  auto story = tell(subject, *parsed);
  if (!story) {
    replayed.misfit = sim::to_text(story.error());
    return replayed;
  }
  replayed.outcome = story->row.columns;
  replayed.failed = std::move(story->row.failures);
  replayed.story = std::move(story->text);
  return replayed;
}

}  // namespace uffdsim::detail
