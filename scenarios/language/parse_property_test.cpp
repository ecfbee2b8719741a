// SPDX-License-Identifier: Apache-2.0
// Laws of the parser and the printer, over generated litmus files.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "scenarios/language/generate_litmus.hpp"
#include "scenarios/language/parse.hpp"
#include "scenarios/language/read_word.hpp"

namespace language {
namespace {

void same_after_printing(const Litmus& litmus) {
  const std::string text = print(litmus);
  const auto again = parse(text, "printed");
  if (!again) RC_FAIL(to_text(again.error()));
  RC_ASSERT(*again == litmus);
  RC_ASSERT(print(*again) == text);
}

RC_GTEST_PROP(ParseProperty, ReadsWhatThePrinterWrote, ()) { same_after_printing(*generate::litmus()); }

RC_GTEST_PROP(ParseProperty, LinesThatAreCutOffNeverPassForTheWhole, ()) {
  const Litmus litmus = *generate::litmus();
  const std::string text = print(litmus);
  const auto cut = parse(text.substr(0, generate::below(text.size())), "cut");
  if (cut) same_after_printing(*cut);
}

RC_GTEST_PROP(ParseProperty, ErrorsPointIntoTheText, ()) {
  std::string text = print(*generate::litmus());
  text[generate::below(text.size())] = generate::letter();
  const auto changed = parse(text, "changed");
  if (changed) {
    same_after_printing(*changed);
  } else {
    const ParseError& error = changed.error();
    RC_ASSERT(error.line >= 1);
    RC_ASSERT(error.column >= 1u);
    RC_ASSERT(error.column <= error.text.size() + 2);
    RC_ASSERT(!error.message.empty());
  }
}

RC_GTEST_PROP(WordProperty, EveryValueReadsBack, ()) {
  const traces::Program program = *generate::program();
  const traces::Layout layout(program);
  const auto kind = static_cast<traces::ValueKind>(1 + generate::below(9));
  const traces::Value value = generate::value(kind, layout, 0);
  const auto again = read_word(word(value, layout), {kind}, {program, layout});
  RC_ASSERT(again.has_value());
  RC_ASSERT(again->match_address);
  traces::Value expected = value;
  expected.thread = -1;  // has a column of its own
  RC_ASSERT(again->value == expected);
}

RC_GTEST_PROP(WordProperty, EveryFieldReadsBack, ()) {
  const traces::Value value = generate::field();
  for (const FieldUnit unit : {FieldUnit::bytes, FieldUnit::mask}) {
    RC_ASSERT(read_field(field_word(value, unit), unit) == value);
  }
}

}  // namespace
}  // namespace language
