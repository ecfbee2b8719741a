// SPDX-License-Identifier: Apache-2.0
// CheckReport: what `uffdsim check` prints, as text for people, as KTAP, or as one JSON document.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/cli/check_file.hpp"
#include "scenarios/cli/status.hpp"
#include "scenarios/cli/terminal.hpp"

namespace cli {

class CheckReport {
 public:
  // A whole folder was checked, so a defect that none of its files tells is worth saying.
  enum class Scope : unsigned char { files, corpus };

  explicit CheckReport(const Terminal& terminal) : terminal_(terminal) {}
  virtual ~CheckReport() = default;

  virtual void begin(const std::vector<CheckedFile>& files) = 0;
  // Each file, in order, once it is done.
  void tell(const CheckedFile& checked);
  Status end(Scope scope, double seconds);

 protected:
  virtual void tell_file(const CheckedFile& checked) = 0;
  virtual void tell_end(Scope scope, double seconds) = 0;

  const Terminal& terminal() const { return terminal_; }
  const Paint& paint() const { return terminal_.paint(); }
  std::size_t count(CheckedFile::Verdict verdict) const;
  std::size_t told() const { return told_; }  // files
  std::vector<std::string> defects_told() const;
  std::vector<std::string> defects_untold() const;

 private:
  const Terminal& terminal_;
  std::size_t told_ = 0;
  std::map<CheckedFile::Verdict, std::size_t> counts_;
  std::map<std::string, bool> defects_;  // those that were looked at: whether some file tells them
};

std::unique_ptr<CheckReport> text_report(const Terminal& terminal);
std::unique_ptr<CheckReport> ktap_report(const Terminal& terminal);
std::unique_ptr<CheckReport> json_report(const Terminal& terminal);

}  // namespace cli
