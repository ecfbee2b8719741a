// SPDX-License-Identifier: Apache-2.0
// Reductions: the ways to make a litmus file's text smaller by one thing, as a person would: a thread, a
// block, an operation, a loop made once, a declaration. What comes out may be no program; whoever uses it
// parses it.
#pragma once
#include <string>
#include <vector>

namespace cli {

using Lines = std::vector<std::string>;

struct Reduction {
  Lines lines;           // what is left
  std::string left_out;  // "thread prefetcher", "monitor: r1 = copy f 'A'", "monitor: `repeat … until e is
                         // EAGAIN`, made once"
  std::size_t size = 0;  // lines that are gone
};

enum class Part : unsigned char { threads, declarations };

// Of a text in the printer's form: the largest first, then the lowest in the file.
std::vector<Reduction> reductions(const Lines& lines, Part part);

Lines lines_of(const std::string& text);
std::string text_of(const Lines& lines);

}  // namespace cli
