// SPDX-License-Identifier: Apache-2.0
// The importers, on excerpts of real recordings and on what can go wrong in them.
#include "traces/import/import.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "model/uffd/abi.hpp"
#include "traces/format/reader.hpp"

namespace traces {
namespace {

using Kind = OperationKind;

struct Imported {
  std::vector<Observation> observations;
  ImportSummary summary;
  std::string error;  // empty: none

  std::uint64_t count(Kind kind) const {
    return static_cast<std::uint64_t>(std::count_if(observations.begin(), observations.end(),
                                                    [&](const auto& o) { return o.kind == kind; }));
  }
};

Imported import(ImportFormat format, Lines lines) {
  Imported result;
  const Sink sink = [&](const Observation& o) {
    result.observations.push_back(o);
    return Expected<void>{};
  };
  auto done = format == ImportFormat::strace ? import_strace(lines, sink, result.summary)
                                             : import_qemu(lines, sink, result.summary);
  if (!done) result.error = to_text(done.error());
  return result;
}
Imported strace(const std::string& text) {
  return import(ImportFormat::strace, Lines("s", bytes_source(text)));
}
Imported qemu(const std::string& text) { return import(ImportFormat::qemu, Lines("q", bytes_source(text))); }
Imported sample(ImportFormat format, const std::string& name) {
  auto lines = open_lines(std::string(TRACE_SAMPLES) + "/" + name);
  EXPECT_TRUE(lines.has_value());
  return import(format, std::move(*lines));
}

void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text << "\n  lacks\n" << part;
}

constexpr const char* kOpen = "7 1.000000 userfaultfd(O_CLOEXEC) = 3<anon_inode:[userfaultfd]> <0.000001>\n";
constexpr const char* kRegister =
    "7 2.000000 ioctl(3<anon_inode:[userfaultfd]>, UFFDIO_REGISTER, {range={start=0x10000, len=0x4000}, "
    "mode=UFFDIO_REGISTER_MODE_MISSING|UFFDIO_REGISTER_MODE_WP, ioctls=1<<_UFFDIO_WAKE|0x120}) = 0 "
    "<0.000002>\n";
const std::string kMessage = R"("\22\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\11\0\0\0\0\0\0\0")";

TEST(Strace, TheExcerptOfAPostcopyMigration) {
  const Imported result = sample(ImportFormat::strace, "qemu-postcopy-excerpt.strace");
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.observations.size(), 315u);
  EXPECT_EQ(result.count(Kind::userfaultfd), 4u);
  EXPECT_EQ(result.count(Kind::api), 4u);
  EXPECT_EQ(result.count(Kind::register_), 8u);
  EXPECT_EQ(result.count(Kind::read), 4u);
  EXPECT_EQ(result.count(Kind::copy), 227u);
  EXPECT_EQ(result.count(Kind::zeropage), 51u);
  EXPECT_EQ(result.count(Kind::unregister), 8u);
  EXPECT_EQ(result.count(Kind::close), 4u);
  EXPECT_EQ(result.count(Kind::munmap), 3u);
  EXPECT_EQ(result.summary.unknown, 0u);
  EXPECT_EQ(result.summary.untold.at("MADV_HUGEPAGE"), 6u);
  for (const Observation& o : result.observations) {
    EXPECT_EQ(o.process, 11952u) << "its threads were all made with CLONE_VM";
    EXPECT_EQ(o.moment, Moment::whole);
    EXPECT_EQ(o.value.error, model::Errno::none);
  }
}

TEST(Strace, AnObservationHasEverythingTheLineSays) {
  const Imported result =
      strace(std::string(kOpen) + kRegister + "8 3.000000 read(3<anon_inode:[userfaultfd]>, " + kMessage +
             ", 32) = 32 <0.000005>\n");
  ASSERT_EQ(result.observations.size(), 3u) << result.error;
  const Observation& open = result.observations[0];
  EXPECT_EQ(open.mode, static_cast<std::uint64_t>(O_CLOEXEC));
  EXPECT_EQ(open.uffd, 3u);
  EXPECT_EQ(open.clock, 1'000'000'000u);
  EXPECT_EQ(open.duration, 1000u);
  EXPECT_EQ(open.origin, "s:1");
  const Observation& registration = result.observations[1];
  EXPECT_EQ(registration.address, 0x10000u);
  EXPECT_EQ(registration.length, 0x4000u);
  EXPECT_EQ(registration.mode, UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP);
  EXPECT_EQ(registration.value, Value::with_field(model::Errno::none, 0x124));
  const Observation& read = result.observations[2];
  EXPECT_EQ(read.thread, 8u);
  EXPECT_EQ(read.ptid, 9u);
  EXPECT_EQ(read.value,
            (Value{.kind = ValueKind::message, .event = UFFD_EVENT_PAGEFAULT, .flags = 1, .start = 0x10000}));
}

TEST(Strace, SplitLinesAreJoined) {
  const Imported result =
      strace(std::string(kOpen) +
             "7 2.000000 ioctl(3<anon_inode:[userfaultfd]>, UFFDIO_COPY, {dst=0x10000, src=0x99, len=0x1000, "
             "mode=0 <unfinished ...>\n"
             "8 2.000010 read(3<anon_inode:[userfaultfd]>,  <unfinished ...>\n"
             "7 2.000020 <... ioctl resumed>, copy=0x1000}) = 0 <0.000021>\n"
             "8 2.000030 <... read resumed>" +
             kMessage + ", 32) = 32 <0.000031>\n");
  ASSERT_EQ(result.observations.size(), 3u) << result.error;
  EXPECT_EQ(result.observations[1].kind, Kind::copy);
  EXPECT_EQ(result.observations[1].clock, 2'000'000'000u);
  EXPECT_EQ(result.observations[1].duration, 21'000u);
  EXPECT_EQ(result.observations[1].source, 0x99u);
  EXPECT_EQ(result.observations[1].value, Value::with_field(model::Errno::none, 0x1000));
  EXPECT_EQ(result.observations[1].origin, "s:2");
  EXPECT_EQ(result.observations[2].ptid, 9u);
}

TEST(Strace, WhatNeverReturnedIsAnEnter) {
  const Imported result =
      strace(std::string(kOpen) + "8 2.0 read(3<anon_inode:[userfaultfd]>,  <unfinished ...>\n");
  ASSERT_EQ(result.observations.size(), 2u) << result.error;
  EXPECT_EQ(result.observations[1].moment, Moment::enter);
  EXPECT_EQ(result.observations[1].value.kind, ValueKind::unset);
}

TEST(Strace, AFailureLeavesTheFieldUnknown) {
  const Imported result =
      strace(std::string(kOpen) +
             "7 2.0 ioctl(3<anon_inode:[userfaultfd]>, UFFDIO_COPY, {dst=0x10000, src=0x99, "
             "len=0xfffffffffffff000, mode=UFFDIO_COPY_MODE_DONTWAKE}) = -1 EINVAL (Invalid argument)\n");
  ASSERT_EQ(result.observations.size(), 2u) << result.error;
  EXPECT_EQ(result.observations[1].value, Value::of(model::Errno::inval));
  EXPECT_EQ(result.observations[1].mode, UFFDIO_COPY_MODE_DONTWAKE);
}

TEST(Strace, TheHandshakeHasWhatWasAskedAndWhatWasAnswered) {
  const Imported result = strace(
      std::string(kOpen) +
      "7 2.0 ioctl(3<anon_inode:[userfaultfd]>, UFFDIO_API, {api=0xaa, features=UFFD_FEATURE_THREAD_ID => "
      "features=UFFD_FEATURE_EVENT_FORK|0x1e000, ioctls=1<<_UFFDIO_API}) = 0\n"
      "7 2.0 ioctl(3<anon_inode:[userfaultfd]>, UFFDIO_API, {api=0xab, features=0}) = -1 EINVAL (x)\n");
  ASSERT_EQ(result.observations.size(), 3u) << result.error;
  EXPECT_EQ(result.observations[1].address, 0xaau);
  EXPECT_EQ(result.observations[1].mode, 0x100u);
  EXPECT_EQ(result.observations[1].value, Value::with_field(model::Errno::none, 0x1e002));
  EXPECT_EQ(result.observations[2].address, 0xabu);
  EXPECT_EQ(result.observations[2].value, Value::of(model::Errno::inval));
}

TEST(Strace, FollowsDescriptorsThroughDupAndTheDevice) {
  const Imported result = strace(
      "7 1.0 ioctl(4</dev/userfaultfd>, USERFAULTFD_IOC_NEW, 0x80800) = 5\n"
      "7 1.1 dup(5<anon_inode:[userfaultfd]>) = 6<anon_inode:[userfaultfd]>\n"
      "7 1.2 close(5<anon_inode:[userfaultfd]>) = 0\n"
      "7 1.3 ioctl(6, UFFDIO_WAKE, {start=0x1000, len=0x1000}) = 0\n"
      "7 1.4 read(3</etc/passwd>, \"root\", 4) = 4\n"
      "7 1.5 close(6<anon_inode:[userfaultfd]>) = 0\n"
      "7 1.6 read(6, \"root\", 4) = 4\n");
  ASSERT_EQ(result.observations.size(), 3u) << result.error;
  EXPECT_EQ(result.observations[0].mode, static_cast<std::uint64_t>(O_CLOEXEC | O_NONBLOCK));
  EXPECT_EQ(result.observations[1].kind, Kind::wake);
  EXPECT_EQ(result.observations[1].uffd, 5u) << "a userfaultfd keeps the number it was opened under";
  EXPECT_EQ(result.observations[2].kind, Kind::close);
  EXPECT_EQ(result.observations[2].origin, "s:6") << "only the last close closes it";
}

TEST(Strace, MemoryCallsCountOnlyWhereSomethingWasRegistered) {
  const Imported result =
      strace(std::string(kOpen) + kRegister +
             "7 3.0 munmap(0x50000, 4096) = 0\n"
             "7 3.1 munmap(0x13000, 8192) = 0\n"
             "7 3.2 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x13000\n"
             "7 3.3 mmap(NULL, 4096, PROT_READ, MAP_SHARED, 5</x>, 0) = 0x12000\n"
             "7 3.4 mprotect(0x10000, 4096, PROT_READ|PROT_WRITE) = -1 ENOMEM (Cannot allocate memory)\n"
             "7 3.5 madvise(0x10000, 4096, MADV_DONTNEED) = 0\n"
             "7 3.6 madvise(0x10000, 4096, MADV_COLD) = 0\n"
             "7 3.7 madvise(0x10000, 4096, MADV_REMOVE) = 0\n"
             "7 3.8 madvise(0x10000, 4096, 0x66 /* MADV_??? */) = 0\n");
  ASSERT_EQ(result.observations.size(), 9u) << result.error;
  EXPECT_EQ(result.observations[2].kind, Kind::munmap);
  EXPECT_EQ(result.observations[3].address, 0x13000u);
  EXPECT_EQ(result.observations[3].mode, 1u);
  EXPECT_EQ(result.observations[4].note, "not private anonymous");
  EXPECT_EQ(result.observations[5].value, Value::of(model::Errno::nomem));
  EXPECT_EQ(result.observations[6].kind, Kind::dontneed);
  EXPECT_EQ(result.observations[7].kind, Kind::remove);
  EXPECT_EQ(result.observations[8].kind, Kind::madvise);
  EXPECT_EQ(result.observations[8].mode, 102u);
  EXPECT_EQ(result.summary.untold.at("MADV_COLD"), 1u);
}

TEST(Strace, AMoveSaysWhereItIsNow) {
  const Imported result =
      strace(std::string(kOpen) + kRegister +
             "7 3.0 mremap(0x50000, 4096, 8192, 0) = 0x50000\n"
             "7 3.1 mremap(0x10000, 4096, 8192, MREMAP_MAYMOVE|MREMAP_FIXED, 0x90000) = 0x90000\n"
             "7 3.2 mremap(0x91000, 4096, 4096, MREMAP_MAYMOVE) = 0x70000\n"
             "7 3.3 mremap(0x11000, 4096, 8192, 0) = -1 ENOMEM (Cannot allocate memory)\n");
  ASSERT_EQ(result.observations.size(), 5u) << result.error;
  const Observation& moved = result.observations[2];
  EXPECT_EQ(moved.kind, Kind::mremap);
  EXPECT_EQ(moved.address, 0x10000u);
  EXPECT_EQ(moved.length, 0x1000u);
  EXPECT_EQ(moved.target, 0x90000u);
  EXPECT_EQ(moved.target_length, 0x2000u);
  EXPECT_EQ(moved.mode, 3u);
  EXPECT_EQ(result.observations[3].address, 0x91000u) << "what was moved still counts";
  EXPECT_EQ(result.observations[3].target, 0x70000u);
  EXPECT_EQ(result.observations[4].value, Value::of(model::Errno::nomem));
}

TEST(Strace, ContinueHasItsFieldAndItsModes) {
  const Imported result =
      strace(std::string(kOpen) + kRegister +
             "7 3.0 ioctl(3<anon_inode:[userfaultfd]>, UFFDIO_CONTINUE, {range={start=0x10000, "
             "len=0x2000}, mode=UFFDIO_CONTINUE_MODE_DONTWAKE, mapped=4096}) = -1 EAGAIN "
             "(Resource temporarily unavailable)\n");
  ASSERT_EQ(result.observations.size(), 3u) << result.error;
  EXPECT_EQ(result.observations[2].kind, Kind::continue_);
  EXPECT_EQ(result.observations[2].address, 0x10000u);
  EXPECT_EQ(result.observations[2].length, 0x2000u);
  EXPECT_EQ(result.observations[2].mode, 1u);
  EXPECT_EQ(result.observations[2].value, Value::with_field(model::Errno::again, 4096));
}

TEST(Strace, AForkMakesAProcessThatInheritsDescriptors) {
  const Imported result =
      strace(std::string(kOpen) + kRegister +
             "7 3.0 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>\n"
             "9 3.1 munmap(0x10000, 4096) = 0\n"
             "7 3.2 <... clone resumed>, child_tidptr=0x7f) = 9\n"
             "7 3.3 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 10\n"
             "10 3.4 munmap(0x11000, 4096) = 0\n"
             "9 3.5 close(3) = 0\n"
             "7 3.6 close(3) = 0\n");
  ASSERT_EQ(result.observations.size(), 5u) << result.error;
  EXPECT_EQ(result.observations[2].process, 9u);
  EXPECT_EQ(result.observations[3].process, 7u);
  EXPECT_EQ(result.observations[4].kind, Kind::close);
  EXPECT_EQ(result.observations[4].process, 7u);
}

TEST(Strace, BothVersionsTellTheDemonstrationAlike) {
  // 6.1 prints what it does not know as _IOC(…), 7.2 by name: neither is in the vocabulary, both are counted.
  const Imported old = strace(
      std::string(kOpen) +
      "7 2.0 ioctl(3<anon_inode:[userfaultfd]>, _IOC(_IOC_READ|_IOC_WRITE, 0xaa, 0x5, 0x28), 0x7ff) = 0\n");
  const Imported recent =
      strace(std::string(kOpen) + "7 2.0 ioctl(3<anon_inode:[userfaultfd]>, UFFDIO_MOVE, 0x7ff) = 0\n");
  EXPECT_EQ(old.observations.size(), 1u);
  EXPECT_EQ(recent.summary.untold.at("UFFDIO_MOVE"), 1u);
  EXPECT_EQ(old.summary.untold.size(), 1u);
}

TEST(Strace, SeveralMessagesInOneReadAreSeveralObservations) {
  std::string two = kMessage;
  two.insert(two.size() - 1, kMessage.substr(1, kMessage.size() - 2));
  const Imported result =
      strace(std::string(kOpen) + "7 2.0 read(3<anon_inode:[userfaultfd]>, " + two + ", 4096) = 64\n");
  EXPECT_EQ(result.count(Kind::read), 2u) << result.error;
}

TEST(Strace, UnknownLinesAreCountedNotDropped) {
  const Imported result =
      strace("what is this\n" + std::string(kOpen) + "7 2.0 close(3<anon_inode:[userfaultfd]>\n");
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.summary.unknown, 2u);
  EXPECT_EQ(result.summary.first_unknown_line, 1u);
  expect_in(to_text(result.summary), "2 of no known shape, the first at line 1: what is this");
}

TEST(BadStrace, NamesTheLineAndTheReason) {
  const std::string read = "7 2.0 read(3<anon_inode:[userfaultfd]>, ";
  expect_in(strace(kOpen + read + "\"\\22\\0\"..., 32) = 32\n").error,
            "s:2: a message is not there in full: read gave 32 bytes and strace kept 2");
  expect_in(strace(kOpen + read + "\"\\22\\0\"..., 32) = 32\n").error, "record with -s 4096");
  expect_in(strace(kOpen + read + "\"\\22\", 32) = 1\n").error,
            "s:2: the bytes are no messages: 1 is not a positive multiple");
  std::string strange = kMessage;
  strange.replace(1, 3, "\\77");
  expect_in(strace(kOpen + read + strange + ", 32) = 32\n").error,
            "s:2: the bytes are no message: unknown event 0x3f");
  const std::string ioctl = "7 2.0 ioctl(3<anon_inode:[userfaultfd]>, ";
  expect_in(
      strace(kOpen + ioctl + "UFFDIO_COPY, {dst=0x10000, src=0x0, len=0x1000, mode=UFFDIO_X}) = 0\n").error,
      "s:2: the argument of ioctl cannot be understood");
  expect_in(
      strace(kOpen + ioctl +
             "UFFDIO_COPY, {dst=0x10000, src=0x0, len=0xfffffffffffff000, mode=0, copy=0x1}) = 0\n")
          .error,
      "s:2: the call cannot have happened as it is written: the length 0xfffffffffffff000 wraps around 2^64");
  expect_in(strace(kOpen + std::string(2 << 20, 'x')).error, "s:2: the line is longer than 1048576 bytes");
}

TEST(Qemu, TheExcerptOfAPostcopyMigration) {
  const Imported result = sample(ImportFormat::qemu, "qemu-postcopy-excerpt.log");
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.observations.size(), 100u);
  EXPECT_EQ(result.count(Kind::register_), 6u);
  EXPECT_EQ(result.count(Kind::read), 2u);
  EXPECT_EQ(result.count(Kind::copy), 72u);
  EXPECT_EQ(result.count(Kind::zeropage), 11u);
  EXPECT_EQ(result.count(Kind::unregister), 6u);
  EXPECT_EQ(result.count(Kind::close), 1u);
  EXPECT_EQ(result.summary.unknown, 0u);
  EXPECT_EQ(result.observations[0].kind, Kind::userfaultfd);
  EXPECT_EQ(result.observations[0].uffd, 14u);
  EXPECT_EQ(result.observations[2].note, "pc.ram");
}

constexpr const char* kRange =
    "1@1.000000:postcopy_nhp_range pc.ram: 0x10000 offset=0x0 "
    "length=0x4000\n1@2.0:postcopy_ram_enable_notify \n";

TEST(Qemu, ACopyWasOverAtTheFirstLineThatSaysSo) {
  const Imported result =
      qemu(std::string(kRange) +
           "2@3.000000:ram_load_postcopy_loop chan=0 addr=0x0 flags=0x8\n"
           "2@3.000010:postcopy_page_req_del resolved page req 0x10000 total 0\n"
           "2@3.000020:mark_postcopy_blocktime_end addr: 0x10000, dd: 0x1, time: 0, affected_cpu: 0\n"
           "2@3.000030:postcopy_place_page host=0x10000\n");
  ASSERT_EQ(result.observations.size(), 4u) << result.error;
  EXPECT_EQ(result.observations[3].clock, 3'000'000'000u);
  EXPECT_EQ(result.observations[3].duration, 10'000u);
}

TEST(Qemu, AZeroPageIsAnnouncedBefore) {
  const Imported result =
      qemu(std::string(kRange) +
           "2@3.000000:postcopy_place_page_zero host=0x11000\n"
           "3@3.000005:migrate_send_rp_message 4: len 12\n"
           "2@3.000020:mark_postcopy_blocktime_end addr: 0x11000, dd: 0x1, time: 0, affected_cpu: 0\n");
  ASSERT_EQ(result.observations.size(), 4u) << result.error;
  EXPECT_EQ(result.observations[3].kind, Kind::zeropage);
  EXPECT_EQ(result.observations[3].clock, 3'000'000'000u);
  EXPECT_EQ(result.observations[3].duration, 20'000u);
}

TEST(BadQemu, NamesTheLineAndTheReason) {
  expect_in(qemu("1@1.0:postcopy_place_page host=0x1000\n").error,
            "q:1: a page is placed or asked for before any RAM block is known");
  expect_in(qemu("1@1.0:postcopy_nhp_range pc.ram: nowhere\n").error, "q:1: the range cannot be understood");
  expect_in(qemu("1@1.0:postcopy_nhp_range a: 0x1000 offset=0x0 length=0xffffffffffffffff\n").error,
            "q:1: the length wraps around 2^64");
  expect_in(qemu(kRange + std::string("2@3.0:postcopy_ram_fault_thread_request Request for HVA=?\n")).error,
            "q:3: the request cannot be understood");
  expect_in(qemu(kRange + std::string("2@3.0:postcopy_place_page host=\n")).error,
            "q:3: the placement cannot be understood");
  const Imported unknown = qemu("hello\n");
  EXPECT_EQ(unknown.summary.unknown, 1u);
}

TEST(Import, AFileWithoutUserfaultfdIsRefusedAndLeavesNothing) {
  const std::string input = ::testing::TempDir() + "/nothing.strace";
  const std::string output = ::testing::TempDir() + "/nothing.trace";
  std::ofstream(input) << "7 1.000000 getpid() = 7 <0.000001>\n";
  ImportSummary summary;
  const auto done = import_file(ImportFormat::strace, input, output, summary);
  ASSERT_FALSE(done.has_value());
  expect_in(to_text(done.error()),
            "no call of userfaultfd in it: 1 lines, 0 of no known shape (record with strace");
  EXPECT_FALSE(std::ifstream(output).good());
  EXPECT_FALSE(std::ifstream(output + ".partial").good());
}

TEST(Import, AFileBecomesATraceAndAnErrorKeepsWhatCameBefore) {
  const std::string input = testing::TempDir() + "in.strace";
  const std::string output = testing::TempDir() + "out.trace";
  std::remove(output.c_str());
  ImportSummary summary;
  std::ofstream(input) << kOpen << kRegister;
  ASSERT_TRUE(import_file(ImportFormat::strace, input, output, summary).has_value());
  auto reader = Reader::open(output);
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(reader->header().producer, "uffdsim import strace");
  EXPECT_EQ(reader->header().source, "in.strace");
  std::ofstream(input) << kOpen << "7 2.0 read(3<anon_inode:[userfaultfd]>, \"\\22\"..., 32) = 32\n";
  const auto done = import_file(ImportFormat::strace, input, output + "2", summary);
  ASSERT_FALSE(done.has_value());
  expect_in(to_text(done.error()), "in.strace:2: a message is not there in full");
  expect_in(to_text(done.error()), "what came before is in " + output + "2.partial");
  auto partial = Reader::open(output + "2.partial");
  ASSERT_TRUE(partial.has_value());
  EXPECT_EQ((*partial->next())->kind, Kind::userfaultfd);
  EXPECT_FALSE(partial->next()->has_value());
}

}  // namespace
}  // namespace traces
