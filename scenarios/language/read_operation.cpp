// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>

#include "scenarios/language/memory_file.hpp"
#include "scenarios/language/operation.hpp"
#include "scenarios/language/scan_options.hpp"

namespace language {
namespace {

using model::kPageSize;
using traces::Operation;
using Kind = traces::OperationKind;
using Target = OperationForm::Target;

std::string contents_of(const Cursor& cursor, const Token& token) {
  if (token.text == "zero") return std::string(1, '\0');
  const auto found = letters(token.text);
  if (!found) cursor.fail_within(token, found.error());
  std::string contents;
  for (const Letter& letter : *found) contents += letter.value;
  return contents;
}

std::string read_letter(Cursor& cursor) {
  const Token& token = cursor.take("a letter, as 'A', or zero");
  std::string contents = contents_of(cursor, token);
  if (contents.size() != 1) cursor.fail(token, "expected one letter: a byte is stored");
  return contents;
}

std::uint8_t read_index(Cursor& cursor, const Draft& draft, Noun noun) {
  const std::string expected = fmt::format("the name of a {}", spelled(noun));
  const Token& token = cursor.take(expected);
  const Declared::Entry* entry = draft.declared.find(token.text);
  if (entry != nullptr && entry->noun == noun) return entry->index;
  const Choices known = draft.declared.names(noun);
  cursor.fail(token,
              known.empty() ? fmt::format("expected {}: none is declared above the threads", expected)
                            : fmt::format("expected {}: {}", expected, either(known)),
              suggestion(token.text, known));
}

std::uint8_t read_protection(Cursor& cursor) {
  const Token& token = cursor.take_one_of(names_of(protections()), "a protection");
  return static_cast<std::uint8_t>(*bits_of(protections(), token.text));
}

// to PLACE, or size BYTES; else as long as it was.
void read_target(Cursor& cursor, const Draft& draft, Operation& operation) {
  using Base = traces::RangeExpression::Base;
  operation.has_target = cursor.accept("to");
  if (operation.has_target) {
    operation.target = read_place(cursor, draft, nullptr, OperationForm::Place::range);
  } else {
    operation.target = {.base = Base::absolute, .offset = 0, .length = operation.range.length};
    const bool says_it = cursor.accept("size");
    if (says_it) operation.target.length = cursor.take_number("the new length in bytes");
    if (!says_it && operation.range.length == traces::RangeExpression::kWholeMessage) {
      cursor.fail_after("expected `to` and a place, or `size` and the new length in bytes");
    }
  }
  operation.flags = default_mremap_flags(operation);
}

// What stands before the options.
void read_arguments(Cursor& cursor, const Draft& draft, Operation& operation) {
  switch (operation.kind) {
    case Kind::store:
    case Kind::copy_to_user:
      operation.contents = read_letter(cursor);
      break;
    case Kind::mprotect:
      operation.protection = read_protection(cursor);
      break;
    case Kind::epoll_add:
    case Kind::epoll_del:
    case Kind::epoll_wait:
      operation.epoll = read_index(cursor, draft, Noun::epoll);
      break;
    case Kind::send:
    case Kind::receive:
      operation.socket = read_index(cursor, draft, Noun::socket);
      break;
    case Kind::lock:
    case Kind::unlock:
      operation.mutex = read_index(cursor, draft, Noun::mutex);
      break;
    case Kind::get:
      operation.variable = read_index(cursor, draft, Noun::variable);
      break;
    case Kind::set:
      operation.variable = read_index(cursor, draft, Noun::variable);
      operation.number = cursor.take_number("the number to store");
      break;
    case Kind::copy:
      operation.has_source = cursor.accept("from");
      if (operation.has_source) {
        operation.source = read_place(cursor, draft, nullptr, OperationForm::Place::byte);
      } else {
        operation.contents = contents_of(cursor, cursor.take("letters, as 'A', or `from` and a place"));
      }
      break;
    case Kind::pwrite:
      operation.contents = contents_of(cursor, cursor.take("letters, as 'A'"));
      break;
    case Kind::madvise:
      operation.mode = *bits_of(advices(), cursor.take_one_of(names_of(advices()), "an advice").text);
      break;
    case Kind::mremap:
      read_target(cursor, draft, operation);
      break;
    case Kind::truncate:
      operation.range.base = traces::RangeExpression::Base::file;
      operation.range.index = read_index(cursor, draft, Noun::file);
      operation.number = cursor.take_number("the new length, as `2 pages`");
      if (operation.number > traces::kMostFilePages) {
        cursor.fail_after(fmt::format("expected at most {} pages", traces::kMostFilePages));
      }
      if (!cursor.accept("page")) cursor.expect("pages", "after their number");
      operation.number *=
          model::bytes_of(draft.litmus.program.files[operation.range.index].page_size) / kPageSize;
      break;
    case Kind::move:
      if (!cursor.accept("from"))
        cursor.fail_after("expected `from` and the place that the pages are taken from");
      operation.has_source = true;
      operation.source = read_place(cursor, draft, nullptr, OperationForm::Place::byte);
      break;
    default:
      break;
  }
}

bool takes_uffd(const OperationForm& form) {
  return form.target == OperationForm::Target::uffd || form.target == OperationForm::Target::ioctl;
}

Choices option_names(const OperationForm& form) {
  const OptionBits bits = option_bits(form.kind);
  Choices names = names_of(bits.dictionary);
  if (bits.bits != nullptr) names.emplace_back(bits.number);
  if (form.kind == Kind::api) names.emplace_back("api");
  if (form.kind == Kind::set_mode) names.insert(names.end(), {"enable", "disable"});
  if (form.kind == Kind::mmap) {
    names = names_of(protections());
    names.insert(names.end(), {"shared", "private", "from", "huge", "noreserve"});
  }
  if (form.kind == Kind::poll || form.kind == Kind::epoll_wait) names.emplace_back("nowait");
  if (form.kind == Kind::read) names.emplace_back("bytes");
  if (form.kind == Kind::read || traces::always_opens(form.kind)) names.emplace_back("opens");
  if (form.kind == Kind::epoll_add) names.emplace_back("edge");
  if (form.kind == Kind::userfaultfd) names.emplace_back("device");
  if (form.kind == Kind::scan) {
    const Choices more = scan_option_names();
    names.insert(names.end(), more.begin(), more.end());
  }
  const bool argument =
      form.target == Target::ioctl || form.target == Target::pagemap || form.kind == Kind::read;
  if (argument) names.emplace_back("bad-argument");
  if (takes_uffd(form)) names.emplace_back("via");
  return names;
}

// One feature, or the bits of any.
std::uint64_t read_features(Cursor& cursor) {
  const Token here = cursor.peek("a feature, as rwp-async, or feature bits, as 0x40000");
  if (const auto bit = bits_of(features(), here.text)) {
    cursor.accept(here.text);
    return *bit;
  }
  return cursor.take_number("a feature, as rwp-async, or feature bits, as 0x40000");
}

bool is_scan_mode(std::string_view text) { return text == "mode" || bits_of(scan_flags(), text); }

void read_option(Cursor& cursor, const Draft& draft, const Token& token, Operation& operation) {
  const OptionBits option = option_bits(operation.kind);
  if (token.text == "via") {
    operation.uffd = read_index(cursor, draft, Noun::uffd);
  } else if (token.text == "bad-argument") {
    operation.argument = traces::Argument::unreadable;
  } else if (token.text == "opens") {
    operation.opens = read_index(cursor, draft, Noun::uffd);
  } else if (token.text == "enable") {
    operation.features = read_features(cursor);
  } else if (token.text == "disable") {
    operation.disabled = read_features(cursor);
  } else if (token.text == "bytes") {
    operation.room = cursor.take_number("the size of the buffer, as 64");
    if (operation.room > Operation::kMostRoom) {
      cursor.fail_after(fmt::format("expected at most {} bytes", Operation::kMostRoom));
    }
  } else if (token.text == "edge") {
    operation.trigger = traces::Trigger::edge;
  } else if (token.text == "device") {
    operation.door = traces::Door::device;
  } else if (token.text == "nowait") {
    operation.wait = traces::Wait::not_at_all;
  } else if (token.text == "from") {
    const traces::RangeExpression pages = read_file_place(cursor, draft);
    operation.backing.page_size = draft.litmus.program.files[pages.index].page_size;
    if (pages.length != model::bytes_of(operation.backing.page_size))
      cursor.fail_after("expected the first page that is mapped, as f[0]");
    operation.backing.has_file = true;
    operation.backing.file = pages.index;
    operation.backing.page = pages.offset / kPageSize;
  } else if (token.text == "huge") {
    operation.backing.page_size = model::PageSize::huge;
  } else if (token.text == "noreserve") {
    operation.backing.reserve = traces::Backing::Reserve::no;
  } else if (token.text == "shared" || token.text == "private") {
    using Sharing = traces::Backing::Sharing;
    operation.backing.sharing = token.text == "shared" ? Sharing::shared : Sharing::private_;
  } else if (operation.kind == Kind::scan && !is_scan_mode(token.text)) {
    read_scan_option(cursor, token, operation.scan);
  } else if (operation.kind == Kind::mmap) {
    operation.protection = static_cast<std::uint8_t>(*bits_of(protections(), token.text));
  } else if (token.text == "api") {
    operation.api = cursor.take_number("the API number, as 0xaa");
  } else if (operation.kind == Kind::mremap && token.text == option.number) {
    operation.flags = cursor.take_number("all its flags, as 0x3");
  } else if (token.text == option.number) {
    operation.*option.bits |= cursor.take_number("the bits, as 0x1");
  } else {
    operation.*option.bits |= *bits_of(option.dictionary, token.text);
  }
}

// The userfaultfd that is meant when none is named.
void check_default_uffd(const Cursor& cursor, const Draft& draft, const Token& name) {
  const Choices known = draft.declared.names(Noun::uffd);
  if (known.empty()) {
    cursor.fail(name, "expected a userfaultfd to be declared above the threads",
                "add `uffd missing` after the pages");
  }
  if (known.size() > 1) {
    cursor.fail_after(fmt::format("expected `via` and one of the userfaultfds: {}", either(known)));
  }
}

// Of the words that exclude each other, one.
void check_one_of_each(const Cursor& cursor, const Token& token, const Choices& given) {
  const auto is_sharing = [](std::string_view text) { return text == "shared" || text == "private"; };
  for (const std::string& before : given) {
    const bool two_protections = bits_of(protections(), token.text) && bits_of(protections(), before);
    const bool two_ways = is_sharing(token.text) && is_sharing(before);
    if (two_protections) {
      cursor.fail(
          token, fmt::format("expected one protection, found {} after {}", shown(token.text), shown(before)));
    }
    if (two_ways) {
      cursor.fail(token, fmt::format("expected one way to share, found {} after {}", shown(token.text),
                                     shown(before)));
    }
  }
}

// The file says what its pages are; only huge ones are promised.
void check_huge_pages(const Cursor& cursor, const Operation& operation, const Choices& given) {
  const bool said = std::find(given.begin(), given.end(), "huge") != given.end();
  if (said && operation.backing.has_file) cursor.fail_after("expected `huge` or `from`, not both");
  const bool spares = operation.backing.reserve == traces::Backing::Reserve::no;
  if (spares && operation.backing.page_size != model::PageSize::huge)
    cursor.fail_after("expected `noreserve` only of huge pages");
}

void read_options(Cursor& cursor, const Draft& draft, const OperationForm& form, const Token& name,
                  Operation& operation) {
  const Choices choices = option_names(form);
  Choices given;
  while (!cursor.done() && !choices.empty()) {
    const Token& token =
        cursor.take_one_of(choices, fmt::format("an option of `{}`", traces::name_of(form.kind)));
    if (std::find(given.begin(), given.end(), token.text) != given.end()) {
      cursor.fail(token, fmt::format("expected each option once: {} is already there", shown(token.text)));
    }
    if (form.kind == Kind::mmap) check_one_of_each(cursor, token, given);
    given.emplace_back(token.text);
    read_option(cursor, draft, token, operation);
  }
  if (form.kind == Kind::mmap) check_huge_pages(cursor, operation, given);
  const bool named = std::find(given.begin(), given.end(), "via") != given.end();
  if (takes_uffd(form) && !named) check_default_uffd(cursor, draft, name);
  if (traces::always_opens(form.kind) && operation.opens == Operation::kOpensNothing) {
    cursor.fail_after("expected `opens` and the userfaultfd that the descriptor becomes");
  }
  const bool has_mode =
      given.size() > (named ? 1u : 0u) + (operation.argument == traces::Argument::unreadable ? 1u : 0u);
  if (form.kind == Kind::register_ && !has_mode) {
    cursor.fail_after("expected a mode: missing, or `mode` and its bits");
  }
  if (form.kind == Kind::mremap && !operation.has_target && operation.flags & MREMAP_FIXED) {
    cursor.fail_after("expected `to` and a place before `fixed`");
  }
  cursor.expect_end();
}

}  // namespace

std::uint64_t default_mremap_flags(const Operation& operation) {
  return operation.has_target ? MREMAP_MAYMOVE | MREMAP_FIXED : 0;
}

OptionBits option_bits(Kind kind) {
  switch (kind) {
    case Kind::userfaultfd:
      return {flags(), "flags", &Operation::flags};
    case Kind::mremap:
      return {mremap_flags(), "flags", &Operation::flags};
    case Kind::setfl:
      return {status_flags(), "flags", &Operation::flags};
    case Kind::api:
      return {features(), "features", &Operation::features};
    case Kind::register_:
      return {register_modes(), "mode", &Operation::mode};
    case Kind::copy:
      return {copy_modes(), "mode", &Operation::mode};
    case Kind::zeropage:
      return {zeropage_modes(), "mode", &Operation::mode};
    case Kind::writeprotect:
      return {writeprotect_modes(), "mode", &Operation::mode};
    case Kind::rwprotect:
      return {rwprotect_modes(), "mode", &Operation::mode};
    case Kind::poison:
      return {poison_modes(), "mode", &Operation::mode};
    case Kind::continue_:
      return {continue_modes(), "mode", &Operation::mode};
    case Kind::move:
      return {move_modes(), "mode", &Operation::mode};
    case Kind::scan:
      return {scan_flags(), "mode", &Operation::mode};
    default:
      return {};
  }
}

Operation read_operation(Cursor& cursor, const Draft& draft, const ThreadDraft& thread) {
  const Token name = cursor.take_one_of(operation_names(), "an operation");
  const OperationForm& form = *operation_named(name.text);
  Operation operation;
  operation.kind = form.kind;
  if (form.place == OperationForm::Place::file) {
    operation.range = read_file_place(cursor, draft);
  } else if (form.place != OperationForm::Place::none) {
    operation.range = read_place(cursor, draft, &thread, form.place);
  }
  read_arguments(cursor, draft, operation);
  read_options(cursor, draft, form, name, operation);
  if (operation.kind == Kind::scan) check_scan(cursor, draft, name);
  return operation;
}

}  // namespace language
