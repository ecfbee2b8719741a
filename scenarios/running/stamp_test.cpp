// SPDX-License-Identifier: Apache-2.0
#include "scenarios/running/stamp.hpp"

#include <gtest/gtest.h>

#include "scenarios/language/parse.hpp"
#include "scenarios/running/parting.hpp"

namespace running {
namespace {

constexpr const char* kText = R"(litmus two-fills

page x  missing
uffd    missing

thread one
    a = copy x 'A'

thread two
    b = copy x 'B'
)";

language::Litmus parsed(const std::string& text) { return language::parse(text, "text").value(); }

TEST(Stamp, IsReadAsItIsPrinted) {
  const Stamp stamp{.kernel = "6.18", .defect = "refile-unseen", .program = 0x12ab, .run = 0xffffffff};
  const sim::Schedule schedule = sim::parse_schedule("one:2 two:1").value();
  EXPECT_EQ(to_text(stamp, schedule), "v1/6.18+refile-unseen/000012ab/ffffffff one:2 two:1");
  const auto read = parse_stamped(to_text(stamp, schedule));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->stamp, stamp);
  EXPECT_EQ(read->schedule, schedule);
  EXPECT_FALSE(parse_stamped("one:2")->stamp) << "a schedule may be written by hand";
}

TEST(Stamp, NamesTheRunNotTheFile) {
  const model::Kernel& kernel = model::default_kernel();
  const language::Litmus litmus = parsed(kText);
  const LitmusSubject subject(litmus, kernel, nullptr);
  const auto run = [&](const Line& line) { return plainest_witness(subject, line).schedule; };
  const ModelRun found = run_on_model(litmus, {});
  ASSERT_EQ(found.lines.size(), 2u);
  const sim::Schedule schedule = run(found.lines[0]);
  const Stamp stamp = stamp_of(litmus, subject, schedule);
  EXPECT_EQ(why_refused(stamp, litmus, subject, schedule), "");
  // Prose, name and table are nobody's business.
  const language::Litmus told = parsed(std::string("litmus other\n    Prose.\n") + (kText + 17) + "never x 'Z'\n");
  const LitmusSubject same(told, kernel, nullptr);
  EXPECT_EQ(why_refused(stamp, told, same, schedule), "");
  EXPECT_NE(why_refused(stamp, litmus, subject, run(found.lines[1])), "") << "another run";
}

TEST(Parting, IsTheLastPlaceWhereTheOtherOutcomeCanBeReached) {
  const language::Litmus litmus = parsed(kText);
  const LitmusSubject subject(litmus, model::default_kernel(), nullptr);
  const ModelRun found = run_on_model(litmus, {});
  const Witness one = plainest_witness(subject, found.lines[0]);
  const std::string other = found.lines[1].outcome.text;
  const auto parting = part(subject, one.moves, [&](const std::string& text) { return text == other; }, {});
  ASSERT_TRUE(parting);
  ASSERT_LT(parting->shared, one.moves.size());
  for (std::size_t i = 0; i < parting->shared; ++i) EXPECT_EQ(parting->other.moves[i], one.moves[i]);
  EXPECT_NE(parting->other.moves[parting->shared], one.moves[parting->shared]);
  EXPECT_FALSE(part(subject, one.moves, [](const std::string&) { return false; }, {}));
}

}  // namespace
}  // namespace running
