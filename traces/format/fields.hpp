// SPDX-License-Identifier: Apache-2.0
// Fields: the keys of one JSON object of a trace, each stored where it belongs, or said to be wrong.
#pragma once
#include <simdjson.h>

#include <string>

#include "traces/format/header.hpp"
#include "traces/observation.hpp"

namespace traces {

// Stores the object into the header or the observation. The result is empty, or why it cannot be: a key
// nobody knows, a key twice, a value that is not what the key wants, a key that is missing.
std::string store_fields(simdjson::dom::object object, Header& header);
std::string store_fields(simdjson::dom::object object, Observation& observation);

}  // namespace traces
