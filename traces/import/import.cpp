// SPDX-License-Identifier: Apache-2.0
#include "traces/import/import.hpp"

#include "traces/format/writer.hpp"

namespace traces {

Header import_header(ImportFormat format, const std::string& file) {
  Header header;
  header.source = file.substr(file.rfind('/') + 1);  // npos + 1 is 0
  header.clock = Clock::realtime;
  switch (format) {
    case ImportFormat::strace:
      header.producer = "uffdsim import strace";
      header.recorded = recorded::kDurations | recorded::kErrors | recorded::kFields |
                        recorded::kMessageFlags | recorded::kThreads;
      break;
    case ImportFormat::qemu:
      header.producer = "uffdsim import qemu";
      header.recorded = recorded::kDurations | recorded::kThreads;
      break;
  }
  return header;
}

Expected<void> import_file(ImportFormat format, const std::string& input, const std::string& output,
                           ImportSummary& summary) {
  auto lines = open_lines(input);
  if (!lines) return tl::unexpected(lines.error());
  auto writer = Writer::create(output, import_header(format, input));
  if (!writer) return tl::unexpected(writer.error());
  const Sink sink = [&](const Observation& observation) { return writer->write(observation); };
  auto done = format == ImportFormat::strace ? import_strace(*lines, sink, summary)
                                             : import_qemu(*lines, sink, summary);
  if (done) return writer->finish();
  Error error = done.error();
  if (!error.remedy.empty()) error.remedy += "; ";
  error.remedy += "what came before is in " + writer->partial_path();
  return tl::unexpected(error);
}

}  // namespace traces
