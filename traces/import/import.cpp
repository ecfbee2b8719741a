// SPDX-License-Identifier: Apache-2.0
#include "traces/import/import.hpp"

#include <fmt/format.h>

#include <cstdio>

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

namespace {

Error nothing_found(ImportFormat format, const std::string& input, const ImportSummary& summary) {
  Error error{.file = input, .what = "no call of userfaultfd in it"};
  error.why = fmt::format("{} lines, {} of no known shape", summary.lines, summary.unknown);
  error.remedy = format == ImportFormat::strace ? "record with strace -f -ttt -T -y -s 4096, from before userfaultfd(2) on"
                                                : "record with QEMU's log backend and -trace 'postcopy_*'";
  return error;
}

}  // namespace

Expected<void> import_file(ImportFormat format, const std::string& input, const std::string& output,
                           ImportSummary& summary) {
  auto lines = open_lines(input);
  if (!lines) return tl::unexpected(lines.error());
  auto writer = Writer::create(output, import_header(format, input));
  if (!writer) return tl::unexpected(writer.error());
  const Sink sink = [&](const Observation& observation) { return writer->write(observation); };
  auto done = format == ImportFormat::strace ? import_strace(*lines, sink, summary)
                                             : import_qemu(*lines, sink, summary);
  if (done && summary.observations == 0) {
    std::remove(writer->partial_path().c_str());
    return tl::unexpected(nothing_found(format, input, summary));
  }
  if (done) return writer->finish();
  Error error = done.error();
  if (!error.remedy.empty()) error.remedy += "; ";
  error.remedy += "what came before is in " + writer->partial_path();
  return tl::unexpected(error);
}

}  // namespace traces
