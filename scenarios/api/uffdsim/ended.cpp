// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/ended.hpp"

#include <fmt/format.h>

#include "uffdsim/at_end.hpp"
#include "uffdsim/telling.hpp"
#include "uffdsim/words.hpp"

namespace uffdsim {
namespace {

using detail::Ended;
using detail::place_text;
using traces::ThreadEnd;

// A row says of a thread only what is out of the ordinary.
void look_at_threads(Ended& ended) {
  for (std::size_t i = 0; i < ended.state.threads.size(); ++i) {
    const std::string& name = ended.prepared.program.threads[i].name;
    const ThreadEnd end = ended.state.threads[i].end;
    if (end == ThreadEnd::killed) ended.columns.push_back(name + " killed");
    if (end != ThreadEnd::blocked && end != ThreadEnd::spins) continue;
    if (ended.description.threads[i].ends == Setup::Ends::perhaps) continue;
    ended.columns.push_back(fmt::format("{} {}", name, end == ThreadEnd::spins ? "spins" : "waits"));
    ended.failures.push_back(end == ThreadEnd::spins ? fmt::format("{} goes round forever", name)
                                                     : fmt::format("{} waits forever", name));
  }
}

void look_at_records(const detail::ScenarioWorld& world, Ended& ended) {
  for (std::size_t i = 0; i < ended.description.threads.size(); ++i) {
    const detail::Records& records = world.records[i];
    for (std::size_t r = 0; r < records.count; ++r) {
      ended.columns.push_back(fmt::format("{}.{}={}", ended.prepared.program.threads[i].name,
                                          records.items[r].name,
                                          detail::word(records.items[r].value, ended.prepared.layout)));
    }
  }
}

ThreadEnd end_of(const Ended& ended, std::string_view thread) {
  for (std::size_t i = 0; i < ended.state.threads.size(); ++i) {
    if (ended.prepared.program.threads[i].name == thread) return ended.state.threads[i].end;
  }
  return ThreadEnd::unborn;
}

}  // namespace

Ended detail::look(const Description& description, const sim::World& world, std::uint8_t spinning) {
  const traces::ProgramWorld& program = traces::program_world(world);
  const ScenarioWorld& own = scenario_world(program);
  Ended ended{description, *program.prepared, traces::final_state(world, spinning), {}, {}};
  if (own.broken.text) {
    const auto thread = static_cast<sim::ThreadId>(own.broken.thread);
    ended.failures.push_back(fmt::format("{}: {} ({})", world.thread(thread).name, own.broken.text,
                                         place_text(own.broken.file, own.broken.line)));
    return ended;
  }
  if (!ended.state.kernel_bug.empty()) {
    ended.failures.push_back("the simulated kernel stopped: " + ended.state.kernel_bug);
    return ended;
  }
  look_at_records(own, ended);
  look_at_threads(ended);
  if (description.at_end) {
    AtEnd end(ended);
    description.at_end(own.scenario, end);
  }
  return ended;
}

Page AtEnd::page(Range at) const {
  const traces::Layout& layout = ended_.prepared.layout;
  for (std::size_t i = 0; i < ended_.state.pages.size(); ++i) {
    const model::AddrRange region = layout.region(i);
    if (!region.contains({at.start})) continue;
    return detail::page_of(ended_.state.pages[i][(model::VirtAddr{at.start} - region.start) / kPageSize]);
  }
  return {};
}

Page AtEnd::file_page(File file, std::uint64_t page) const {
  const auto index = static_cast<std::size_t>(file.number());
  if (index >= ended_.state.files.size() || page >= ended_.state.files[index].size()) return {};
  return detail::page_of(ended_.state.files[index][page]);
}

bool AtEnd::finished(std::string_view thread) const { return end_of(ended_, thread) == ThreadEnd::done; }
bool AtEnd::killed(std::string_view thread) const { return end_of(ended_, thread) == ThreadEnd::killed; }
bool AtEnd::waiting(std::string_view thread) const {
  const ThreadEnd end = end_of(ended_, thread);
  return end == ThreadEnd::blocked || end == ThreadEnd::spins;
}

void AtEnd::expect(bool holds, const char* text, const char* file, int line) {
  if (!holds) ended_.failures.push_back(fmt::format("at the end: {} ({})", text, place_text(file, line)));
}

void AtEnd::record(const char* name, Value value) {
  ended_.columns.push_back(fmt::format("{}={}", name, detail::word(value, ended_.prepared.layout)));
}

}  // namespace uffdsim
