// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/call.hpp"

#include <fmt/format.h>

namespace traces {
namespace {

// "ABBBB" says no more than "AB": the last letter is repeated anyway.
std::uint32_t distinct_letters(const std::string& letters) {
  std::size_t count = letters.size();
  while (count > 1 && letters[count - 1] == letters[count - 2]) --count;
  return static_cast<std::uint32_t>(count);
}

void set_letters(Call& call, const std::string& letters) {
  call.letters = letters.data();
  call.letter_count = distinct_letters(letters);
}

Call region_call(const Region& region, model::AddrRange range) {
  return {.kind = OperationKind::mmap,
          .protection = region.protection,
          .backing = region.backing,
          .range = window::to_kernel({range.start, range.bytes()}, window::Overhang::keep)};
}

bool holds_nothing(const Region& region, std::size_t page) {
  return page >= region.initial.size() || region.initial[page].empty();
}

// One step for each run of pages that hold something.
void add_contents(std::vector<SetupStep>& steps, const Region& region, model::AddrRange range,
                  std::vector<std::string>& letters) {
  for (std::size_t page = 0; page < region.initial.size();) {
    if (holds_nothing(region, page)) {
      ++page;
      continue;
    }
    const std::size_t first = page;
    std::string run;
    for (; !holds_nothing(region, page); ++page) run += region.initial[page].front();
    letters.push_back(std::move(run));
    const model::VirtAddr start{range.start.value + first * region.page_bytes()};
    Call call{.kind = OperationKind::store, .extent = Call::Extent::pages, .protection = region.protection};
    call.letter_for = region.backing.page_size;
    call.range = window::to_kernel({start, (page - first) * region.page_bytes()}, window::Overhang::keep);
    set_letters(call, letters.back());
    steps.push_back({call, fmt::format("contents of region {}", region.name)});
  }
}

void add_file(std::vector<SetupStep>& steps, const MemoryFile& file, std::uint8_t index,
              std::vector<std::string>& letters) {
  Call truncate{.kind = OperationKind::truncate, .file = index, .number = file.pages.value};
  truncate.backing.page_size = file.page_size;
  steps.push_back({truncate, fmt::format("file {}", file.name)});
  for (std::size_t page = 0; page < file.initial.size(); ++page) {
    if (file.initial[page].empty()) continue;
    letters.push_back(file.initial[page]);
    Call write{.kind = OperationKind::pwrite, .extent = Call::Extent::pages, .file = index};
    const std::uint64_t bytes = model::bytes_of(file.page_size);
    write.letter_for = file.page_size;
    write.range = {page * bytes, bytes};
    set_letters(write, letters.back());
    steps.push_back({write, fmt::format("contents of file {}", file.name)});
  }
}

void add_uffd(std::vector<SetupStep>& steps, const UffdSetup& setup, std::uint8_t index,
              const Layout& layout) {
  if (setup.prepared == UffdSetup::Prepared::nothing) return;
  steps.push_back({{.kind = OperationKind::userfaultfd, .uffd = index, .flags = setup.flags},
                   fmt::format("userfaultfd {}", setup.name)});
  if (setup.prepared == UffdSetup::Prepared::opened) return;
  steps.push_back(
      {{.kind = OperationKind::api, .uffd = index, .api = kApiDefault, .features = setup.features},
       fmt::format("userfaultfd {}: UFFDIO_API", setup.name)});
  for (const UffdSetup::Registration& registration : setup.registrations) {
    Call call{.kind = OperationKind::register_, .uffd = index, .mode = registration.mode};
    call.range = window::to_kernel(layout.resolve(registration.range, {}), window::Overhang::keep);
    steps.push_back({call, fmt::format("userfaultfd {}: UFFDIO_REGISTER", setup.name)});
  }
}

void add_epolls_and_sockets(std::vector<SetupStep>& steps, const Program& program) {
  for (std::size_t i = 0; i < program.epolls.size(); ++i) {
    const Call create{.kind = OperationKind::epoll_wait,
                      .extent = Call::Extent::creation,
                      .epoll = static_cast<std::uint8_t>(i)};
    steps.push_back({create, fmt::format("epoll {}", program.epolls[i])});
  }
  for (std::size_t i = 0; i < program.sockets.size(); ++i) {
    const Call create{.kind = OperationKind::receive,
                      .extent = Call::Extent::creation,
                      .socket = static_cast<std::uint8_t>(i)};
    steps.push_back({create, fmt::format("socket {}", program.sockets[i])});
  }
}

// A source is as long as the range it goes to. One that ends above the task's size passes unchanged, so that
// the kernel refuses it, as it would the program's.
std::uint64_t source_of(model::VirtAddr start, std::uint64_t length) {
  const bool fits = start < Layout::kTaskSize && length <= Layout::kTaskSize - start;
  return fits ? window::to_kernel(start) : start.value;
}

// The length is of no range that is there: it passes unchanged, unless it was that of the range, with which
// the kernel compares it.
void set_target(Call& call, const Operation& operation, const Layout& layout, std::uint64_t asked_length) {
  const Layout::Resolved target = layout.resolve(operation.target, {});
  const bool as_long = target.length == asked_length;
  call.has_target = operation.has_target;
  call.target = {.start = operation.has_target ? window::to_kernel(target.start) : 0,
                 .length = as_long ? call.range.length : target.length};
}

}  // namespace

Call to_call(const Operation& operation, const Layout& layout, const Value& message) {
  const bool advises = operation.kind == OperationKind::dontneed || operation.kind == OperationKind::remove ||
                       operation.kind == OperationKind::madvise;
  const bool compares = operation.kind == OperationKind::mremap;
  const auto overhang = advises    ? window::Overhang::clip
                        : compares ? window::Overhang::pass
                                   : window::Overhang::keep;
  Call call{.kind = operation.kind,
            .uffd = operation.uffd,
            .protection = operation.protection,
            .backing = operation.backing,
            .mutex = operation.mutex,
            .variable = operation.variable,
            .epoll = operation.epoll,
            .socket = operation.socket,
            .door = operation.door,
            .trigger = operation.trigger,
            .wait = operation.wait,
            .argument = operation.argument,
            .opens = operation.opens,
            .child = operation.child,
            .has_source = operation.has_source,
            .range = window::to_kernel(layout.resolve(operation.range, message), overhang),
            .number = operation.number,
            .mode = operation.mode,
            .flags = operation.flags,
            .api = operation.api,
            .features = operation.features,
            .disabled = operation.disabled,
            .scan = operation.scan,
            .room = operation.room};
  call.letter_for = layout.page_size_at(layout.resolve(operation.range, message).start);
  if (acts_on_file(operation.kind)) {
    call.letter_for = model::PageSize::base;
    call.file = operation.range.index;
    call.range = {operation.range.offset, operation.range.length};
  }
  if (operation.has_source)
    call.source = source_of(layout.resolve(operation.source, {}).start, call.range.length);
  if (operation.kind == OperationKind::mremap) {
    set_target(call, operation, layout, layout.resolve(operation.range, message).length);
  }
  set_letters(call, operation.contents);
  return call;
}

std::vector<SetupStep> setup_steps(const Program& program, const Layout& layout,
                                   std::vector<std::string>& letters) {
  std::vector<SetupStep> steps;
  std::size_t runs = 0;
  for (const Region& region : program.regions) runs += region.initial.size();
  for (const MemoryFile& file : program.files) runs += file.initial.size();
  letters.reserve(letters.size() + runs);  // the steps point into the strings
  for (std::size_t i = 0; i < program.files.size(); ++i) {
    add_file(steps, program.files[i], static_cast<std::uint8_t>(i), letters);
  }
  for (std::size_t i = 0; i < program.regions.size(); ++i) {
    const Region& region = program.regions[i];
    if (!region.mapped) continue;
    steps.push_back({region_call(region, layout.region(i)), fmt::format("region {}", region.name)});
  }
  for (std::size_t i = 0; i < program.regions.size(); ++i) {
    if (program.regions[i].mapped) add_contents(steps, program.regions[i], layout.region(i), letters);
  }
  for (std::size_t i = 0; i < program.uffds.size(); ++i) {
    add_uffd(steps, program.uffds[i], static_cast<std::uint8_t>(i), layout);
  }
  add_epolls_and_sockets(steps, program);
  return steps;
}

}  // namespace traces
