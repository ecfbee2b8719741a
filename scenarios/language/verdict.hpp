// SPDX-License-Identifier: Apache-2.0
// Verdict: whether what was seen is what the litmus file says. Pure: who explored, and how, is not known
// here.
#pragma once
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/language/litmus.hpp"

namespace language {

// How much of the program's behaviour the seen rows stand for.
enum class Coverage : std::uint8_t {
  all,   // every execution: what was not seen does not happen
  some,  // a sample (a real kernel, an interrupted search): only what was seen can refute
};

enum class Truth : std::uint8_t { holds, fails, open };

struct Verdict {
  struct Judged {
    std::size_t claim = 0;         // index into Litmus::claims
    Truth truth = Truth::open;     // open: not enough was seen to tell
    std::optional<Words> witness;  // the seen row that proves or refutes it, if one row does
  };
  std::vector<Words> unexpected;       // seen (all columns), and no row of the table allows it;
                                       // one for each that differs in the table's columns
  std::vector<std::size_t> unreached;  // indices into Litmus::rows, on this kernel, not seen
  std::size_t reached = 0;             // rows of the table, on this kernel, that were seen
  std::vector<Judged> claims;          // those that speak of this kernel and defect, in the file's order
  Coverage coverage = Coverage::all;

  // No row is unexpected, no claim fails and, with every execution seen, no row is unreached.
  bool holds() const;
};

// Where the rows were seen.
struct Host {
  std::string_view kernel;  // "6.18"
  std::string_view defect;  // empty: the healthy kernel
};

// Judges `seen`: rows over all_columns(litmus). On a healthy kernel the table and the claims without a
// defect are judged, on a defective one the claims that name the defect.
Verdict judge(const Litmus& litmus, const Host& host, const std::set<Words>& seen, Coverage coverage);

// Whether the file makes sense on the kernel.
bool applies(const Litmus& litmus, std::string_view kernel);
// The defects that claims name, in the file's order, each once.
std::vector<std::string> defects(const Litmus& litmus);

}  // namespace language
