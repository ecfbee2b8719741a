// SPDX-License-Identifier: Apache-2.0
// The command. It is put together here because `fuzz` stands on everything else.
#include "proptests/fuzz_command.hpp"
#include "scenarios/cli/command.hpp"

int main(int count, char** words) { return static_cast<int>(cli::run(count, words, {proptests::add_fuzz})); }
