// SPDX-License-Identifier: Apache-2.0
// Two runs side by side from where they part.
#pragma once
#include <string>

#include "scenarios/cli/explanation.hpp"
#include "scenarios/cli/terminal.hpp"

namespace cli {

struct AgainstText {
  const Explanation& left;
  const Explanation& right;
  std::size_t shared = 0;  // steps that both begin with
  std::string left_row;
  std::string right_row;

  std::string to_text(const Paint& paint) const;

 private:
  std::string common_text(const Paint& paint) const;
  std::string columns_text(const Paint& paint) const;
  std::string endings_text(const Paint& paint) const;
};

}  // namespace cli
