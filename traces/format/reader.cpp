// SPDX-License-Identifier: Apache-2.0
#include "traces/format/reader.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <utility>

#include "traces/format/check.hpp"
#include "traces/format/fields.hpp"

namespace traces {

struct Reader::Parser {
  simdjson::dom::parser json{kMaxLine + kLinePadding};
};
static_assert(kLinePadding >= simdjson::SIMDJSON_PADDING);

namespace {

constexpr const char* kCutRemedy = "everything before this line is good; record or import again for the rest";
constexpr const char* kDamaged = "the file is damaged here, or is no trace of this version";

// The line as an object, or why it is none.
tl::expected<simdjson::dom::object, std::string> object_of(simdjson::dom::parser& parser, const Line& line) {
  simdjson::dom::element document;
  constexpr bool kCopyFirst = false;  // Lines leaves the padding
  auto error = parser.parse(line.text.data(), line.text.size(), kCopyFirst).get(document);
  simdjson::dom::object object;
  if (!error) error = document.get(object);
  if (error) return tl::unexpected(std::string(simdjson::error_message(error)));
  return object;
}

Error line_error(const Lines& lines, const Line& line, const std::string& why) {
  if (line.end == Line::End::cut) {
    return {lines.name(), line.number, "the line is cut: the file ends in the middle of it", why, kCutRemedy};
  }
  return {lines.name(), line.number, "the line is not an observation", why, kDamaged};
}

}  // namespace

Reader::Reader(Lines lines) : lines_(std::move(lines)), parser_(std::make_unique<Parser>()) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Expected<Reader> Reader::open(const std::string& path) {
  auto lines = open_lines(path);
  if (!lines) return tl::unexpected(lines.error());
  return open(std::move(*lines));
}

Expected<Reader> Reader::open(Lines lines) {
  Reader reader(std::move(lines));
  auto done = reader.read_header();
  if (!done) return tl::unexpected(done.error());
  return reader;
}

Expected<void> Reader::read_header() {
  const auto line = lines_.next();
  if (!line) return tl::unexpected(line.error());
  const char* remedy = "a trace begins with {\"uffdsim_trace\":1,…}; strace and QEMU logs are imported first";
  if (!*line) return tl::unexpected(Error{lines_.name(), 0, "the file is empty", "", remedy});
  const auto object = object_of(parser_->json, **line);
  std::string why = object ? store_fields(*object, header_) : object.error();
  if (why.empty() && header_.version != kFormatVersion) {
    why = fmt::format("it is version {}, and this program reads version {}", header_.version, kFormatVersion);
  }
  if (why.empty()) return {};
  return tl::unexpected(Error{lines_.name(), 1, "the first line is not the header of a trace", why, remedy});
}

Expected<std::optional<Observation>> Reader::next() {
  const auto line = lines_.next();
  if (!line) return tl::unexpected(line.error());
  if (!*line) return std::optional<Observation>{};
  const auto object = object_of(parser_->json, **line);
  if (!object) return tl::unexpected(line_error(lines_, **line, object.error()));
  Observation observation;
  const std::string why = store_fields(*object, observation);
  if (!why.empty()) return tl::unexpected(line_error(lines_, **line, why));
  const std::string untrue = complaint(observation);
  if (!untrue.empty()) {
    return tl::unexpected(
        Error{lines_.name(), (*line)->number, "the observation cannot be true", untrue, kDamaged});
  }
  if (observation.origin.empty()) observation.origin = fmt::format("{}:{}", lines_.name(), (*line)->number);
  return observation;
}

}  // namespace traces
