// SPDX-License-Identifier: Apache-2.0
// What is written is what is read; and every way in which a trace can be bad is an error that says where.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include "model/uffd/abi.hpp"
#include "traces/format/names.hpp"
#include "traces/format/reader.hpp"
#include "traces/format/writer.hpp"

namespace traces {
namespace {

constexpr const char* kHeader =
    "{\"uffdsim_trace\":1,\"producer\":\"test\",\"clock\":\"none\",\"recorded\":[]}\n";

std::string temporary(const std::string& name) { return testing::TempDir() + name; }

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

Reader reader_of(const std::string& lines) {
  auto reader = Reader::open(Lines("t.trace", bytes_source(kHeader + lines)));
  EXPECT_TRUE(reader.has_value());
  return std::move(*reader);
}

// The error of reading `lines` behind a good header and one good observation.
std::string error_of(const std::string& lines) {
  Reader reader = reader_of("{\"kind\":\"wake\",\"thread\":1}\n" + lines);
  EXPECT_TRUE(reader.next().has_value());
  const auto next = reader.next();
  if (next) return "no error";
  return to_text(next.error());
}

void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text << "\n  lacks\n" << part;
}

Value random_value(std::mt19937_64& random) {
  Value value;
  const std::uint64_t one = random(), other = random();
  value.kind = static_cast<ValueKind>(random() % 11);
  switch (value.kind) {
    case ValueKind::unset:
      break;
    case ValueKind::errnum:
      value.error = static_cast<model::Errno>(random() % 200);
      break;
    case ValueKind::message:
      value.event = static_cast<std::uint8_t>(UFFD_EVENT_PAGEFAULT + random() % 5);
      value.flags = static_cast<std::uint8_t>(random());
      value.thread = static_cast<std::int8_t>(static_cast<int>(random() % 129) - 1);
      value.start = std::min(one, other) >> 1;
      value.end = std::max(one, other) >> 1;
      break;
    case ValueKind::counts:
      value.end = other;
      [[fallthrough]];
    case ValueKind::number:
      value.start = one;
      break;
    case ValueKind::scan:
      value = scanned({{{{one % 64 * model::kPageSize + model::kPageSize}, {66 * model::kPageSize}}, 3}}, 0);
      break;
    case ValueKind::page:
      value.small = static_cast<std::uint8_t>(random() % 3);
      break;
    default:
      value.small = static_cast<std::uint8_t>(random());
      break;
  }
  value.field_state = static_cast<FieldState>(random() % 3);
  if (value.field_state == FieldState::written) value.field = static_cast<std::int64_t>(random());
  return value;
}

Observation random_observation(std::mt19937_64& random) {
  Observation o;
  o.clock = random() >> 1;
  o.duration = random() >> (1 + random() % 60);
  o.process = static_cast<std::uint32_t>(random());
  o.thread = static_cast<std::uint32_t>(random());
  o.uffd = static_cast<std::uint32_t>(random() % 3);
  o.ptid = static_cast<std::uint32_t>(random() % 2 * random());
  o.moment = static_cast<Moment>(random() % 3);
  o.kind = static_cast<OperationKind>(random() % (static_cast<int>(kLastOperationKind) + 1));
  o.address = random() >> 1;
  o.length = random() >> (random() % 63 + 1);
  o.source = random();
  o.target = random() % 2 * random();
  o.target_length = random() % 2 * random();
  o.mode = random() % 2 * random();
  o.value = random_value(random);
  o.note = random() % 2 == 0 ? "" : "pc.ram \"x\"\n";
  o.origin = "f:" + std::to_string(random() % 1000 + 1);
  return o;
}

void expect_round_trip(const std::string& name) {
  std::mt19937_64 random(1);
  const Header header{.producer = "test",
                      .source = "s",
                      .clock = Clock::realtime,
                      .recorded = recorded::kFields | recorded::kErrors};
  auto writer = Writer::create(temporary(name), header);
  ASSERT_TRUE(writer.has_value());
  std::vector<Observation> written;
  while (written.size() < 5000) {
    const Observation o = random_observation(random);
    if (writer->write(o)) written.push_back(o);
  }
  ASSERT_TRUE(writer->finish().has_value());
  auto reader = Reader::open(temporary(name));
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(reader->header(), header);
  for (const Observation& o : written) {
    const auto next = reader->next();
    ASSERT_TRUE(next.has_value()) << to_text(next.error());
    ASSERT_TRUE(next->has_value());
    ASSERT_EQ(**next, o) << to_json(**next) << "\n" << to_json(o);
  }
  EXPECT_FALSE(reader->next()->has_value());
}

TEST(Trace, WhatIsWrittenIsRead) { expect_round_trip("plain.trace"); }
TEST(Trace, WhatIsWrittenIsReadThroughZstd) {
  expect_round_trip("packed.trace.zst");
  EXPECT_EQ(content_of(temporary("packed.trace.zst")).substr(0, 4), "\x28\xb5\x2f\xfd");
}

TEST(Trace, EveryKindOfOperationHasAName) {
  for (int i = 0; i <= static_cast<int>(kLastOperationKind); ++i) {
    const auto kind = static_cast<OperationKind>(i);
    EXPECT_EQ(kind_named(kind_name(kind)), kind) << i;
  }
}

TEST(Trace, AFileHasItsNameOnlyWhenItIsWholeAndKeepsWhatWasWritten) {
  const std::string path = temporary("early.trace.zst");
  std::remove(path.c_str());
  {
    auto writer = Writer::create(path, {});
    ASSERT_TRUE(writer.has_value());
    for (std::uint32_t i = 1; i <= 3; ++i)
      ASSERT_TRUE(writer->write({.thread = i, .kind = OperationKind::wake}).has_value());
  }
  EXPECT_FALSE(Reader::open(path).has_value());
  auto reader = Reader::open(path + ".partial");
  ASSERT_TRUE(reader.has_value());
  for (std::uint32_t i = 1; i <= 3; ++i) EXPECT_EQ((*reader->next())->thread, i);
  EXPECT_FALSE(reader->next()->has_value());
}

TEST(Trace, APlaceThatCannotBeWrittenIsAnError) {
  const auto writer = Writer::create("/no/such/folder/x.trace", {});
  ASSERT_FALSE(writer.has_value());
  expect_in(to_text(writer.error()),
            "/no/such/folder/x.trace.partial: the file cannot be written: No such file");
}

TEST(Trace, ObservationsGetTheLineTheyStoodOn) {
  Reader reader = reader_of("{\"kind\":\"wake\",\"thread\":7}\n");
  EXPECT_EQ((*reader.next())->origin, "t.trace:2");
}

TEST(BadTrace, CutInTheMiddleOfALine) {
  const std::string error = error_of("{\"kind\":\"copy\",\"thre");
  expect_in(error, "t.trace:3: the line is cut: the file ends in the middle of it");
  expect_in(error, "everything before this line is good");
}
TEST(BadTrace, ZstdCutInTheMiddle) {
  const std::string path = temporary("cut.trace.zst");
  auto writer = Writer::create(path, {});
  for (std::uint32_t i = 1; i <= 100'000; ++i) {
    ASSERT_TRUE(
        writer->write({.clock = i * std::uint64_t{977}, .thread = i * 7919, .kind = OperationKind::wake})
            .has_value());
  }
  ASSERT_TRUE(writer->finish().has_value());
  const std::string whole = content_of(path);
  auto reader = Reader::open(Lines("cut", bytes_source(whole.substr(0, whole.size() / 2))));
  ASSERT_TRUE(reader.has_value());
  std::uint64_t good = 0;
  for (;;) {
    const auto next = reader->next();
    if (!next) {
      expect_in(to_text(next.error()), "the zstd data ends early");
      EXPECT_EQ(next.error().line, good + 2);
      break;
    }
    ASSERT_TRUE(next->has_value());
    ++good;
  }
  EXPECT_GT(good, 1000u);
}
TEST(BadTrace, UnknownKind) {
  expect_in(error_of("{\"kind\":\"teleport\",\"thread\":1}\n"),
            "t.trace:3: the line is not an observation: \"kind\" should be the name of an operation");
}
TEST(BadTrace, UnknownEvent) {
  expect_in(error_of("{\"kind\":\"read\",\"thread\":1,\"message\":{\"event\":\"EARTHQUAKE\"}}\n"),
            "\"message\" should be a message with a known event");
  expect_in(error_of("{\"kind\":\"read\",\"thread\":1,\"message\":{\"event\":99}}\n"), "known event");
}
TEST(BadTrace, LengthThatWraps) {
  const std::string error = error_of(
      "{\"kind\":\"copy\",\"thread\":1,\"address\":\"0x1000\",\"length\":\"0xfffffffffffff000\",\"mode\":1}"
      "\n");
  expect_in(error,
            "t.trace:3: the observation cannot be true: the length 0xfffffffffffff000 wraps around 2^64");
  Reader refused = reader_of(
      "{\"kind\":\"copy\",\"thread\":1,\"address\":\"0x2000\",\"length\":\"0xfffffffffffff000\",\"errno\":"
      "\"EINVAL\"}\n");
  EXPECT_TRUE(refused.next().has_value()) << "the kernel refuses such a length, and the trace may say so";
}
TEST(BadTrace, MessageRangeBackwards) {
  expect_in(error_of("{\"kind\":\"read\",\"thread\":1,\"message\":{\"event\":\"UNMAP\",\"start\":\"0x2000\","
                     "\"end\":\"0x1000\"}}\n"),
            "the message's range ends (0x1000) before it starts (0x2000)");
}
TEST(BadTrace, DurationThatWraps) {
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":1,\"clock\":18446744073709551615,\"duration\":2}\n"),
            "wraps around 2^64 nano");
}
TEST(BadTrace, KeysThatAreUnknownDoubleOrMissing) {
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":1,\"colour\":3}\n"), "unknown key \"colour\"");
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":1,\"thread\":1}\n"), "key \"thread\" twice");
  expect_in(error_of("{\"kind\":\"wake\"}\n"), "key \"thread\" is missing");
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":1,\"errno\":\"ok\",\"signal\":7}\n"), "the only result");
}
TEST(BadTrace, ValuesOfTheWrongShape) {
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":-1}\n"), "\"thread\" should be a thread's number");
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":4294967296}\n"), "\"thread\" should be");
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":1,\"address\":\"12\"}\n"),
            "\"address\" should be an address");
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":1,\"address\":\"0x10000000000000000\"}\n"),
            "\"address\" should be");
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":1,\"errno\":\"EFUN\"}\n"), "\"errno\" should be");
  expect_in(error_of("[1]\n"), "t.trace:3");
  expect_in(error_of("\n"), "t.trace:3");
  expect_in(error_of("{\"kind\":\"wake\",\"thread\":1} x\n"), "t.trace:3");
}
TEST(BadTrace, ALineOfTenGiB) {
  const std::string error = error_of("{\"note\":\"" + std::string(3 << 20, 'x'));
  expect_in(error, "t.trace:3: the line is longer than 1048576 bytes");
}
TEST(BadTrace, FilesThatAreNoTraces) {
  const auto error = [](std::string text) {
    return to_text(Reader::open(Lines("f", bytes_source(std::move(text)))).error());
  };
  expect_in(error(""), "f: the file is empty");
  expect_in(error("11952 1795220464.450484 mmap(NULL, 8192) = 0\n"),
            "f:1: the first line is not the header of a trace");
  expect_in(error("{\"kind\":\"wake\",\"thread\":1}\n"), "f:1: the first line is not the header");
  expect_in(error("{\"uffdsim_trace\":2}\n"), "it is version 2, and this program reads version 1");
  expect_in(to_text(Reader::open("/no/such.trace").error()),
            "/no/such.trace: the file cannot be opened: No such file");
}

}  // namespace
}  // namespace traces
