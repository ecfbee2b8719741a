// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/print.hpp"

#include <gtest/gtest.h>

#include "scenarios/language/parse.hpp"

namespace language {
namespace {

std::string printed(const std::string& text) {
  const auto litmus = parse(text, "test");
  return litmus ? print(*litmus) : to_text(litmus.error());
}

TEST(Print, AlignsWhatIsCrooked) {
  EXPECT_EQ(printed("litmus a\n  Prose.\nkernels 6.1 6.12\nunprivileged\npage x missing\nregion ring 2 pages "
                    "'AB' adjacent\n"
                    "uffd missing event-remove on x\nmutex m\nvariable v=3\nthread app\n r = load x\n longer "
                    "= load ring[1]\n"
                    " if r is zero\n  lock m\n else\n  s = get v\n"
                    "outcomes app.r   app.longer  x\n 'A' blocked  missing # why\n SIGBUS 'B' 'A' on 6.1\n"
                    "never x 'A' and app blocked on 6.12\nsometimes v 3\nwith d sometimes x zero\n"),
            R"(litmus a
    Prose.

kernels 6.1 6.12
unprivileged

page x       missing
region ring  2 pages 'AB' adjacent
uffd         event-remove missing on x
mutex m
variable v = 3

thread app
    r      = load x
    longer = load ring[1]
    if r is zero
        lock m
    else
        s = get v

outcomes  app.r   app.longer  x
          'A'     blocked     missing
          SIGBUS  'B'         'A'      on 6.1
never     x 'A' and app blocked  on 6.12
sometimes v 3
with      d  sometimes x zero
)");
}

TEST(Print, NamesTheUserfaultfdOnlyWhereThereAreSeveral) {
  EXPECT_NE(printed("litmus a\nuffd\nthread t\n e = read via uffd\n").find("    e = read\n"),
            std::string::npos);
  EXPECT_NE(printed("litmus a\nuffd\nuffd u\nthread t\n e = read via u\n").find("e = read via u\n"),
            std::string::npos);
}

TEST(Print, ShowsOneOperation) {
  const auto litmus =
      parse("litmus a\npage x missing\nuffd missing\nthread t\n  copy x 'A' mode 0x1\n", "test");
  ASSERT_TRUE(litmus);
  const traces::ThreadProgram& thread = litmus->program.threads.front();
  const auto& perform = std::get<traces::Perform>(thread.body.front().what);
  EXPECT_EQ(print(perform.operation, litmus->program, thread), "copy x 'A' dontwake");
}

}  // namespace
}  // namespace language
