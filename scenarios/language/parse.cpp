// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/parse.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "scenarios/language/memory_file.hpp"
#include "scenarios/language/sections.hpp"

namespace language {
namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20;  // bytes; larger is surely no litmus file

struct Section {
  std::string_view word;
  int place;  // sections come in this order
  void (*read)(Cursor&, Draft&);
};

template <Claim::Kind kKind>
void read_claim_of(Cursor& cursor, Draft& draft) {
  read_claim(cursor, draft, kKind);
}

template <traces::Privilege kPrivilege>
void read_privilege(Cursor& cursor, Draft& draft) {
  traces::Privilege& privilege = draft.litmus.program.privilege;
  if (privilege != traces::Privilege::root) {
    cursor.fail(cursor.line().tokens.front(), "expected one line that says who runs the program");
  }
  privilege = kPrivilege;
  cursor.expect_end();
}

void read_unprivileged_userfaultfd(Cursor& cursor, Draft& draft) {
  draft.litmus.program.unprivileged_userfaultfd = traces::UnprivilegedUffd::allowed;
  cursor.expect_end();
}

void read_guests_only(Cursor& cursor, Draft& draft) {
  draft.litmus.machines = Litmus::Machines::guests;
  cursor.expect_end();
}

constexpr int kKernels = 0, kFiles = 1, kRegions = 2, kUffds = 3, kThreads = 4, kOutcomes = 5, kClaims = 6;
// The prose of the manual page, in one table. Mutexes and variables stand anywhere before the threads.
constexpr Section kSections[] = {
    {"kernels", kKernels, read_kernels_section},
    {"unprivileged", kKernels, read_privilege<traces::Privilege::unprivileged>},
    {"nobody", kKernels, read_privilege<traces::Privilege::nobody>},
    {"unprivileged-userfaultfd", kKernels, read_unprivileged_userfaultfd},
    {"guests-only", kKernels, read_guests_only},
    {"pool", kFiles, read_pool},
    {"file", kFiles, read_file},
    {"page", kRegions, read_page},
    {"region", kRegions, read_region},
    {"uffd", kUffds, read_uffd},
    {"epoll", kUffds, read_epoll},
    {"socket", kUffds, read_socket},
    {"mutex", kUffds, read_mutex},
    {"variable", kUffds, read_variable},
    {"thread", kThreads, read_thread},
    {"outcomes", kOutcomes, read_outcomes},
    {"never", kClaims, read_claim_of<Claim::Kind::never>},
    {"sometimes", kClaims, read_claim_of<Claim::Kind::sometimes>},
    {"always", kClaims, read_claim_of<Claim::Kind::always>},
    {"with", kClaims, read_with},
};

Choices section_words() {
  Choices words;
  for (const Section& section : kSections) words.emplace_back(section.word);
  return words;
}

const Section& section_named(std::string_view word) {
  for (const Section& section : kSections) {
    if (section.word == word) return section;
  }
  return kSections[0];  // not reached: the word was one of section_words()
}

void read_first(Draft& draft) {
  const Line* next = draft.source.peek();
  if (next == nullptr) draft.source.fail_at_end("expected `litmus` and a name, found an empty file");
  const Line line = draft.source.take();
  Cursor cursor(draft.source, line);
  if (line.indent > 0) cursor.fail(line.tokens.front(), "expected `litmus` at the start of its line");
  cursor.expect("litmus", "and a name, as the first line");
  read_litmus(cursor, draft);
}

// Reads one section; returns its place in the order.
const Section& read_section(Draft& draft, const Section* before) {
  const Line line = draft.source.take();
  Cursor cursor(draft.source, line);
  const Token first = line.tokens.front();
  if (line.indent > 0) {
    cursor.fail(first, "expected a section at the start of its line, found an indented line",
                "only prose, threads and rows are indented");
  }
  cursor.take_one_of(section_words(), "a section");
  const Section& section = section_named(first.text);
  if (before != nullptr && section.place < before->place) {
    cursor.fail(first, fmt::format("expected `{}` above `{}`", section.word, before->word),
                "the order is kernels, files, pages, userfaultfds, threads, outcomes, claims");
  }
  if (section.place > kThreads && draft.litmus.program.threads.empty()) {
    cursor.fail(first, fmt::format("expected a thread above `{}`", section.word));
  }
  section.read(cursor, draft);
  return section;
}

Litmus read(Draft& draft) {
  read_first(draft);
  const Section* before = nullptr;
  while (draft.source.peek() != nullptr) before = &read_section(draft, before);
  if (draft.litmus.program.threads.empty()) draft.source.fail_at_end("expected at least one `thread`");
  return std::move(draft.litmus);
}

}  // namespace

tl::expected<Litmus, ParseError> parse(std::string_view text, std::string_view file) {
  try {
    Draft draft(text, file);
    return read(draft);
  } catch (const Failure& failure) {
    return tl::unexpected(failure.error);
  }
}

tl::expected<Litmus, ParseError> parse_file(const std::filesystem::path& path) {
  const auto refuse = [&](std::string why) {
    ParseError error;
    error.file = path.string();
    error.message = std::move(why);
    return tl::unexpected(error);
  };
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    return refuse(fmt::format("cannot be read: {}", file ? "it is a directory" : std::strerror(errno)));
  }
  std::string text(kLargestFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return refuse("cannot be read to its end");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLargestFile)
    return refuse(fmt::format("larger than {} bytes: no litmus file is", kLargestFile));
  return parse(text, path.string());
}

}  // namespace language
