// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/language/vocabulary.hpp"

namespace language {

std::string_view spelled(Noun noun) {
  switch (noun) {
    case Noun::file:
      return "file";
    case Noun::region:
      return "page or region";
    case Noun::uffd:
      return "userfaultfd";
    case Noun::epoll:
      return "epoll instance";
    case Noun::socket:
      return "socket";
    case Noun::mutex:
      return "mutex";
    case Noun::variable:
      return "variable";
    case Noun::thread:
      return "thread";
  }
  return "?";
}

void Declared::add(const Cursor& cursor, const Token& token, std::string_view name, Noun noun) {
  if (const Entry* other = find(name)) {
    cursor.fail(token, fmt::format("expected a new name: {} is already the name of a {} (line {})",
                                   shown(name), spelled(other->noun), other->line));
  }
  const std::size_t count = names(noun).size();
  if (count == kMostOfAnything) {
    cursor.fail(token, fmt::format("expected at most {} of a kind, this is one {} more", kMostOfAnything,
                                   spelled(noun)));
  }
  entries_.push_back({std::string(name), noun, static_cast<std::uint8_t>(count), cursor.line().number});
}

const Declared::Entry* Declared::find(std::string_view name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [name](const Entry& entry) { return entry.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

Choices Declared::names(Noun noun) const {
  Choices result;
  for (const Entry& entry : entries_) {
    if (entry.noun == noun) result.push_back(entry.name);
  }
  return result;
}

Choices Declared::names() const {
  Choices result;
  for (const Entry& entry : entries_) result.push_back(entry.name);
  return result;
}

std::optional<std::uint8_t> ThreadDraft::find(std::string_view reg) const {
  for (std::size_t i = 0; i < program.registers.size(); ++i) {
    if (program.registers[i] == reg) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

void check_name(const Cursor& cursor, const Token& token, std::string_view what) {
  if (is_reserved(token.text)) {
    cursor.fail(token, fmt::format("expected the name of a {}: {} is a word of the language", what,
                                   shown(token.text)));
  }
  if (!is_name(token.text)) {
    cursor.fail(token,
                fmt::format("expected the name of a {}: a letter, then letters, digits, - and _", what));
  }
}

std::vector<std::string> read_kernel_list(Cursor& cursor) {
  std::vector<std::string> kernels;
  do {
    const Token& token = cursor.take("a kernel's version, as 6.18");
    if (!is_kernel(token.text)) cursor.fail(token, "expected a kernel's version, as 6.18");
    if (std::find(kernels.begin(), kernels.end(), token.text) != kernels.end()) {
      cursor.fail(token, fmt::format("expected each kernel once: {} is already there", shown(token.text)));
    }
    if (kernels.size() == kMostOfAnything)
      cursor.fail(token, fmt::format("expected at most {} kernels", kMostOfAnything));
    kernels.emplace_back(token.text);
  } while (!cursor.done());
  return kernels;
}

}  // namespace language
