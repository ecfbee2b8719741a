// SPDX-License-Identifier: Apache-2.0
// uffdsim: write the logic of a userfaultfd monitor as coroutines, and see every execution it can have.
// docs/api.md begins with a first monitor, line by line.
#pragma once
#include "uffdsim/at_end.hpp"
#include "uffdsim/claim.hpp"
#include "uffdsim/explore.hpp"
#include "uffdsim/memory.hpp"
#include "uffdsim/mutex.hpp"
#include "uffdsim/process.hpp"
#include "uffdsim/queue.hpp"
#include "uffdsim/shared.hpp"
#include "uffdsim/uffd.hpp"
