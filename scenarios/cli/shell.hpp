// SPDX-License-Identifier: Apache-2.0
// Words as a shell wants them, for commands that a person may paste.
#pragma once
#include <string>

namespace cli {

// The word itself, or in quotes if the shell would take it apart.
std::string quoted(const std::string& word);

}  // namespace cli
