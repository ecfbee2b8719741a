// SPDX-License-Identifier: Apache-2.0
// Scene: which file on which kernel `uffdsim show` looks at, and which run of it.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "scenarios/cli/explanation.hpp"
#include "scenarios/cli/files.hpp"
#include "scenarios/cli/wanted.hpp"
#include "scenarios/running/stamp.hpp"

namespace cli {

struct ShowOptions {
  std::string file;  // a litmus file or a schedule file
  std::string outcome;
  std::string where;
  std::string schedule;
  std::string against;
  std::string kernel;  // empty: the schedule's, or else the default
  std::string defect;
  std::string save;
  std::uint64_t explorations = 200;  // most that --minimise makes
  int jobs = 1;
  bool minimise = false;
  bool steps = false;
  bool json = false;
};

// A run that was chosen, and what it was chosen for.
struct Chosen {
  running::Witness witness;
  std::optional<Wanted> asked;
  sim::Wanted wanted;  // empty: the run does not end
  std::string row;     // the words of its row, or "the schedule given"
};

class Scene {
 public:
  // An Error if the options contradict each other or name what does not exist.
  explicit Scene(const ShowOptions& options);
  // The same kernel and defect, another file.
  Scene(const Scene& like, LitmusFile file);

  const LitmusFile& file() const { return file_; }
  const running::LitmusSubject& subject() const { return *subject_; }
  const model::Kernel& kernel() const { return *kernel_; }
  const model::Defect* defect() const { return defect_; }
  std::string title() const;  // "missing-copy on the model of Linux 6.18"

  // Everything is explored for it, unless a schedule is given. An Error if there is no such outcome, or if
  // the schedule is not what it was.
  Chosen choose();
  // What another outcome is, for a comparison. An Error as above.
  Chosen choose_against(const Chosen& left);

  // The row of an outcome, by the columns of the file's table.
  std::string row_text(const running::Reached& reached) const;
  // The run to an outcome that must be there.
  Chosen choose(const Wanted& wanted);

  // The command that shows this run again.
  std::string again(const sim::Schedule& schedule) const;
  std::string stamped(const sim::Schedule& schedule) const;

 private:
  void read_given();
  void set_up();
  const running::ModelRun& explored();
  const running::Line& line_like(const Wanted& wanted);
  Chosen failing();
  Chosen follow_given() const;
  Chosen chosen(const running::Line& line, const Wanted& wanted);
  sim::Wanted test_of(Wanted wanted) const;
  std::string outcomes_text(const running::ModelRun& run) const;

  ShowOptions options_;
  std::string given_by_;  // what names the schedule in messages: "--schedule", or its file
  std::string given_row_;
  std::optional<running::StampedSchedule> given_;
  LitmusFile file_;
  const model::Kernel* kernel_ = nullptr;
  const model::Defect* defect_ = nullptr;
  std::unique_ptr<running::LitmusSubject> subject_;
  std::optional<running::ModelRun> run_;
};

}  // namespace cli
