// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/minimise.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/cli/reductions.hpp"
#include "scenarios/cli/status.hpp"
#include "scenarios/language/parse.hpp"
#include "scenarios/language/print.hpp"
#include "scenarios/timeline/last_words.hpp"

namespace cli {
namespace {

std::size_t operations_in(const traces::Program& program) {
  std::size_t count = 0;
  for (const traces::ThreadProgram& thread : program.threads) {
    for (const traces::Instruction& at : traces::flatten(thread.body)) count += at.perform ? 1 : 0;
  }
  return count;
}

// The program alone, with the outcome as its only claim.
std::string claiming(const language::Litmus& litmus, const std::string& claim) {
  language::Litmus bare;
  bare.program = litmus.program;
  bare.program.name = "minimised";
  return fmt::format("{}\nsometimes {}\n", language::print(bare), claim);
}

class Minimiser {
 public:
  Minimiser(const language::Litmus& litmus, const Wanted& wanted, const running::Plan& plan,
            std::uint64_t explorations)
      : claim_(wanted.claim(litmus)), plan_(plan), most_(explorations) {
    const std::string text = claiming(litmus, claim_);
    const auto parsed = language::parse(text, "the outcome as a claim");
    if (!parsed)
      throw Error(fmt::format("this outcome cannot be minimised: {}", language::to_text(parsed.error())));
    result_.litmus = *parsed;
    lines_ = lines_of(text);
    result_.operations_before = operations_in(litmus.program);
    const running::ModelRun run = explore(*parsed, plan_);
    before_ = look(*parsed, run);
    plan_.effort.budget.worlds = std::max<std::uint64_t>(2 * run.totals.worlds, kFewWorlds);
    if (!before_.reached)
      throw Error(fmt::format("no run ends with {}: there is nothing to minimise", claim_));
    if (plan_.defect) only_with_defect_ = !reached_when_healthy(*parsed);
  }

  Minimised run() {
    const bool threads = exhaust(Part::threads);
    const bool declarations = threads && exhaust(Part::declarations);
    // A declaration that went may have been all that another line needed.
    const bool again = declarations && exhaust(Part::threads);
    result_.end = again ? Minimised::End::nothing_left : Minimised::End::bound;
    result_.text = language::print(result_.litmus);
    result_.operations = operations_in(result_.litmus.program);
    return std::move(result_);
  }

 private:
  struct Look {
    bool reached = false;
    bool others = false;               // another outcome is reached as well
    std::vector<std::string> reasons;  // why threads wait at the end of the run to the outcome
  };
  static constexpr std::uint64_t kFewWorlds = 10000;

  // False if the explorations are used up.
  bool exhaust(Part part) {
    for (bool smaller = true; smaller;) {
      smaller = false;
      for (Reduction& reduction : reductions(lines_, part)) {
        const auto litmus = language::parse(text_of(reduction.lines), "a reduction");
        if (!litmus) continue;
        if (result_.explorations >= most_) return false;
        if (!is_still_it(*litmus)) continue;
        lines_ = std::move(reduction.lines);
        result_.litmus = *litmus;
        result_.left_out.push_back(std::move(reduction.left_out));
        smaller = true;
        break;
      }
    }
    return true;
  }

  bool is_still_it(const language::Litmus& litmus) {
    const running::LitmusSubject subject(litmus, *plan_.kernel, plan_.defect);
    if (!traces::setup_failure(subject.prepared()).empty()) return false;
    const running::ModelRun run = explore(litmus, plan_);
    if (!run.coverage.complete()) return false;
    const Look now = look(litmus, run);
    if (!now.reached || now.others < before_.others) return false;
    if (now.reasons != before_.reasons) return false;
    return !only_with_defect_ || !reached_when_healthy(litmus);
  }

  running::ModelRun explore(const language::Litmus& litmus, const running::Plan& plan) {
    ++result_.explorations;
    return running::run_on_model(litmus, plan);
  }

  bool reached_when_healthy(const language::Litmus& litmus) {
    running::Plan healthy = plan_;
    healthy.defect = nullptr;
    const running::ModelRun run = explore(litmus, healthy);
    return !run.coverage.complete() || look(litmus, run).reached;
  }

  Look look(const language::Litmus& litmus, const running::ModelRun& run) const {
    Look seen;
    const Wanted wanted = Wanted::where(claim_, litmus);
    for (const running::Line& line : run.lines) {
      if (!wanted.is(line.reached)) {
        seen.others = true;
      } else if (!seen.reached) {
        seen.reached = true;
        seen.reasons = reasons(litmus, line);
      }
    }
    return seen;
  }

  // Only of threads that the claim speaks of: another may wait for something else, or be gone.
  std::vector<std::string> reasons(const language::Litmus& litmus, const running::Line& line) const {
    std::vector<std::string> found;
    const running::LitmusSubject subject(litmus, *plan_.kernel, plan_.defect);
    for (const auto& [thread, reason] :
         timeline::reasons_after(subject.program_subject(), line.outcome.witness)) {
      if (mentions(thread)) found.push_back(fmt::format("{} {}", thread, reason));
    }
    return found;
  }
  bool mentions(const std::string& thread) const {
    const std::string padded = " " + claim_;
    return padded.find(" " + thread + " blocked") != std::string::npos ||
           padded.find(" " + thread + ".") != std::string::npos;
  }

  const std::string claim_;
  running::Plan plan_;
  const std::uint64_t most_;
  Lines lines_;
  Look before_;
  bool only_with_defect_ = false;
  Minimised result_;
};

}  // namespace

Minimised minimise(const language::Litmus& litmus, const Wanted& wanted, const running::Plan& plan,
                   std::uint64_t explorations) {
  return Minimiser(litmus, wanted, plan, explorations).run();
}

}  // namespace cli
