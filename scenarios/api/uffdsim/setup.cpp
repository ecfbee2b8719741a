// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/setup.hpp"

#include <fmt/format.h>

#include <cstring>

#include "traces/layout.hpp"
#include "uffdsim/description.hpp"
#include "uffdsim/explore.hpp"

namespace uffdsim {
namespace {

using detail::Description;

void note_mistake(Description& description, std::string mistake) {
  if (description.mistake.empty()) description.mistake = std::move(mistake);
}

std::vector<std::string> pages_of(Description& description, const char* name, std::uint64_t pages,
                                  std::string_view contents) {
  if (contents.size() > pages) {
    note_mistake(description,
                 fmt::format("{} has {} pages, and contents for {}", name, pages, contents.size()));
  }
  std::vector<std::string> initial;
  for (char letter : contents) initial.push_back(letter == kNothing ? std::string() : std::string(1, letter));
  return initial;
}

Region last_region(const Description& description) {
  const traces::Layout layout(description.program);
  const model::AddrRange range = layout.region(description.program.regions.size() - 1);
  return {{range.start.value, range.bytes()}};
}

std::uint8_t protection_of(int protection) {
  return static_cast<std::uint8_t>((protection & PROT_READ ? traces::kProtRead : 0) |
                                   (protection & PROT_WRITE ? traces::kProtWrite : 0));
}

traces::Backing backing_of(const Backing& backing) {
  traces::Backing to;
  if (backing.sharing == Sharing::shared) to.sharing = traces::Backing::Sharing::shared;
  to.has_file = backing.file.number() >= 0;
  if (to.has_file) to.file = static_cast<std::uint8_t>(backing.file.number());
  to.page = backing.first;
  return to;
}

// The threads' programs are coroutines, of which the rest of the simulator knows nothing. This stands for
// them, so that nobody takes the program for one that is driven from outside.
traces::Block stand_in() { return {{.what = traces::Perform{-1, {.kind = traces::OperationKind::get}}}}; }

}  // namespace

std::string numbered(const char* name, int number) { return fmt::format("{}{}", name, number); }

Setup::Setup() : description_(std::make_shared<Description>()) {
  description_->program.variables.push_back({});
}
Setup::~Setup() = default;

File Setup::file(const char* name, FileOptions options) {
  std::vector<traces::MemoryFile>& files = description_->program.files;
  if (files.size() == traces::kMostFiles) {
    note_mistake(*description_, fmt::format("{}: a scenario has at most {} files", name, traces::kMostFiles));
  }
  files.push_back({.name = name,
                   .pages = {options.pages},
                   .initial = pages_of(*description_, name, options.pages, options.contents)});
  return File(static_cast<std::int32_t>(files.size() - 1));
}

Region Setup::region(const char* name, RegionOptions options) {
  description_->program.regions.push_back(
      {.name = name,
       .pages = {options.pages},
       .protection = protection_of(options.protection),
       .backing = backing_of(options.backing),
       .initial = pages_of(*description_, name, options.pages, options.contents)});
  return last_region(*description_);
}

Region Setup::reserved(const char* name, std::uint64_t pages) {
  description_->program.regions.push_back({.name = name, .pages = {pages}, .mapped = false});
  return last_region(*description_);
}

Uffd Setup::uffd(const char* name, std::uint64_t features, int flags) {
  traces::UffdSetup uffd;
  uffd.name = name;
  uffd.flags = static_cast<std::uint64_t>(flags);
  uffd.features = features;
  description_->program.uffds.push_back(uffd);
  return Uffd(static_cast<int>(description_->program.uffds.size() - 1));
}

void Setup::registered(Uffd uffd, Range range, std::uint64_t mode) {
  std::vector<traces::UffdSetup>& uffds = description_->program.uffds;
  const auto index = static_cast<std::size_t>(uffd.fd());
  if (uffd.fd() < 0 || index >= uffds.size()) {
    note_mistake(*description_, "registered() was given a Uffd that uffd() did not make");
    return;
  }
  uffds[index].registrations.push_back({.range = {.base = traces::RangeExpression::Base::absolute,
                                                  .offset = range.start,
                                                  .length = range.length},
                                        .mode = mode});
}

void Setup::spare_memory(std::uint64_t pages) { description_->spare_pages += pages; }

void Setup::add_thread(std::string name, Body body, Ends ends) {
  description_->program.threads.push_back({.name = name, .body = stand_in()});
  description_->threads.push_back({std::move(body), ends});
  const std::size_t count = description_->threads.size();
  if (count > sim::kMaxThreads) {
    note_mistake(*description_, fmt::format("{}: a scenario has at most {} threads", name, sim::kMaxThreads));
  }
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (description_->program.threads[i].name != name) continue;
    note_mistake(*description_, fmt::format("two threads have the name {}", name));
  }
}

Child Setup::add_child(std::string name, Body body) {
  add_thread(std::move(name), std::move(body), Ends::always);
  description_->program.threads.back().parent = 0;  // whoever it will be
  return Child(static_cast<int>(description_->threads.size() - 1));
}

void detail::finish(Description& description, const void* scenario, std::size_t size, std::size_t alignment,
                    std::function<void(const void* scenario, AtEnd& end)> at_end) {
  description.scenario.resize(size);
  std::memcpy(description.scenario.data(), scenario, size);
  description.alignment = alignment;
  description.at_end = std::move(at_end);
  if (description.threads.empty()) note_mistake(description, "the scenario has no threads");
}

}  // namespace uffdsim
