// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/parse.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "model/uffd/abi.hpp"
#include "scenarios/language/print.hpp"

namespace language {
namespace {

using traces::OperationKind;
using Base = traces::RangeExpression::Base;

Litmus must_parse(const std::string& text) {
  const auto litmus = parse(text, "test");
  if (litmus) return *litmus;
  ADD_FAILURE() << to_text(litmus.error());
  return {};
}

// The operations of a thread that is only a list of them, in a program with a bit of everything.
std::vector<traces::Operation> operations_of(const std::string& lines) {
  const Litmus litmus = must_parse(
      "litmus a\npage x missing\nregion r 4 pages\nuffd missing\nmutex m\nmutex n\nvariable v\nthread t\n" +
      lines);
  std::vector<traces::Operation> found;
  if (litmus.program.threads.empty()) return found;
  for (const traces::Statement& statement : litmus.program.threads.front().body) {
    found.push_back(std::get<traces::Perform>(statement.what).operation);
  }
  return found;
}

traces::Operation operation_of(const std::string& line) {
  const std::vector<traces::Operation> found = operations_of("    " + line + '\n');
  return found.empty() ? traces::Operation{} : found.front();
}

TEST(Parse, TakesProseAsItStands) {
  const Litmus l =
      must_parse("litmus a\n\n    One # no comment\n      two, 'unclosed\n\n    three\t.\n\n\nthread t\n");
  EXPECT_EQ(l.prose, "One # no comment\n  two, 'unclosed\n\nthree\t.");
}

TEST(Parse, SkipsCommentsAndCarriageReturns) {
  const Litmus l =
      must_parse("# about\r\nlitmus a\r\n\r\n  # not prose\r\nthread t # one\r\n  # two\r\n  exit # '\r\n");
  EXPECT_EQ(l.prose, "# not prose");
  EXPECT_EQ(l.program.threads.front().body.size(), 1u);
}

TEST(Parse, ReadsPagesAndRegions) {
  const Litmus l = must_parse(
      "litmus a\npage x 'A' read-only\npage z zero adjacent\npage u unmapped\nregion r 3 pages "
      "'.\\.\\0'\nthread t\n");
  const std::vector<traces::Region>& regions = l.program.regions;
  ASSERT_EQ(regions.size(), 4u);
  EXPECT_EQ(regions[0].initial, std::vector<std::string>{"A"});
  EXPECT_EQ(regions[0].protection, traces::kProtRead);
  EXPECT_EQ(regions[1].initial, std::vector<std::string>{std::string(1, '\0')});
  EXPECT_EQ(regions[1].placement, traces::Region::Placement::adjacent);
  EXPECT_FALSE(regions[2].mapped);
  EXPECT_EQ(regions[3].pages.value, 3u);
  EXPECT_EQ(regions[3].initial, (std::vector<std::string>{"", ".", std::string(1, '\0')}));
}

TEST(Parse, RegistersEveryMappedRegionUnlessToldWhere) {
  const Litmus l = must_parse(
      "litmus a\npage x missing\npage u unmapped\nregion r 3 pages\n"
      "uffd missing sigbus nonblock\nuffd two event-remove missing thread-id on r[1..3] x mode 0x4 on x len "
      "0x10\nthread t\n");
  const traces::UffdSetup& all = l.program.uffds.at(0);
  EXPECT_EQ(all.name, "uffd");
  EXPECT_EQ(all.features, std::uint64_t{UFFD_FEATURE_SIGBUS});
  EXPECT_EQ(all.flags, std::uint64_t{O_NONBLOCK});
  ASSERT_EQ(all.registrations.size(), 2u);
  EXPECT_EQ(all.registrations[1].range, (traces::RangeExpression{Base::region, 2, 0, 3 * model::kPageSize}));
  const traces::UffdSetup& two = l.program.uffds.at(1);
  EXPECT_EQ(two.features, std::uint64_t{UFFD_FEATURE_EVENT_REMOVE | UFFD_FEATURE_THREAD_ID});
  ASSERT_EQ(two.registrations.size(), 3u);
  EXPECT_EQ(two.registrations[0].range.offset, model::kPageSize);
  EXPECT_EQ(two.registrations[0].mode, std::uint64_t{UFFDIO_REGISTER_MODE_MISSING});
  EXPECT_EQ(two.registrations[2].mode, 4u);
  EXPECT_EQ(two.registrations[2].range.length, 16u);
}

TEST(Parse, TellsTheStatesOfAUserfaultfdApart) {
  using Prepared = traces::UffdSetup::Prepared;
  const Litmus l = must_parse("litmus a\nuffd\nuffd late unopened\nuffd bare raw cloexec\nthread t\n");
  EXPECT_EQ(l.program.uffds.at(0).prepared, Prepared::handshake);
  EXPECT_EQ(l.program.uffds.at(1).prepared, Prepared::nothing);
  EXPECT_EQ(l.program.uffds.at(2).prepared, Prepared::opened);
  EXPECT_EQ(l.program.uffds.at(2).flags, std::uint64_t{O_CLOEXEC});
}

TEST(Parse, ReadsPlaces) {
  const auto range_of = [](const std::string& place) { return operation_of("munmap " + place).range; };
  constexpr std::uint64_t kPage = model::kPageSize;
  EXPECT_EQ(range_of("x"), (traces::RangeExpression{Base::region, 0, 0, kPage}));
  EXPECT_EQ(range_of("r"), (traces::RangeExpression{Base::region, 1, 0, 4 * kPage}));
  EXPECT_EQ(range_of("r[3]"), (traces::RangeExpression{Base::region, 1, 3 * kPage, kPage}));
  EXPECT_EQ(range_of("r[1..3]"), (traces::RangeExpression{Base::region, 1, kPage, 2 * kPage}));
  EXPECT_EQ(range_of("r[1]+0x10 len 0"), (traces::RangeExpression{Base::region, 1, kPage + 16, 0}));
  EXPECT_EQ(range_of("@0x7000+1"), (traces::RangeExpression{Base::absolute, 0, 0x7001, kPage}));
  EXPECT_EQ(range_of("@0xffffffffffffffff len 0x2000"),
            (traces::RangeExpression{Base::absolute, 0, ~std::uint64_t{0}, 0x2000}));
}

TEST(Parse, AMessageNamesItsRangeForRangesAndItsPageForBytes) {
  const auto found =
      operations_of("    e = read\n    unregister e\n    load e+1\n    copy e+0x1000 len 0x1000 'A'\n");
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[1].range,
            (traces::RangeExpression{Base::message, 0, 0, traces::RangeExpression::kWholeMessage}));
  EXPECT_EQ(found[2].range, (traces::RangeExpression{Base::message, 0, 1, model::kPageSize}));
  EXPECT_EQ(found[3].range, (traces::RangeExpression{Base::message, 0, 0x1000, 0x1000}));
}

TEST(Parse, ReadsTheOptionsOfOperations) {
  EXPECT_EQ(operation_of("copy r 'AB' dontwake bad-argument").argument, traces::Argument::unreadable);
  EXPECT_EQ(operation_of("copy r 'AB' dontwake").mode, std::uint64_t{UFFDIO_COPY_MODE_DONTWAKE});
  EXPECT_EQ(operation_of("copy r 'AB\\0'").contents, std::string("AB\0", 3));
  EXPECT_EQ(operation_of("copy x zero").contents, std::string(1, '\0'));
  EXPECT_TRUE(operation_of("copy x from r[1]").has_source);
  EXPECT_EQ(operation_of("copy x from r[1]").source.offset, model::kPageSize);
  EXPECT_EQ(operation_of("register x mode 0x9").mode, 9u);
  EXPECT_EQ(operation_of("api event-fork move api 0xab").features,
            std::uint64_t{UFFD_FEATURE_EVENT_FORK | model::abi::kFeatureMove});
  EXPECT_EQ(operation_of("api event-fork api 0xab").api, 0xabu);
  EXPECT_EQ(operation_of("poll nowait").wait, traces::Wait::not_at_all);
  EXPECT_EQ(operation_of("mmap x no-access").protection, 0);
  EXPECT_EQ(operation_of("mprotect r write-only").protection, traces::kProtWrite);
  EXPECT_EQ(operation_of("userfaultfd user-mode-only").flags, std::uint64_t{UFFD_USER_MODE_ONLY});
  EXPECT_EQ(operation_of("unlock n").mutex, 1);
  EXPECT_EQ(operation_of("set v 0x10").number, 16u);
}

TEST(Parse, ReadsConditions) {
  const Litmus l = must_parse(
      "litmus a\nregion r 4 pages\nuffd missing\nthread t\n    e = read\n    k = copy e 'A'\n"
      "    if k.field is not -EAGAIN\n        repeat\n            exit\n        until e is remove:r[0..2]\n"
      "    else\n        if e is read-fault\n            exit\n");
  const traces::Block& body = l.program.threads.at(0).body;
  const auto& branch = std::get<traces::If>(body.at(2).what);
  EXPECT_EQ(branch.condition.subject, traces::Condition::Subject::field);
  EXPECT_EQ(branch.condition.test, traces::Condition::Test::is_not);
  EXPECT_EQ(branch.condition.pattern.field, -EAGAIN);
  const auto& loop = std::get<traces::RepeatUntil>(branch.then.at(0).what);
  EXPECT_TRUE(loop.until.match_address);
  EXPECT_EQ(loop.until.pattern.event, UFFD_EVENT_REMOVE);
  EXPECT_EQ(loop.until.pattern.end - loop.until.pattern.start, 2 * model::kPageSize);
  EXPECT_FALSE(std::get<traces::If>(branch.otherwise.at(0).what).condition.match_address);
}

TEST(Parse, BringsWordsOfRowsIntoTheirCanonicalForm) {
  const Litmus l = must_parse(
      "litmus a\npage x missing\nuffd\nvariable v\nthread t\n    p = poll\n    k = copy x 'A'\n    e = read\n"
      "outcomes t.p t.k.field t.e v x\n  err+in 4096 read-fault:@0x1000 007 '\\x41' on 6.1 6.12\n");
  EXPECT_EQ(l.rows.at(0).words, (Words{"in+err", "1p", "read-fault:x", "7", "'A'"}));
  EXPECT_EQ(l.rows.at(0).kernels, (std::vector<std::string>{"6.1", "6.12"}));
  EXPECT_EQ(l.rows.at(0).line, 10);
}

TEST(Parse, ReadsClaims) {
  const Litmus l = must_parse(
      "litmus a\npage x missing\nthread t\nnever x 'A' and t blocked on 6.1\nalways kernel-bug no\n"
      "with some-defect sometimes t spins\n");
  ASSERT_EQ(l.claims.size(), 3u);
  EXPECT_EQ(l.claims[0].terms.size(), 2u);
  EXPECT_EQ(l.claims[0].kernels, std::vector<std::string>{"6.1"});
  EXPECT_EQ(l.claims[1].kind, Claim::Kind::always);
  EXPECT_EQ(l.claims[2].kind, Claim::Kind::sometimes);
  EXPECT_EQ(l.claims[2].defect, "some-defect");
  EXPECT_EQ(l.claims[2].line, 6);
}

TEST(Parse, ReadsTheChildBelowItsFork) {
  const std::string text =
      "litmus a\n\n"
      "page x  missing\n\n"
      "thread parent\n"
      "    f = fork child\n"
      "        fork grandchild\n"
      "            l = load x\n"
      "        s = store x 'C'\n"
      "    l = load x\n\n"
      "outcomes  child.s  grandchild  x\n"
      "          unborn   done        missing\n";
  const auto litmus = parse(text, "f");
  ASSERT_TRUE(litmus) << to_text(litmus.error());
  const std::vector<traces::ThreadProgram>& threads = litmus->program.threads;
  ASSERT_EQ(threads.size(), 3u);
  EXPECT_EQ(threads[0].parent, traces::ThreadProgram::kFromTheStart);
  EXPECT_EQ(threads[1].name, "child");
  EXPECT_EQ(threads[1].parent, 0);
  EXPECT_EQ(threads[2].parent, 1);
  EXPECT_EQ(traces::processes_of(litmus->program), (std::vector<std::uint8_t>{0, 1, 2}));
  EXPECT_EQ(print(*litmus), text);
}

TEST(Parse, SurvivesHugeLines) {
  const std::string huge(std::size_t{1} << 20, 'x');
  std::string many;
  for (int i = 0; i < 1 << 19; ++i) many += " x";
  for (const std::string& line : {huge, many, std::string(std::size_t{1} << 20, '\'')}) {
    EXPECT_FALSE(parse(line, "huge"));
    EXPECT_FALSE(parse("litmus a\npage x missing\nuffd missing on" + line + "\nthread t\n", "huge"));
    const auto litmus = parse("litmus a\npage x missing\nthread t\n    load " + line + "\n", "huge");
    ASSERT_FALSE(litmus);
    EXPECT_LT(to_text(litmus.error()).size(), 2000u);
  }
  EXPECT_TRUE(parse("litmus a\n    " + huge + "\nthread t # " + huge + "\n", "prose may be long"));
}

TEST(Parse, SurvivesDeepNesting) {
  std::string text = "litmus a\npage x missing\nthread t\n    c = load x\n";
  for (std::size_t depth = 1; depth < 2000; ++depth) text += std::string(4 * depth, ' ') + "if c is zero\n";
  const auto litmus = parse(text, "deep");
  ASSERT_FALSE(litmus);
  EXPECT_EQ(litmus.error().message, "expected at most 16 blocks in each other");
}

TEST(Parse, RefusesFilesThatCannotBeRead) {
  const auto none = parse_file("/nowhere/a.litmus");
  ASSERT_FALSE(none);
  EXPECT_EQ(to_text(none.error()), "/nowhere/a.litmus: cannot be read: No such file or directory\n");
  EXPECT_FALSE(parse_file("/"));
}

// Every file of the project, and the one that holds every construct.
TEST(Parse, ReadsTheCorpus) {
  std::size_t files = 0;
  for (const char* folder : {"/litmus", "/language/corpus"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(UFFDSIM_SCENARIOS) + folder)) {
      if (entry.path().extension() != ".litmus") continue;
      ++files;
      const auto litmus = parse_file(entry.path());
      ASSERT_TRUE(litmus) << to_text(litmus.error());
      EXPECT_EQ(must_parse(print(*litmus)), *litmus) << entry.path();
    }
  }
  EXPECT_GE(files, 3u);
}

TEST(Parse, AFileThatHarmsKernelsIsForGuests) {
  const auto litmus = parse("litmus a\nguests-only\nthread t\n    pagemap @0x1000\n", "f");
  ASSERT_TRUE(litmus) << to_text(litmus.error());
  EXPECT_EQ(litmus->machines, Litmus::Machines::guests);
}

TEST(Parse, DescriptorsAreDuplicatedWatchedAndHandedOn) {
  const auto litmus = parse(
      "litmus a\nnobody\nunprivileged-userfaultfd\nuffd\nuffd two unopened\nepoll ep\nsocket s\nthread t\n"
      "    userfaultfd device nonblock via two\n    dup opens two via uffd\n    setfl nonblock via two\n"
      "    epoll-add ep edge via two\n    p = epoll-wait ep nowait\n    send s via two\n"
      "    receive s opens two\n    e = read bytes 64 bad-argument via uffd\n    e = next\n    wake e via "
      "uffd\n",
      "f");
  ASSERT_TRUE(litmus) << to_text(litmus.error());
  const traces::Program& program = litmus->program;
  EXPECT_EQ(program.privilege, traces::Privilege::nobody);
  EXPECT_EQ(program.unprivileged_userfaultfd, traces::UnprivilegedUffd::allowed);
  EXPECT_EQ(program.epolls, std::vector<std::string>{"ep"});
  EXPECT_EQ(program.sockets, std::vector<std::string>{"s"});
  const auto operation = [&](std::size_t i) {
    return std::get<traces::Perform>(program.threads[0].body[i].what).operation;
  };
  EXPECT_EQ(operation(0).door, traces::Door::device);
  EXPECT_EQ(operation(1).opens, 1);
  EXPECT_EQ(operation(2).flags, std::uint64_t{O_NONBLOCK});
  EXPECT_EQ(operation(3).trigger, traces::Trigger::edge);
  EXPECT_EQ(operation(4).wait, traces::Wait::not_at_all);
  EXPECT_EQ(operation(6).opens, 1);
  EXPECT_EQ(operation(7).room, 64u);
  EXPECT_EQ(operation(7).argument, traces::Argument::unreadable);
  EXPECT_EQ(operation(9).range.base, traces::RangeExpression::Base::message);
}

}  // namespace
}  // namespace language
