// SPDX-License-Identifier: Apache-2.0
#include "scenarios/cli/command.hpp"
namespace cli { void add_show(CLI::App&, Action&) {} }
