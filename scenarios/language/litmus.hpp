// SPDX-License-Identifier: Apache-2.0
// Litmus: what a litmus file says. A program, the prose that explains it, and what is claimed of its
// outcomes. Plain data: parse.hpp reads it from text, print.hpp writes it, verdict.hpp judges it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "traces/program.hpp"

namespace language {

// The words of one row of an outcome table, one a column.
using Words = std::vector<std::string>;

// Something that can be asked about the end of an execution; a column of an outcome table.
struct Column {
  enum class Kind : std::uint8_t {
    value,            // thread.reg
    field,            // thread.reg.field: the output field of the ioctl
    faulting_thread,  // thread.reg.thread: who faulted, by the message
    thread_end,       // thread
    page,             // x, r[1]
    file_page,        // f[1]: what the file holds there
    pending,          // uffd.pending, as fdinfo says
    total,            // uffd.total
    variable,         // v
    kernel_bug,       // kernel-bug
  };
  Kind kind = Kind::kernel_bug;
  std::uint8_t index = 0;  // of the thread, region, file, userfaultfd or variable in the program
  std::uint8_t reg = 0;    // value, field, faulting_thread: register of that thread
  std::uint64_t page = 0;  // page, file_page: which page
  friend bool operator==(const Column&, const Column&) = default;
};

// A row that is allowed, and must be reachable.
struct Row {
  Words words;
  std::vector<std::string> kernels;  // only there; empty: on every kernel
  int line = 0;                      // in the file it came from; not part of equality
  friend bool operator==(const Row& a, const Row& b) { return a.words == b.words && a.kernels == b.kernels; }
};

struct Claim {
  enum class Kind : std::uint8_t { never, sometimes, always };
  struct Term {
    Column column;
    std::string word;
    friend bool operator==(const Term&, const Term&) = default;
  };
  Kind kind = Kind::never;
  std::string defect;                // not empty: said of a kernel with this defect
  std::vector<Term> terms;           // all of them at once
  std::vector<std::string> kernels;  // only there; empty: on every kernel
  int line = 0;                      // in the file it came from; not part of equality
  friend bool operator==(const Claim& a, const Claim& b) {
    return a.kind == b.kind && a.defect == b.defect && a.terms == b.terms && a.kernels == b.kernels;
  }
};

struct Litmus {
  traces::Program program;
  std::string prose;                 // lines without their common indentation, no newline at the end
  std::vector<std::string> kernels;  // where the file makes sense; empty: everywhere
  // Where it may run for real: one that leaves a kernel damaged only where that kernel ends with it.
  enum class Machines : std::uint8_t { any, guests } machines = Machines::any;
  std::vector<Column> columns;  // of the outcome table; empty: there is no table
  std::vector<Row> rows;
  std::vector<Claim> claims;
  friend bool operator==(const Litmus&, const Litmus&) = default;
};

}  // namespace language
