// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "scenarios/language/memory_file.hpp"
#include "scenarios/language/operation.hpp"
#include "scenarios/language/scan_options.hpp"
#include "scenarios/language/word.hpp"

namespace language {
namespace {

using traces::Operation;
using Kind = traces::OperationKind;
using Target = OperationForm::Target;

constexpr std::uint64_t kWholeMessage = traces::RangeExpression::kWholeMessage;

std::string contents_text(const std::string& contents) {
  return contents.size() == 1 ? letter_word(contents.front()) : fmt::format("'{}'", escaped(contents));
}

std::string name_of_value(Dictionary dictionary, std::uint64_t value) {
  for (const NamedBits& entry : dictionary) {
    if (entry.bits == value) return std::string(entry.name);
  }
  return "?";
}

std::string protection_text(std::uint8_t protection) { return name_of_value(protections(), protection); }

// In one page of the file.
std::uint64_t base_pages(const traces::MemoryFile& file) {
  return model::bytes_of(file.page_size) / model::kPageSize;
}

std::string read_arguments(const Operation& operation, const traces::Program& program) {
  std::string text;
  if (operation.room != Operation::kOneMessage) text += fmt::format(" bytes {}", operation.room);
  if (operation.opens != Operation::kOpensNothing) text += " opens " + program.uffds[operation.opens].name;
  return text;
}

// One feature by its name, others by number; none at all is not said.
std::string feature_text(std::string_view word, std::uint64_t bits) {
  if (bits == 0) return "";
  const std::string name = name_of_value(features(), bits);
  return std::string(word) + (name == "?" ? fmt::format("{:#x}", bits) : name);
}

// What stands between the place and the options, each with a space before it.
std::string arguments(const Operation& operation, const traces::Program& program,
                      const traces::ThreadProgram& thread) {
  constexpr std::uint8_t kReadWrite = traces::kProtRead | traces::kProtWrite;
  switch (operation.kind) {
    case Kind::store:
    case Kind::copy_to_user:
      return ' ' + contents_text(operation.contents);
    case Kind::mprotect:
      return ' ' + protection_text(operation.protection);
    case Kind::pwrite:
      return ' ' + contents_text(operation.contents);
    case Kind::truncate:
      return fmt::format(" {} {} pages", program.files[operation.range.index].name,
                         operation.number / base_pages(program.files[operation.range.index]));
    case Kind::mmap: {
      std::string text =
          operation.protection == kReadWrite ? "" : ' ' + protection_text(operation.protection);
      const traces::Backing& backing = operation.backing;
      if (backing.shared()) text += " shared";
      if (backing.has_file)
        text += fmt::format(" from {}[{}]", program.files[backing.file].name,
                            backing.page / base_pages(program.files[backing.file]));
      if (!backing.has_file && backing.page_size == model::PageSize::huge) text += " huge";
      if (backing.reserve == traces::Backing::Reserve::no) text += " noreserve";
      return text;
    }
    case Kind::dup:
      return " opens " + program.uffds[operation.opens].name;
    case Kind::receive:
      return fmt::format(" {} opens {}", program.sockets[operation.socket],
                         program.uffds[operation.opens].name);
    case Kind::send:
      return ' ' + program.sockets[operation.socket];
    case Kind::epoll_add:
      return ' ' + program.epolls[operation.epoll] +
             (operation.trigger == traces::Trigger::edge ? " edge" : "");
    case Kind::epoll_del:
      return ' ' + program.epolls[operation.epoll];
    case Kind::epoll_wait:
      return ' ' + program.epolls[operation.epoll] +
             (operation.wait == traces::Wait::not_at_all ? " nowait" : "");
    case Kind::userfaultfd:
      return operation.door == traces::Door::device ? " device" : "";
    case Kind::lock:
    case Kind::unlock:
      return ' ' + program.mutexes[operation.mutex];
    case Kind::get:
      return ' ' + program.variables[operation.variable].name;
    case Kind::set:
      return fmt::format(" {} {}", program.variables[operation.variable].name, operation.number);
    case Kind::fork:
      return ' ' + program.threads[operation.child].name;
    case Kind::read:
      return read_arguments(operation, program);
    case Kind::scan:
      return scan_options_text(operation.scan);
    case Kind::poll:
      return operation.wait == traces::Wait::not_at_all ? " nowait" : "";
    case Kind::set_mode:
      return feature_text(" enable ", operation.features) + feature_text(" disable ", operation.disabled);
    case Kind::copy:
    case Kind::move:
      if (!operation.has_source) return ' ' + contents_text(operation.contents);
      return " from " +
             place_text(operation.source, OperationForm::Place::byte, program.regions, thread.registers);
    case Kind::madvise:
      return ' ' + name_of_value(advices(), operation.mode);
    case Kind::mremap:
      if (operation.has_target) {
        return " to " + place_text(operation.target, OperationForm::Place::range, program.regions, {});
      }
      if (operation.target.length == operation.range.length && operation.range.length != kWholeMessage)
        return "";
      return fmt::format(" size {:#x}", operation.target.length);
    default:
      return "";
  }
}

// Those beside the ones it has anyway; all of them if it lacks one of those or has one without a name.
std::string mremap_flags_text(const Operation& operation) {
  const std::uint64_t usual = default_mremap_flags(operation);
  if (operation.flags == usual) return "";
  const std::string more = spell(mremap_flags(), operation.flags & ~usual, "flags");
  const bool words = (operation.flags & usual) == usual && !more.starts_with("flags");
  return words ? ' ' + more : fmt::format(" flags {:#x}", operation.flags);
}

// Modes, features and flags.
std::string option_text(const Operation& operation) {
  const OptionBits option = option_bits(operation.kind);
  std::string text;
  if (operation.kind == Kind::mremap) return mremap_flags_text(operation);
  if (option.bits != nullptr) {
    const std::uint64_t bits = operation.*option.bits;
    if (bits != 0 || operation.kind == Kind::register_)
      text = ' ' + spell(option.dictionary, bits, option.number);
  }
  if (operation.kind == Kind::api && operation.api != traces::kApiDefault) {
    text += fmt::format(" api {:#x}", operation.api);
  }
  return text;
}

}  // namespace

std::string operation_text(const Operation& operation, const traces::Program& program,
                           const traces::ThreadProgram& thread) {
  const OperationForm& form = form_of(operation.kind);
  std::string text = traces::name_of(operation.kind);
  if (form.place == OperationForm::Place::file) {
    text += ' ' + file_place_text(operation.range, program);
  } else if (form.place != OperationForm::Place::none) {
    text += ' ' + place_text(operation.range, form.place, program.regions, thread.registers);
  }
  text += arguments(operation, program, thread);
  text += option_text(operation);
  if (operation.argument == traces::Argument::unreadable) text += " bad-argument";
  const bool on_uffd = form.target == Target::uffd || form.target == Target::ioctl;
  if (on_uffd && program.uffds.size() != 1) text += " via " + program.uffds[operation.uffd].name;
  return text;
}

}  // namespace language
