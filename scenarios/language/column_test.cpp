// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/column.hpp"

#include <gtest/gtest.h>

#include "model/uffd/abi.hpp"
#include "scenarios/language/parse.hpp"

namespace language {
namespace {

using traces::FinalState;
using traces::ThreadEnd;
using traces::Value;

const Litmus& litmus() {
  static const Litmus kLitmus = *parse(
      "litmus a\npage x missing\nregion r 2 pages\nuffd missing thread-id\nvariable v\n"
      "thread app\n    l = load x\nthread monitor\n    e = read\n    k = copy e 'A'\n"
      "outcomes app.l monitor.e monitor.e.thread monitor.k monitor.k.field app x r[1] uffd.pending "
      "uffd.total v kernel-bug\n"
      "never monitor blocked and x missing\n",
      "test");
  return kLitmus;
}

FinalState end() {
  FinalState state;
  state.threads.resize(2);
  state.threads[0].registers = {Value::letter('A')};
  Value message{.kind = traces::ValueKind::message};
  message.event = UFFD_EVENT_PAGEFAULT;
  message.thread = 0;
  message.start = 0x1000;
  state.threads[1].registers = {message, Value::with_field(model::Errno::none, 4096)};
  state.pages = {{{traces::PageState::present, 'A'}}, {{}, {traces::PageState::missing, 0}}};
  state.uffds = {{true, 1, 2}};
  state.variables = {7};
  return state;
}

Words row_of(const FinalState& state) { return row(litmus(), litmus().columns, state); }

TEST(Row, SaysHowAnExecutionEnded) {
  EXPECT_EQ(row_of(end()),
            (Words{"'A'", "read-fault:x", "app", "ok", "1p", "done", "'A'", "missing", "1", "2", "7", "no"}));
}

TEST(Row, SaysWhyARegisterIsUnset) {
  FinalState state = end();
  state.threads[0] = {ThreadEnd::spins, {{}}};
  state.threads[1] = {ThreadEnd::blocked, {}};
  EXPECT_EQ(row_of(state), (Words{"spins", "blocked", "blocked", "blocked", "blocked", "spins", "'A'",
                                  "missing", "1", "2", "7", "no"}));
  state.threads[0] = {ThreadEnd::done, {{}}};
  EXPECT_EQ(row_of(state).front(), "-");
}

TEST(Row, SaysWhatTheKernelDidNot) {
  FinalState state = end();
  state.threads[1].registers = {Value::of(model::Errno::again), Value::untouched(model::Errno::fault)};
  state.uffds = {{false, 0, 0}};
  state.kernel_bug = "a list was corrupt";
  EXPECT_EQ(row_of(state), (Words{"'A'", "EAGAIN", "-", "EFAULT", "untouched", "done", "'A'", "missing",
                                  "closed", "closed", "7", "yes"}));
}

TEST(Columns, OfClaimsFollowThoseOfTheTable) {
  const std::vector<Column> all = all_columns(litmus());
  ASSERT_EQ(all.size(), litmus().columns.size() + 1);
  EXPECT_EQ(name_of(all.back(), litmus().program), "monitor");
}

TEST(Matches, MessagesWithoutTheirPlace) {
  EXPECT_TRUE(matches("read-fault", "read-fault:x"));
  EXPECT_TRUE(matches("read-fault:x", "read-fault:x"));
  EXPECT_FALSE(matches("read-fault:x", "read-fault:y"));
  EXPECT_FALSE(matches("read", "read-fault:x"));
  EXPECT_FALSE(matches("ok", "'o'"));
}

}  // namespace
}  // namespace language
