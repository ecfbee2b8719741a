// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/words.hpp"

#include <fmt/format.h>

#include "uffdsim/telling.hpp"

namespace uffdsim::detail {
namespace {

std::string page_word(PageState state, char content) {
  switch (state) {
    case PageState::unmapped:
      return "unmapped";
    case PageState::missing:
      return "missing";
    case PageState::present:
      return letter_text(content);
    case PageState::present_wp:
      return letter_text(content) + "/wp";
    case PageState::missing_wp:
      return "missing/wp";
    case PageState::poisoned:
      return "poisoned";
    case PageState::guarded:
      return "guarded";
  }
  return "?";
}

}  // namespace

static_assert(static_cast<int>(PageState::guarded) == static_cast<int>(traces::PageState::guarded) &&
              static_cast<int>(PageState::poisoned) == static_cast<int>(traces::PageState::poisoned) &&
              static_cast<int>(PageState::missing_wp) == static_cast<int>(traces::PageState::missing_wp));

Page page_of(const traces::FinalState::Page& page) {
  return {static_cast<PageState>(page.state), page.content};
}

std::string word(const Value& value, const traces::Layout& layout) {
  switch (value.kind()) {
    case Value::Kind::none:
      return "-";
    case Value::Kind::number:
      return fmt::format("{}", static_cast<std::int64_t>(value.number()));
    case Value::Kind::letter:
      return letter_text(static_cast<char>(value.number()));
    case Value::Kind::truth:
      return value.number() ? "yes" : "no";
    case Value::Kind::error:
      return model::to_text(static_cast<Errno>(value.number()));
    case Value::Kind::reply:
      return to_text(Reply(static_cast<Errno>(value.small()), Reply::Field::written,
                           static_cast<std::int64_t>(value.number())));
    case Value::Kind::touched:
      return to_text(value.number() ? Touched::signalled(static_cast<int>(value.number()))
                                    : Touched::letter(static_cast<char>(value.small())));
    case Value::Kind::page:
      return page_word(static_cast<PageState>(value.small()), static_cast<char>(value.number()));
    case Value::Kind::range:
      return layout.name_of(model::VirtAddr{value.number()});
  }
  return "?";
}

}  // namespace uffdsim::detail
