// SPDX-License-Identifier: Apache-2.0
#include "scenarios/timeline/changes.hpp"

#include <fmt/format.h>

namespace timeline {
namespace {

using Lines = std::vector<std::string>;

std::string page_name(const traces::Region& region, std::size_t page) {
  return region.count() == 1 ? region.name : fmt::format("{}[{}]", region.name, page);
}

void compare_pages(const traces::Program& program, const Glimpse& before, const Glimpse& after,
                   Lines& lines) {
  for (std::size_t r = 0; r < after.pages.size(); ++r) {
    for (std::size_t page = 0; page < after.pages[r].size(); ++page) {
      const std::string& now = after.pages[r][page];
      if (before.pages[r][page] != now) lines.push_back(page_name(program.regions[r], page) + ' ' + now);
    }
  }
}

void compare_files(const traces::Program& program, const Glimpse& before, const Glimpse& after,
                   Lines& lines) {
  for (std::size_t f = 0; f < after.files.size(); ++f) {
    for (std::size_t page = 0; page < after.files[f].size(); ++page) {
      const std::string& now = after.files[f][page];
      if (before.files[f][page] == now) continue;
      lines.push_back(fmt::format("{}[{}] {}", program.files[f].name, page, now));
    }
  }
}

void compare_uffds(const traces::Program& program, const Glimpse& before, const Glimpse& after,
                   Lines& lines) {
  for (std::size_t i = 0; i < after.uffds.size(); ++i) {
    const UffdGlimpse& was = before.uffds[i];
    const UffdGlimpse& is = after.uffds[i];
    const std::string prefix = after.uffds.size() > 1 ? program.uffds[i].name + '.' : "";
    if (was.open != is.open) lines.push_back(program.uffds[i].name + (is.open ? " open" : " closed"));
    if (!is.open) continue;
    const auto compare = [&](const char* what, std::size_t then, std::size_t now) {
      if (then != now) lines.push_back(fmt::format("{}{} {}", prefix, what, now));
    };
    compare("unread", was.unread, is.unread);
    compare("unresolved", was.unresolved, is.unresolved);
    compare("events", was.events, is.events);
    compare("mmap_changing", was.mmap_changing, is.mmap_changing);
  }
}

void compare_shared(const traces::Program& program, const Glimpse& before, const Glimpse& after,
                    Lines& lines) {
  for (std::size_t i = 0; i < after.variables.size(); ++i) {
    if (before.variables[i] == after.variables[i]) continue;
    lines.push_back(fmt::format("{} {}", program.variables[i].name, after.variables[i]));
  }
  for (std::size_t i = 0; i < after.mutexes.size(); ++i) {
    if (before.mutexes[i] == after.mutexes[i]) continue;
    const std::string& owner = after.mutexes[i];
    lines.push_back(
        fmt::format("mutex {} {}", program.mutexes[i], owner.empty() ? "free" : "held by " + owner));
  }
}

}  // namespace

Lines changes(const traces::Program& program, const Glimpse& before, const Glimpse& after) {
  Lines lines;
  compare_pages(program, before, after, lines);
  compare_files(program, before, after, lines);
  compare_uffds(program, before, after, lines);
  compare_shared(program, before, after, lines);
  return lines;
}

Lines setting(const traces::Program& program, const Glimpse& first) {
  Glimpse nothing = first;
  for (auto& region : nothing.pages) region.assign(region.size(), "");
  for (auto& file : nothing.files) file.assign(file.size(), "");
  for (UffdGlimpse& uffd : nothing.uffds) uffd = {.open = uffd.open};
  for (std::uint64_t& variable : nothing.variables) variable = ~variable;
  return changes(program, nothing, first);
}

}  // namespace timeline
