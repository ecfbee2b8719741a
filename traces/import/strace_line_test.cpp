// SPDX-License-Identifier: Apache-2.0
#include "traces/import/strace_line.hpp"

#include <gtest/gtest.h>

#include "traces/import/flags.hpp"
#include "traces/import/message.hpp"

namespace traces {
namespace {

using Shape = StraceLine::Shape;

TEST(StraceLine, KnowsWhoAndWhen) {
  StraceLine line = parse_strace_line("11961 1795220468.801120 close(3) = 0 <0.000023>");
  EXPECT_EQ(line.shape, Shape::whole);
  EXPECT_EQ(line.thread, 11961u);
  EXPECT_EQ(line.clock, 1795220468801120000u);
  EXPECT_EQ(line.name, "close");
  line = parse_strace_line("[pid  6227] 02:18:47.834202 close(3) = 0");
  EXPECT_EQ(line.thread, 6227u);
  EXPECT_EQ(line.clock, 8327834202000u);
  line = parse_strace_line("close(3) = 0");
  EXPECT_EQ(line.thread, 0u);
  EXPECT_EQ(line.shape, Shape::whole);
}

TEST(StraceLine, TellsTheShapesApart) {
  EXPECT_EQ(parse_strace_line("5 1.0 read(13<x>,  <unfinished ...>").shape, Shape::unfinished);
  const StraceLine resumed = parse_strace_line("5 1.0 <... ioctl resumed>, copy=0x1000}) = 0");
  EXPECT_EQ(resumed.shape, Shape::resumed);
  EXPECT_EQ(resumed.name, "ioctl");
  EXPECT_EQ(resumed.rest, ", copy=0x1000}) = 0");
  EXPECT_EQ(parse_strace_line("5 1.0 +++ exited with 0 +++").shape, Shape::remark);
  EXPECT_EQ(parse_strace_line("5 1.0 --- SIGSEGV {si_signo=SIGSEGV} ---").shape, Shape::remark);
  EXPECT_EQ(parse_strace_line("strace: Process 6227 attached").shape, Shape::remark);
  EXPECT_EQ(parse_strace_line("Hello, world").shape, Shape::unknown);
  EXPECT_EQ(parse_strace_line("").shape, Shape::unknown);
}

TEST(StraceCall, SplitsArgumentsAroundStringsBracketsAndDecorations) {
  const auto call = parse_strace_call(
      "13<TCP:[127.0.0.1:1->127.0.0.1:2]>, \"a,\\\")b\", {x=[1, 2], y=1<<_UFFDIO_WAKE}, 0x4 /* a, b */) = "
      "-1 EAGAIN (Resource temporarily unavailable) <0.000003>");
  ASSERT_TRUE(call.has_value());
  ASSERT_EQ(call->arguments.size(), 4u);
  EXPECT_EQ(call->arguments[0], "13<TCP:[127.0.0.1:1->127.0.0.1:2]>");
  EXPECT_EQ(call->arguments[1], "\"a,\\\")b\"");
  EXPECT_EQ(call->arguments[2], "{x=[1, 2], y=1<<_UFFDIO_WAKE}");
  EXPECT_EQ(*call->result, -1);
  EXPECT_EQ(call->error, "EAGAIN");
  EXPECT_EQ(call->duration, 3000u);
}

TEST(StraceCall, KnowsDeletedFilesAndUnknownResults) {
  const auto mapped =
      parse_strace_call("NULL, 4096, PROT_READ, MAP_SHARED, 3</memfd:x>(deleted), 0) = 0x7f2701e00000");
  ASSERT_TRUE(mapped.has_value());
  EXPECT_EQ(*mapped->result, 0x7f2701e00000);
  const auto exit = parse_strace_call("0) = ?");
  ASSERT_TRUE(exit.has_value());
  EXPECT_FALSE(exit->result.has_value());
  EXPECT_FALSE(parse_strace_call("0 = 5").has_value());
  EXPECT_FALSE(parse_strace_call("0) == 5").has_value());
}

TEST(StraceCall, FindsMembersOfStructs) {
  const std::string_view text = "{range={start=0x1000, len=0x2000}, mode=0, zeropage=0x2000}";
  EXPECT_EQ(member_of(text, "mode"), "0");
  EXPECT_EQ(member_of(member_of(text, "range"), "len"), "0x2000");
  EXPECT_EQ(member_of(text, "len"), "");
  EXPECT_EQ(member_of("{dst=0x1, mode=0 ", "mode"), "0");
}

TEST(StraceDescriptor, TakesTheDecorationApart) {
  EXPECT_EQ(parse_descriptor("13<anon_inode:[userfaultfd]>")->what, "anon_inode:[userfaultfd]");
  EXPECT_EQ(parse_descriptor("13")->number, 13u);
  EXPECT_FALSE(parse_descriptor("AT_FDCWD").has_value());
  EXPECT_FALSE(parse_descriptor("13<x").has_value());
  EXPECT_FALSE(parse_descriptor("99999999999").has_value());
}

TEST(Mask, ReadsNamesNumbersShiftsAndComments) {
  EXPECT_EQ(parse_mask("1<<_UFFDIO_WAKE|1<<_UFFDIO_COPY|1<<_UFFDIO_ZEROPAGE|0x120"), 0x13cu);
  EXPECT_EQ(parse_mask("1<<_UFFDIO_MOVE|1<<_UFFDIO_POISON"), 0x120u);
  EXPECT_EQ(parse_mask("0x14000 /* UFFD_FEATURE_??? */"), 0x14000u);
  EXPECT_EQ(parse_mask("UFFD_FEATURE_THREAD_ID"), 0x100u);
  EXPECT_EQ(parse_mask("4096"), 4096u);
  EXPECT_FALSE(parse_mask("UFFD_FEATURE_TELEPATHY").has_value());
  EXPECT_FALSE(parse_mask("").has_value());
  EXPECT_FALSE(parse_mask("1<<_NOTHING").has_value());
}

TEST(Message, ReadsOctalAndHexBytes) {
  std::string_view octal = R"("\22\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0 /\7'\177\0\0\264.\0\0\0\0\0\0")";
  std::string_view hex =
      R"("\x12\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x20\x2f\x07\x27\x7f\x00\x00\xb4\x2e\x00\x00\x00\x00\x00\x00")";
  for (std::string_view text : {octal, hex}) {
    const auto bytes = unescape(text);
    ASSERT_TRUE(bytes.has_value());
    EXPECT_TRUE(text.empty());
    Observation o;
    ASSERT_EQ(store_message(*bytes, o), "");
    EXPECT_EQ(o.value.start, 0x7f27072f2000u);
    EXPECT_EQ(o.value.flags, 1);
    EXPECT_EQ(o.ptid, 0x2eb4u);
  }
  std::string_view cut = R"("\22\0"...)";
  EXPECT_EQ(unescape(cut)->size(), 2u);
  EXPECT_EQ(cut, "...");
  std::string_view open = R"("\22\)";
  EXPECT_FALSE(unescape(open).has_value());
}

TEST(Message, RefusesWhatIsNone) {
  Observation o;
  EXPECT_NE(store_message(std::string(31, '\x12'), o), "");
  EXPECT_EQ(store_message(std::string(32, '\x77'), o), "unknown event 0x77 in a message");
}

}  // namespace
}  // namespace traces
