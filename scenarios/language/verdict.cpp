// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/verdict.hpp"

#include <algorithm>

#include "scenarios/language/column.hpp"

namespace language {
namespace {

bool among(const std::vector<std::string>& kernels, std::string_view kernel) {
  return kernels.empty() || std::find(kernels.begin(), kernels.end(), kernel) != kernels.end();
}

// The seen row may have more columns than the table: those that only claims mention follow the table's.
bool allows(const Words& row, const Words& seen) {
  return std::equal(
      row.begin(), row.end(), seen.begin(),
      [](const std::string& written, const std::string& word) { return matches(written, word); });
}

void judge_table(const Litmus& litmus, std::string_view kernel, const std::set<Words>& seen,
                 Verdict& verdict) {
  if (litmus.columns.empty()) return;
  std::vector<std::size_t> listed;
  for (std::size_t i = 0; i < litmus.rows.size(); ++i) {
    if (among(litmus.rows[i].kernels, kernel)) listed.push_back(i);
  }
  const auto width = static_cast<std::ptrdiff_t>(litmus.columns.size());
  std::set<std::size_t> reached;
  std::set<Words> told;  // of the table's columns
  for (const Words& words : seen) {
    bool allowed = false;
    for (const std::size_t i : listed) {
      if (!allows(litmus.rows[i].words, words)) continue;
      allowed = true;
      reached.insert(i);
    }
    if (!allowed && told.emplace(words.begin(), words.begin() + width).second)
      verdict.unexpected.push_back(words);
  }
  verdict.reached = reached.size();
  for (const std::size_t i : listed) {
    if (!reached.contains(i)) verdict.unreached.push_back(i);
  }
}

// The columns of a claim's terms, as positions in a seen row.
std::vector<std::size_t> positions(const Claim& claim, const std::vector<Column>& columns) {
  std::vector<std::size_t> found;
  for (const Claim::Term& term : claim.terms) {
    const auto at = std::find(columns.begin(), columns.end(), term.column);
    found.push_back(static_cast<std::size_t>(at - columns.begin()));
  }
  return found;
}

bool true_of(const Claim& claim, const std::vector<std::size_t>& where, const Words& seen) {
  for (std::size_t i = 0; i < claim.terms.size(); ++i) {
    if (!matches(claim.terms[i].word, seen[where[i]])) return false;
  }
  return true;
}

Verdict::Judged judge_claim(const Litmus& litmus, std::size_t index, const std::set<Words>& seen,
                            Coverage coverage) {
  const Claim& claim = litmus.claims[index];
  const std::vector<std::size_t> where = positions(claim, all_columns(litmus));
  // One row decides: it proves a `sometimes`, and refutes a `never` or an `always`.
  const bool looked_for = claim.kind != Claim::Kind::always;
  const auto found = std::find_if(seen.begin(), seen.end(), [&](const Words& words) {
    return true_of(claim, where, words) == looked_for;
  });
  const bool exists = claim.kind == Claim::Kind::sometimes;
  if (found != seen.end()) return {index, exists ? Truth::holds : Truth::fails, *found};
  if (coverage == Coverage::some) return {index, Truth::open, std::nullopt};
  return {index, exists ? Truth::fails : Truth::holds, std::nullopt};
}

}  // namespace

bool Verdict::holds() const {
  if (!unexpected.empty()) return false;
  if (coverage == Coverage::all && !unreached.empty()) return false;
  return std::none_of(claims.begin(), claims.end(), [](const Judged& j) { return j.truth == Truth::fails; });
}

Verdict judge(const Litmus& litmus, const Host& host, const std::set<Words>& seen, Coverage coverage) {
  Verdict verdict;
  verdict.coverage = coverage;
  if (host.defect.empty()) judge_table(litmus, host.kernel, seen, verdict);
  for (std::size_t i = 0; i < litmus.claims.size(); ++i) {
    const Claim& claim = litmus.claims[i];
    if (claim.defect != host.defect || !among(claim.kernels, host.kernel)) continue;
    verdict.claims.push_back(judge_claim(litmus, i, seen, coverage));
  }
  return verdict;
}

bool applies(const Litmus& litmus, std::string_view kernel) { return among(litmus.kernels, kernel); }

std::vector<std::string> defects(const Litmus& litmus) {
  std::vector<std::string> names;
  for (const Claim& claim : litmus.claims) {
    if (claim.defect.empty() || std::find(names.begin(), names.end(), claim.defect) != names.end()) continue;
    names.push_back(claim.defect);
  }
  return names;
}

}  // namespace language
