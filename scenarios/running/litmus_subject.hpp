// SPDX-License-Identifier: Apache-2.0
// LitmusSubject: a litmus file on one simulated kernel, as the engine explores it. Its outcomes are rows of
// the file's table, and how each thread ended.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "model/defects/defect.hpp"
#include "scenarios/language/litmus.hpp"
#include "traces/model/subject.hpp"

namespace running {

// What an outcome of the engine stands for.
struct Reached {
  language::Words words;                // over LitmusSubject::columns()
  std::vector<traces::ThreadEnd> ends;  // one a thread
  std::string kernel_bug;               // not empty: the simulated kernel stopped
};

// What is told of each outcome: the columns of the file's table, then those that only its claims mention, and
// without a table every register and every page.
std::vector<language::Column> shown_columns(const language::Litmus& litmus);

class LitmusSubject {
 public:
  // `defect` may be null. `litmus` must outlive the subject.
  LitmusSubject(const language::Litmus& litmus, const model::Kernel& kernel, const model::Defect* defect);
  LitmusSubject(const LitmusSubject&) = delete;
  LitmusSubject& operator=(const LitmusSubject&) = delete;

  const sim::Subject& subject() const { return *subject_; }
  const traces::ModelSubject& program_subject() const { return *subject_; }
  const traces::PreparedProgram& prepared() const { return subject_->prepared(); }
  const std::vector<language::Column>& columns() const { return columns_; }
  std::string kernel_name() const { return kernel_.name; }
  std::string defect_name() const { return defect_ ? defect_->name : ""; }  // empty: the healthy kernel

  // The inverse of what subject() names outcomes with.
  Reached reached(const std::string& outcome) const;

 private:
  std::string name(const traces::FinalState& state) const;

  const language::Litmus& litmus_;
  model::Kernel kernel_;
  const model::Defect* defect_;
  std::vector<language::Column> columns_;
  std::unique_ptr<traces::ModelSubject> subject_;
};

}  // namespace running
