// SPDX-License-Identifier: Apache-2.0
// The strace importer at work: joins split lines, follows threads, processes and descriptors, and turns the
// calls that concern userfaultfds into observations. import_strace() is its only user.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "traces/import/descriptors.hpp"
#include "traces/import/import.hpp"
#include "traces/import/strace_line.hpp"
#include "traces/ranges.hpp"

namespace traces {

class StraceImporter {
 public:
  StraceImporter(Lines& lines, const Sink& sink, ImportSummary& summary)
      : lines_(lines), sink_(sink), summary_(summary) {}

  Expected<void> run();

  struct IoctlShape;  // how strace names the fields of an ioctl's struct

 private:
  // A call as a whole, whether it stood on one line or two.
  struct Call {
    std::string_view name;
    StraceCall call;
    std::uint32_t thread = 0;
    std::uint32_t process = 0;
    std::uint64_t clock = 0;
    std::uint64_t line = 0;
    Moment moment = Moment::whole;  // enter: it never returned

    bool succeeded() const { return call.result && *call.result >= 0; }
    std::string_view argument(std::size_t i) const {
      return i < call.arguments.size() ? call.arguments[i] : std::string_view{};
    }
  };

  using Done = Expected<void>;
  using Handler = Done (StraceImporter::*)(const Call&);
  static Handler handler_of(std::string_view name);

  Done take_line(std::string_view text);
  Done take_unfinished(const StraceLine& line);
  Done take_resumed(const StraceLine& line);
  Done take_call(const StraceLine& line, std::string_view rest, std::uint64_t clock, std::uint64_t number);
  Done finish_pending();

  Done on_userfaultfd(const Call& call);
  Done on_ioctl(const Call& call);
  Done on_read(const Call& call);
  Done on_close(const Call& call);
  Done on_dup(const Call& call);
  Done on_memory(const Call& call);
  Done on_mremap(const Call& call);
  bool concerns(const Call& call, std::optional<std::uint64_t> start,
                std::optional<std::uint64_t> length) const;
  Done on_clone(const Call& call);
  Done on_exit(const Call& call);

  Done on_api(const Call& call, Observation observation);
  Done on_range_ioctl(const Call& call, const IoctlShape& shape, Observation observation);
  Done on_device(const Call& call);
  Done emit_messages(const Call& call, Observation observation, std::string_view bytes);

  std::uint32_t process_of(std::uint32_t thread);
  std::optional<std::uint32_t> uffd_of(const Call& call, std::string_view argument);
  Observation observation_of(const Call& call, OperationKind kind) const;
  Done emit(const Observation& observation);
  tl::unexpected<Error> fail(std::uint64_t line, std::string what, std::string why, std::string remedy) const;
  tl::unexpected<Error> misread(const Call& call, std::string_view part) const;

  static constexpr std::size_t kMaxTracked = std::size_t{1} << 16;  // threads, descriptors, ranges

  struct Pending {
    std::string name;
    std::string text;
    std::uint64_t clock = 0;
    std::uint64_t line = 0;
  };
  Lines& lines_;
  const Sink& sink_;
  ImportSummary& summary_;
  std::map<std::uint32_t, Pending> pending_;          // by thread
  std::map<std::uint32_t, std::uint32_t> processes_;  // by thread
  std::map<std::uint32_t, Ranges> registered_;        // by process: whatever was registered once
  std::optional<std::uint32_t> first_process_;
  std::optional<std::uint32_t> forking_;  // a process with a fork that has not returned
  Descriptors descriptors_;
};

}  // namespace traces
