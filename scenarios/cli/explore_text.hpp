// SPDX-License-Identifier: Apache-2.0
// What `uffdsim explore` tells a person: the outcome table, the claims, how much work it was.
#pragma once
#include <string>

#include "scenarios/cli/files.hpp"
#include "scenarios/running/run.hpp"
#include "scenarios/cli/terminal.hpp"

namespace cli {

struct ExploreText {
  enum class Witnesses : unsigned char { none, all };

  const LitmusFile& file;
  const running::Plan& plan;
  const running::ModelRun& run;
  double seconds = 0;

  std::string to_text(const Paint& paint, Witnesses witnesses) const;

 private:
  // The columns worth showing: how a thread ended is told in a column of its own, unless the file asks for it.
  std::vector<std::size_t> shown() const;
  language::Words row(const running::Line& line) const;
  bool has_table() const { return !file.litmus.columns.empty() && !plan.defect; }
  std::string title(const Paint& paint) const;
  std::string table(const Paint& paint) const;
  std::string schedules(const Paint& paint) const;
  std::string summary(const Paint& paint) const;
  std::string claims(const Paint& paint) const;
  std::string where_to_look(const Paint& paint) const;
};

}  // namespace cli
