// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/command.hpp"

int main(int count, char** words) { return static_cast<int>(cli::run(count, words)); }
