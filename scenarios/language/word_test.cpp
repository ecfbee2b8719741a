// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/word.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>

#include "model/uffd/abi.hpp"
#include "scenarios/language/read_word.hpp"

namespace language {
namespace {

using traces::Value;
using traces::ValueKind;

// x is the page at 0x1000, r the four pages from 0x3000.
traces::Program program() {
  traces::Program program;
  program.regions.resize(2);
  program.regions[0].name = std::string("x");
  program.regions[1].name = std::string("r");
  program.regions[1].pages.value = 4;
  return program;
}

Value message(std::uint8_t event, std::uint8_t flags, std::uint64_t start, std::uint64_t end) {
  Value value{.kind = ValueKind::message};
  value.event = event;
  value.flags = flags;
  value.start = start;
  value.end = end;
  return value;
}

Value small(ValueKind kind, unsigned bits) {
  Value value{.kind = kind};
  value.small = static_cast<std::uint8_t>(bits);
  return value;
}

std::string word_of(const Value& value) { return word(value, traces::Layout(program())); }

TEST(Word, NamesSimpleValues) {
  EXPECT_EQ(word_of(Value::ok()), "ok");
  EXPECT_EQ(word_of(Value::of(model::Errno::again)), "EAGAIN");
  EXPECT_EQ(word_of(Value::of(static_cast<model::Errno>(200))), "errno-200");
  EXPECT_EQ(word_of(Value::letter('A')), "'A'");
  EXPECT_EQ(word_of(Value::letter(0)), "zero");
  EXPECT_EQ(word_of(Value::letter(' ')), "'\\x20'");
  EXPECT_EQ(word_of(Value::letter('\'')), "'\\''");
  EXPECT_EQ(word_of(Value::signal(SIGBUS)), "SIGBUS");
  EXPECT_EQ(word_of(Value::signal(SIGSEGV)), "SIGSEGV");
  EXPECT_EQ(word_of(Value::number(12)), "12");
  EXPECT_EQ(word_of({}), "-");
}

TEST(Word, NamesMessagesByWhereTheyPoint) {
  EXPECT_EQ(word_of(message(UFFD_EVENT_PAGEFAULT, 0, 0x1000, 0)), "read-fault:x");
  EXPECT_EQ(word_of(message(UFFD_EVENT_PAGEFAULT, UFFD_PAGEFAULT_FLAG_WRITE, 0x4123, 0)),
            "write-fault:r[1]+0x123");
  EXPECT_EQ(word_of(message(UFFD_EVENT_REMOVE, 0, 0x3000, 0x5000)), "remove:r[0..2]");
  EXPECT_EQ(word_of(message(UFFD_EVENT_UNMAP, 0, 0x1000, 0x2000)), "unmap:x");
  EXPECT_EQ(word_of(message(UFFD_EVENT_UNMAP, 0, 0x1000, 0x4000)), "unmap:@0x1000..@0x4000");
}

TEST(Word, NamesKernelState) {
  EXPECT_EQ(word_of(small(ValueKind::events, POLLIN | POLLERR)), "in+err");
  EXPECT_EQ(word_of(small(ValueKind::events, 0)), "none");
  EXPECT_EQ(word_of(small(ValueKind::page, 2)), "present");
  EXPECT_EQ(word_of(small(ValueKind::mapping, 0)), "unmapped");
  EXPECT_EQ(word_of(small(ValueKind::mapping, 1)), "none");
  EXPECT_EQ(word_of(small(ValueKind::mapping, 1 | 2 | 4 | 8)), "rw+uffd");
  Value counts{.kind = ValueKind::counts};
  counts.start = 1;
  counts.end = 2;
  EXPECT_EQ(word_of(counts), "1/2");
}

TEST(Word, NamesScannedRegions) {
  EXPECT_EQ(word_of(traces::scanned({}, 0)), "nothing");
  EXPECT_EQ(word_of(traces::scanned({{{{0x1000}, {0x2000}}, 2}, {{{0x3000}, {0x5000}}, 0xa}}, 0)),
            "x:written,r[0..2]:written+present");
}

TEST(Word, NamesOutputFields) {
  using model::Errno;
  EXPECT_EQ(field_word(Value::untouched(Errno::inval), FieldUnit::bytes), "untouched");
  EXPECT_EQ(field_word(Value::with_field(Errno::none, 8192), FieldUnit::bytes), "2p");
  EXPECT_EQ(field_word(Value::with_field(Errno::none, 0), FieldUnit::bytes), "0");
  EXPECT_EQ(field_word(Value::with_field(Errno::again, -EAGAIN), FieldUnit::bytes), "-EAGAIN");
  EXPECT_EQ(field_word(Value::with_field(Errno::none, 0x1000), FieldUnit::mask), "0x1000");
  EXPECT_EQ(field_word(Value::ok(), FieldUnit::bytes), "-");
}

TEST(Word, NamesEnds) {
  EXPECT_EQ(word(traces::ThreadEnd::spins), "spins");
  EXPECT_EQ(word({traces::PageState::present, 'Q'}), "'Q'");
  EXPECT_EQ(word({traces::PageState::missing, 0}), "missing");
}

TEST(ReadWord, TakesOnlyWhatIsAllowed) {
  const traces::Program p = program();
  const traces::Layout layout(p);
  const Names names{p, layout};
  EXPECT_EQ(read_word("none", {ValueKind::events}, names)->value.kind, ValueKind::events);
  EXPECT_EQ(read_word("none", {ValueKind::mapping}, names)->value.kind, ValueKind::mapping);
  EXPECT_FALSE(read_word("none", {ValueKind::errnum}, names));
  EXPECT_FALSE(read_word("'AB'", {ValueKind::content}, names));
  EXPECT_FALSE(read_word("E?", {ValueKind::errnum}, names));
  EXPECT_FALSE(read_word("in+", {ValueKind::events}, names));
  EXPECT_FALSE(read_word("1/", {ValueKind::counts}, names));
}

TEST(ReadWord, KnowsThatAFaultHasOneAddress) {
  const traces::Program p = program();
  const traces::Layout layout(p);
  const Names names{p, layout};
  const ValueKinds messages{ValueKind::message};
  EXPECT_FALSE(read_word("read-fault", messages, names)->match_address);
  EXPECT_EQ(read_word("read-fault:r[2]", messages, names)->value.start, 0x5000u);
  EXPECT_FALSE(read_word("read-fault:r", messages, names));
  EXPECT_EQ(read_word("remove:r", messages, names)->value.end, 0x7000u);
  EXPECT_FALSE(read_word("remove:r[3..5]", messages, names));
  EXPECT_FALSE(read_word("remove:y", messages, names));
  EXPECT_FALSE(read_word("remove:@0x1800..@0x3800", messages, names));
}

}  // namespace
}  // namespace language
