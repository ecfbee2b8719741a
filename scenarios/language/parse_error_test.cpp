// SPDX-License-Identifier: Apache-2.0
// What a person reads who made a mistake: one test a kind of mistake.
#include "scenarios/language/parse_error.hpp"

#include <gtest/gtest.h>

#include "scenarios/language/parse.hpp"

namespace language {
namespace {

std::string error_of(const std::string& text) {
  const auto litmus = parse(text, "f");
  return litmus ? "no error" : to_text(litmus.error());
}

// In line 8 and below, in the thread t or behind it.
std::string error_in(const std::string& lines) {
  return error_of(
      "litmus a\npage x  missing\nregion r  4 pages\nuffd  missing\nmutex m\nvariable v\nthread t\n" + lines);
}

TEST(ParseError, ShowsTheLineAndWhatWasMeant) {
  EXPECT_EQ(error_in("    r0 = lod x\n"),
            "f:8:10: expected an operation, found `lod`\n"
            "    r0 = lod x\n"
            "         ^~~ did you mean `load`?\n");
}

TEST(ParseError, CountsCharactersNotBytes) {
  EXPECT_EQ(error_in("    set v äö1\n"),
            "f:8:11: expected the number to store, found `äö1`\n"
            "    set v äö1\n"
            "          ^~~ 12 or 0x1f, below 2^64\n");
}

TEST(ParseError, AChildIsBornOnceAndHasCode) {
  EXPECT_EQ(error_in("    repeat\n        fork c\n            load x\n    until v is 1\n"),
            "f:9:9: expected `fork` outside of `repeat`: a child is born once\n"
            "        fork c\n"
            "        ^~~~\n");
  EXPECT_EQ(error_in("    fork c\n    load x\n"),
            "f:8:11: expected the child's code, indented, on the next line\n"
            "    fork c\n"
            "          ^\n");
  EXPECT_EQ(error_in("    fork t\n        load x\n"),
            "f:8:10: expected a new name: `t` is already the name of a thread (line 7)\n"
            "    fork t\n"
            "         ^\n");
}

TEST(ParseError, ADescriptorThatIsMadeNeedsAName) {
  EXPECT_EQ(error_in("    dup\n"),
            "f:8:8: expected `opens` and the userfaultfd that the descriptor becomes\n"
            "    dup\n"
            "       ^\n");
  EXPECT_EQ(error_in("    receive s opens uffd\n"),
            "f:8:13: expected the name of a socket: none is declared above the threads\n"
            "    receive s opens uffd\n"
            "            ^\n");
  EXPECT_EQ(error_in("    read bytes 1025\n"),
            "f:8:20: expected at most 1024 bytes\n"
            "    read bytes 1025\n"
            "                   ^\n");
}

TEST(ParseError, ListsWhatWouldDo) {
  EXPECT_EQ(error_in("    frobnicate x\n"),
            "f:8:5: expected an operation: load, store, copy-from-user, copy-to-user, mmap, munmap, "
            "mprotect, dontneed, remove, madvise, mremap, truncate, punch, pwrite, "
            "exit, fork, userfaultfd, api, register, unregister, copy, zeropage, wake, writeprotect, poison, "
            "continue, move, read, next, poll, close, dup, setfl, epoll-add, epoll-del, epoll-wait, send, "
            "receive, lock, unlock, get, set, pagemap, fdinfo, vma, scan, rwprotect or set-mode\n"
            "    frobnicate x\n"
            "    ^~~~~~~~~~\n");
  EXPECT_EQ(error_in("    copy x 'A' quietly\n"),
            "f:8:16: expected an option of `copy`: dontwake, wp, mode, bad-argument or via\n"
            "    copy x 'A' quietly\n"
            "               ^~~~~~~\n");
}

TEST(ParseError, SaysWhatIsMissingAtTheEndOfALine) {
  EXPECT_EQ(error_in("    register x\n"),
            "f:8:15: expected a mode: missing, or `mode` and its bits\n"
            "    register x\n"
            "              ^\n");
  EXPECT_EQ(error_in("    load\n"),
            "f:8:9: expected a place: a page, a region, @0x7000 or the register of a message, found the end "
            "of the line\n"
            "    load\n"
            "        ^\n");
}

TEST(ParseError, KnowsPlaces) {
  EXPECT_EQ(
      error_in("    load y\n"),
      "f:8:10: expected a page, a region, or a register that a line above assigns: `y` is none of them\n"
      "    load y\n"
      "         ^ known here: x, r\n");
  EXPECT_EQ(error_in("    load r[4]\n"),
            "f:8:10: expected a page of `r`, which has 4: 0 to 3\n"
            "    load r[4]\n"
            "         ^~~~\n");
  EXPECT_EQ(error_in("    load r\n"),
            "f:8:10: expected one page, this names 4\n"
            "    load r\n"
            "         ^ for the first of them, `r[0]`\n");
  EXPECT_EQ(error_in("    munmap r[0..\n"),
            "f:8:17: expected the page where the range ends, as r[0..2]\n"
            "    munmap r[0..\n"
            "                ^\n");
  EXPECT_EQ(
      error_in("    load m\n"),
      "f:8:10: expected a place: a page, a region, @0x7000 or the register of a message: `m` is a mutex\n"
      "    load m\n"
      "         ^\n");
}

TEST(ParseError, KnowsRegisters) {
  EXPECT_EQ(error_in("    e = poll\n    copy e 'A'\n"),
            "f:9:10: expected a message: no `read` above assigns `e`\n"
            "    copy e 'A'\n"
            "         ^\n");
  EXPECT_EQ(error_in("    r0 = poll\n    if r1 is in\n        exit\n"),
            "f:9:8: expected a register: no line above assigns `r1`\n"
            "    if r1 is in\n"
            "       ^~ did you mean `r0`?\n");
  EXPECT_EQ(error_in("    x = poll\n"),
            "f:8:5: expected the name of a register: `x` is a page or region (line 2)\n"
            "    x = poll\n"
            "    ^\n");
  EXPECT_EQ(error_in("    e = exit\n"),
            "f:8:5: expected `exit` alone: it never returns\n"
            "    e = exit\n"
            "    ^\n");
}

TEST(ParseError, KnowsWhatARegisterCanHold) {
  EXPECT_EQ(error_in("    c = dontneed x\n    if c is 'A'\n        exit\n"),
            "f:9:13: expected a value that the register can hold: ok or an errno as EAGAIN\n"
            "    if c is 'A'\n"
            "            ^~~\n");
  EXPECT_EQ(error_in("    c = dontneed x\n    if c is EAGIAN\n        exit\n"),
            "f:9:13: expected a value that the register can hold: ok or an errno as EAGAIN\n"
            "    if c is EAGIAN\n"
            "            ^~~~~~ did you mean `EAGAIN`?\n");
  EXPECT_EQ(error_in("    c = dontneed x\n    if c.field is 1p\n        exit\n"),
            "f:9:8: expected a register of copy, zeropage, poison, continue, move, register or api: only "
            "they have an output "
            "field\n"
            "    if c.field is 1p\n"
            "       ^~~~~~~\n");
}

TEST(ParseError, KnowsUserfaultfds) {
  EXPECT_EQ(error_of("litmus a\nthread t\n    read\n"),
            "f:3:5: expected a userfaultfd to be declared above the threads\n"
            "    read\n"
            "    ^~~~ add `uffd missing` after the pages\n");
  EXPECT_EQ(error_of("litmus a\nuffd\nuffd u\nthread t\n    read\n"),
            "f:5:9: expected `via` and one of the userfaultfds: uffd or u\n"
            "    read\n"
            "        ^\n");
  EXPECT_EQ(error_of("litmus a\nuffd misisng\nthread t\n"),
            "f:2:6: expected a mode, a feature, a flag, or a name that is less like one\n"
            "uffd misisng\n"
            "     ^~~~~~~ did you mean `missing`?\n");
}

TEST(ParseError, WantsLettersInQuotes) {
  EXPECT_EQ(error_in("    store x A\n"),
            "f:8:13: expected letters in quotes, as 'A' or 'AB'\n"
            "    store x A\n"
            "            ^\n");
  EXPECT_EQ(error_in("    store x 'A B'\n"),
            "f:8:15: expected a letter or the closing quote (a space is written \\x20)\n"
            "    store x 'A B'\n"
            "              ^\n");
  EXPECT_EQ(error_in("    store x 'AB'\n"),
            "f:8:13: expected one letter: a byte is stored\n"
            "    store x 'AB'\n"
            "            ^~~~\n");
}

TEST(ParseError, KnowsBlocks) {
  EXPECT_EQ(error_in("    c = load x\n    if c is zero\n    exit\n"),
            "f:9:17: expected an indented block on the next line\n"
            "    if c is zero\n"
            "                ^\n");
  EXPECT_EQ(error_in("    load x\n      load x\n"),
            "f:9:7: expected the indentation of the lines around it: 4 spaces, found 6\n"
            "      load x\n"
            "      ^\n");
  EXPECT_EQ(error_in("    else\n        exit\n"),
            "f:8:5: expected an `if` above `else`, at the same indentation\n"
            "    else\n"
            "    ^~~~\n");
  EXPECT_EQ(error_in("    repeat\n        exit\n    exit\n"),
            "f:10:5: expected `until` at the indentation of the `repeat` in line 8\n"
            "    exit\n"
            "    ^~~~\n");
  EXPECT_EQ(error_in("    repeat\n        exit\n"),
            "f:10:1: expected `until` at the indentation of the `repeat` in line 8\n");
}

TEST(ParseError, WantsSpaces) {
  EXPECT_EQ(error_in("\texit\n"), "f:8:1: expected spaces, found a tab\n exit\n^ indent with spaces\n");
  EXPECT_EQ(error_in("    load\tx\n"),
            "f:8:9: expected spaces between words, not a tab\n    load x\n        ^\n");
}

TEST(ParseError, WantsText) {
  EXPECT_EQ(error_of(std::string("litmus a\n    pro\0se\n", 20)),
            "f:2:8: expected text, found a byte 0x00\n    pro?se\n       ^\n");
}

TEST(ParseError, KnowsTheOrderOfSections) {
  EXPECT_EQ(error_of(""), "f:1:1: expected `litmus` and a name, found an empty file\n");
  EXPECT_EQ(error_of("page x missing\n"),
            "f:1:1: expected `litmus` and a name, as the first line, found `page`\npage x missing\n^~~~\n");
  EXPECT_EQ(error_of("litmus a\nuffd\npage x missing\n"),
            "f:3:1: expected `page` above `uffd`\n"
            "page x missing\n"
            "^~~~ the order is kernels, files, pages, userfaultfds, threads, outcomes, claims\n");
  EXPECT_EQ(error_of("litmus a\npgae x missing\n"),
            "f:2:1: expected a section, found `pgae`\npgae x missing\n^~~~ did you mean `page`?\n");
  EXPECT_EQ(error_of("litmus a\npage x missing\n"), "f:3:1: expected at least one `thread`\n");
  EXPECT_EQ(error_of("litmus a\nthread t\n\npage x missing\n").substr(0, 35),
            "f:4:1: expected `page` above `threa");
}

TEST(ParseError, WantsNamesOnce) {
  EXPECT_EQ(
      error_of("litmus a\npage x missing\nmutex x\n"),
      "f:3:7: expected a new name: `x` is already the name of a page or region (line 2)\nmutex x\n      ^\n");
  EXPECT_EQ(error_of("litmus a\nmutex on\n"),
            "f:2:7: expected the name of a mutex: `on` is a word of the language\nmutex on\n      ^~\n");
}

TEST(ParseError, KnowsColumns) {
  EXPECT_EQ(error_in("    c = load x\noutcomes  t.d\n"),
            "f:9:11: expected a register of `t` (c), found `d`\noutcomes  t.d\n          ^~~\n");
  EXPECT_EQ(error_in("    c = load x\noutcomes  s.c\n"),
            "f:9:11: expected a thread, page, variable or userfaultfd: none is called `s`\n"
            "outcomes  s.c\n"
            "          ^~~ known here: x, r, uffd, m, v, t\n");
  EXPECT_EQ(error_in("outcomes  r\n"),
            "f:8:11: expected one page of `r`: `r[0]` to `r[3]`\noutcomes  r\n          ^\n");
  EXPECT_EQ(error_in("outcomes  x x\n"),
            "f:8:13: expected each column once: `x` is already there\noutcomes  x x\n            ^\n");
}

TEST(ParseError, KnowsRows) {
  EXPECT_EQ(error_in("outcomes  x    t\n          zero\n"),
            "f:9:11: expected 2 words, one a column, found 1\n"
            "          zero\n"
            "          ^~~~ the columns are x  t\n");
  EXPECT_EQ(error_in("outcomes  x    t\n          zero done done\n"),
            "f:9:21: expected 2 words, one a column, found 3\n"
            "          zero done done\n"
            "                    ^~~~ the columns are x  t\n");
  EXPECT_EQ(error_in("outcomes  x    t\n          zero bloked\n"),
            "f:9:16: expected what `t` can show: done, blocked, spins or killed\n"
            "          zero bloked\n"
            "               ^~~~~~ did you mean `blocked`?\n");
  EXPECT_EQ(error_in("outcomes  x\n          zero\n          zero\n"),
            "f:10:11: expected each row once: line 9 says the same\n          zero\n          ^~~~\n");
  EXPECT_EQ(error_in("outcomes  x\n          zero on six\n"),
            "f:9:19: expected a kernel's version, as 6.18\n          zero on six\n                  ^~~\n");
}

TEST(ParseError, KnowsClaims) {
  EXPECT_EQ(
      error_in("with d never x zero\n"),
      "f:8:8: expected `sometimes` after the defect, found `never`\nwith d never x zero\n       ^~~~~\n");
  EXPECT_EQ(error_in("never x zero or t done\n"),
            "f:8:14: expected the end of the line, found `or`\nnever x zero or t done\n             ^~\n");
}

TEST(ParseError, KnowsScans) {
  EXPECT_EQ(error_in("    scan r any written+presnt\n").substr(0, 79),
            "f:8:16: expected categories joined by `+`, as written+not-present: wpallowed, w");
  EXPECT_EQ(error_in("    scan r written any not-written\n"),
            "f:8:20: expected a category with `not-` or without, not both: PAGEMAP_SCAN has one set of them\n"
            "    scan r written any not-written\n"
            "                   ^~~\n");
  EXPECT_EQ(error_in("    scan r vec 5\n"),
            "f:8:17: expected at most 4 regions\n    scan r vec 5\n                ^\n");
  EXPECT_EQ(error_in("    scan r gives not-file\n"),
            "f:8:26: expected categories without `not-`: what is given is not inverted\n"
            "    scan r gives not-file\n"
            "                         ^\n");
}

TEST(ParseError, ShowsThePartOfALongLineThatMatters) {
  const std::string text =
      error_in("    copy x 'A'" + std::string(500, ' ') + "quietly" + std::string(500, ' ') + "mode 0x1\n");
  EXPECT_NE(text.find("f:8:515: "), std::string::npos);
  EXPECT_NE(text.find("…" + std::string(60, ' ') + "quietly"), std::string::npos);
  EXPECT_NE(text.find('\n' + std::string(61, ' ') + "^~~~~~~\n"), std::string::npos);
}

}  // namespace
}  // namespace language
