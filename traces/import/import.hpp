// SPDX-License-Identifier: Apache-2.0
// Importers: what other tools recorded, as observations. Each reads line by line in bounded memory and hands
// on observations in the order in which the recorder saw them end. A line that contradicts its own format
// stops the import with an Error that names it; a line of no known shape is counted in the summary.
#pragma once
#include <functional>
#include <string>

#include "traces/error.hpp"
#include "traces/format/header.hpp"
#include "traces/format/lines.hpp"
#include "traces/import/summary.hpp"
#include "traces/observation.hpp"

namespace traces {

using Sink = std::function<Expected<void>(const Observation&)>;

enum class ImportFormat : std::uint8_t {
  strace,  // strace -f -ttt -T -y -s 4096, versions 6.1 to 7.2
  qemu,    // QEMU's log of postcopy_* trace events, destination side
};

// What the header of a trace made from `lines` should say.
Header import_header(ImportFormat format, const std::string& file);

// Reads everything. `summary` is right up to the line of an error, too.
Expected<void> import_strace(Lines& lines, const Sink& sink, ImportSummary& summary);
Expected<void> import_qemu(Lines& lines, const Sink& sink, ImportSummary& summary);

// `input` (plain, .gz or .zst; "-" is standard input) to the trace `output`. After an error, what was
// imported before it is in OUTPUT.partial, a readable trace. A file without any userfaultfd is an error.
Expected<void> import_file(ImportFormat format, const std::string& input, const std::string& output,
                           ImportSummary& summary);

}  // namespace traces
