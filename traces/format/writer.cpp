// SPDX-License-Identifier: Apache-2.0
#include "traces/format/writer.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "traces/format/check.hpp"
#include "traces/format/names.hpp"
#include "traces/format/recorded.hpp"

namespace traces {
namespace {

using Json = nlohmann::ordered_json;

// Strings, because numbers above 2^53 lose digits in many JSON readers, and because people read hex.
std::string hex(std::uint64_t number) { return fmt::format("{:#x}", number); }

void put_hex(Json& json, const char* key, std::uint64_t number) {
  if (number != 0) json[key] = hex(number);
}
void put(Json& json, const char* key, std::uint64_t number) {
  if (number != 0) json[key] = number;
}

Json message_json(const Value& value) {
  Json json;
  const std::string_view event = event_name(value.event);
  json["event"] = event.empty() ? Json(value.event) : Json(event);
  put(json, "flags", value.flags);
  put_hex(json, "start", value.start);
  put_hex(json, "end", value.end);
  if (value.thread >= 0) json["thread"] = value.thread;
  return json;
}

Json regions_json(const Value& value) {
  Json json = Json::array();
  for (const ScannedRegion& region : regions_of(value)) {
    json.push_back({hex(region.range.start.value), hex(region.range.end.value), region.categories});
  }
  return json;
}

void put_value(Json& json, const Value& value) {
  switch (value.kind) {
    case ValueKind::unset:
      break;
    case ValueKind::errnum:
      json["errno"] = errno_name(value.error);
      break;
    case ValueKind::content:
      json["content"] = value.small;
      break;
    case ValueKind::signal:
      json["signal"] = value.small;
      break;
    case ValueKind::message:
      json["message"] = message_json(value);
      break;
    case ValueKind::events:
      json["events"] = value.small;
      break;
    case ValueKind::number:
      json["number"] = value.start;
      break;
    case ValueKind::page:
      json["page"] = value.small;
      break;
    case ValueKind::counts:
      json["counts"] = {value.start, value.end};
      break;
    case ValueKind::mapping:
      json["mapping"] = value.small;
      break;
    case ValueKind::scan:
      json["regions"] = regions_json(value);
      break;
  }
  if (value.field_state == FieldState::written) json["field"] = value.field;
  if (value.field_state == FieldState::untouched) json["field"] = "untouched";
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false,
                   Json::error_handler_t::replace);  // notes may hold bytes that are not UTF-8
}

const char* clock_name(Clock clock) {
  switch (clock) {
    case Clock::none:
      return "none";
    case Clock::realtime:
      return "realtime";
    case Clock::monotonic:
      return "monotonic";
  }
  return "none";
}

}  // namespace

std::string to_json(const Header& header) {
  Json json;
  json["uffdsim_trace"] = header.version;
  json["producer"] = header.producer;
  if (!header.source.empty()) json["source"] = header.source;
  json["clock"] = clock_name(header.clock);
  json["recorded"] = Json::array();
  for (const auto& [bit, name] : kRecordedNames) {
    if ((header.recorded & bit) != 0) json["recorded"].push_back(name);
  }
  return dump(json);
}

std::string to_json(const Observation& observation) {
  Json json;
  put(json, "clock", observation.clock);
  put(json, "duration", observation.duration);
  put(json, "process", observation.process);
  json["thread"] = observation.thread;
  put(json, "uffd", observation.uffd);
  if (observation.moment != Moment::whole) json["moment"] = moment_name(observation.moment);
  json["kind"] = kind_name(observation.kind);
  put_hex(json, "address", observation.address);
  put_hex(json, "length", observation.length);
  put_hex(json, "source", observation.source);
  put_hex(json, "target", observation.target);
  put_hex(json, "target_length", observation.target_length);
  put_hex(json, "mode", observation.mode);
  put_value(json, observation.value);
  put(json, "ptid", observation.ptid);
  if (!observation.note.empty()) json["note"] = observation.note;
  if (!observation.origin.empty()) json["origin"] = observation.origin;
  return dump(json);
}

Expected<Writer> Writer::create(const std::string& path, const Header& header) {
  auto output = Output::create(path);
  if (!output) return tl::unexpected(output.error());
  Writer writer(std::move(*output));
  auto done = writer.output_->write(to_json(header) + "\n");
  if (!done) return tl::unexpected(done.error());
  return writer;
}

Expected<void> Writer::write(const Observation& observation) {
  const std::string why = complaint(observation);
  if (!why.empty()) {
    return tl::unexpected(Error{observation.origin.empty() ? partial_path() : observation.origin, 0,
                                "the observation cannot be true", why, "the recording is damaged here"});
  }
  return output_->write(to_json(observation) + "\n");
}

Expected<void> Writer::finish() { return output_->finish(); }

}  // namespace traces
