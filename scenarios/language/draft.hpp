// SPDX-License-Identifier: Apache-2.0
// Draft: a litmus while it is being read, and the names that were declared so far.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/language/cursor.hpp"
#include "scenarios/language/litmus.hpp"
#include "scenarios/language/read_word.hpp"

namespace language {

// More than this of anything is refused: machines hold indices in a byte.
inline constexpr std::size_t kMostOfAnything = 64;
inline constexpr std::size_t kMostPages = 4096;       // of a region
inline constexpr std::size_t kMostStatements = 4096;  // of a thread
inline constexpr int kMostNesting = 16;               // blocks in blocks

enum class Noun : std::uint8_t { file, region, uffd, epoll, socket, mutex, variable, thread };
std::string_view spelled(Noun noun);  // "page", "userfaultfd", …

// What a file has declared, by name. A name means one thing in a file.
class Declared {
 public:
  struct Entry {
    std::string name;
    Noun noun = Noun::region;
    std::uint8_t index = 0;  // among those of its noun
    int line = 0;
  };

  // Declares a name that `token` of the line asks for; fails if it is taken.
  void add(const Cursor& cursor, const Token& token, std::string_view name, Noun noun);
  const Entry* find(std::string_view name) const;
  Choices names(Noun noun) const;
  Choices names() const;

 private:
  std::vector<Entry> entries_;
};

struct Draft {
  Draft(std::string_view text, std::string_view file) : source(text, file) {}

  Source source;
  Litmus litmus;
  Declared declared;
  std::optional<traces::Layout> layout;              // once all regions are known
  std::vector<std::vector<OperationKinds>> sources;  // by thread and register

  Names names() const { return {litmus.program, *layout}; }
};

// The thread at hand.
struct ThreadDraft {
  traces::ThreadProgram program;
  std::vector<OperationKinds> sources;  // by register, of the lines above the one at hand
  std::size_t statements = 0;

  std::optional<std::uint8_t> find(std::string_view reg) const;
};

// Fails unless the token can be a name.
void check_name(const Cursor& cursor, const Token& token, std::string_view what);

// The versions up to the end of the line: "6.1 6.12". At least one.
std::vector<std::string> read_kernel_list(Cursor& cursor);

}  // namespace language
