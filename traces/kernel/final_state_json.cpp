// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/final_state_json.hpp"

#include <nlohmann/json.hpp>

namespace traces {
namespace {

using nlohmann::json;

// Arrays in the order of the members: [kind, error, small, event, flags, thread, field_state, field, start,
// end].
json to_json(const Value& v) {
  if (v.kind == ValueKind::unset) return json::array();
  return json::array({v.kind, static_cast<int>(v.error), v.small, v.event, v.flags, v.thread, v.field_state,
                      v.field, v.start, v.end});
}
Value value_from(const json& j) {
  Value v;
  if (j.empty()) return v;
  v.kind = j.at(0).get<ValueKind>();
  v.error = static_cast<model::Errno>(j.at(1).get<int>());
  v.small = j.at(2).get<std::uint8_t>();
  v.event = j.at(3).get<std::uint8_t>();
  v.flags = j.at(4).get<std::uint8_t>();
  v.thread = j.at(5).get<std::int8_t>();
  v.field_state = j.at(6).get<FieldState>();
  v.field = j.at(7).get<std::int64_t>();
  v.start = j.at(8).get<std::uint64_t>();
  v.end = j.at(9).get<std::uint64_t>();
  return v;
}

json to_json(const FinalState::Thread& thread) {
  json registers = json::array();
  for (const Value& value : thread.registers) registers.push_back(to_json(value));
  return json::array({thread.end, std::move(registers)});
}
FinalState::Thread thread_from(const json& j) {
  FinalState::Thread thread{.end = j.at(0).get<ThreadEnd>(), .registers = {}};
  for (const json& value : j.at(1)) thread.registers.push_back(value_from(value));
  return thread;
}

// A page is one number: its state, and above it the letter.
int to_number(const FinalState::Page& page) {
  return static_cast<int>(page.state) | static_cast<unsigned char>(page.content) << 8;
}
FinalState::Page page_from(int number) {
  return {static_cast<PageState>(number & 0xff), static_cast<char>(number >> 8)};
}

// Of regions, or of files.
json to_json(const std::vector<std::vector<FinalState::Page>>& all) {
  json lists = json::array();
  for (const std::vector<FinalState::Page>& pages : all) {
    json list = json::array();
    for (const FinalState::Page& page : pages) list.push_back(to_number(page));
    lists.push_back(std::move(list));
  }
  return lists;
}
std::vector<std::vector<FinalState::Page>> pages_from(const json& lists) {
  std::vector<std::vector<FinalState::Page>> all;
  for (const json& list : lists) {
    all.emplace_back();
    for (const json& page : list) all.back().push_back(page_from(page.get<int>()));
  }
  return all;
}

json to_json(const FinalState& state) {
  json threads = json::array(), uffds = json::array();
  for (const FinalState::Thread& thread : state.threads) threads.push_back(to_json(thread));
  for (const FinalState::Uffd& uffd : state.uffds) {
    uffds.push_back(json::array({uffd.open, uffd.pending, uffd.total}));
  }
  return {{"threads", threads},     {"pages", to_json(state.pages)}, {"files", to_json(state.files)},
          {"uffds", uffds},         {"variables", state.variables},  {"exited", state.exited},
          {"bug", state.kernel_bug}};
}
FinalState final_state_from(const json& j) {
  FinalState state;
  for (const json& thread : j.at("threads")) state.threads.push_back(thread_from(thread));
  state.pages = pages_from(j.at("pages"));
  state.files = pages_from(j.at("files"));
  for (const json& uffd : j.at("uffds")) {
    state.uffds.push_back(
        {uffd.at(0).get<bool>(), uffd.at(1).get<std::uint32_t>(), uffd.at(2).get<std::uint32_t>()});
  }
  state.variables = j.at("variables").get<std::vector<std::uint64_t>>();
  state.exited = j.at("exited").get<bool>();
  state.kernel_bug = j.at("bug").get<std::string>();
  return state;
}

}  // namespace

std::string to_json_text(const FinalState& state) { return to_json(state).dump(); }

FinalState final_state_from_json(const std::string& text) { return final_state_from(json::parse(text)); }

std::string to_json_text(const Histogram& histogram) {
  json rows = json::array();
  for (const Histogram::Row& row : histogram.rows) {
    rows.push_back({{"count", row.count}, {"state", to_json(row.state)}});
  }
  const json whole = {{"kernel", histogram.kernel},
                      {"rows", rows},
                      {"iterations", histogram.iterations},
                      {"undecided", histogram.undecided},
                      {"reasons", histogram.reasons}};
  return whole.dump();
}

Histogram histogram_from_json(const std::string& text) {
  const json whole = json::parse(text);
  Histogram histogram;
  histogram.kernel = whole.at("kernel").get<std::string>();
  for (const json& row : whole.at("rows")) {
    histogram.rows.push_back({final_state_from(row.at("state")), row.at("count").get<std::uint64_t>()});
  }
  histogram.iterations = whole.at("iterations").get<std::uint64_t>();
  histogram.undecided = whole.at("undecided").get<std::uint64_t>();
  histogram.reasons = whole.at("reasons").get<std::vector<std::string>>();
  return histogram;
}

}  // namespace traces
