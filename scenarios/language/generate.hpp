// SPDX-License-Identifier: Apache-2.0
// Generator (rapidcheck): programs that keep the rules of the language. It knows the language, not the
// kernel: what it makes need not make sense. For tests only.
#pragma once
#include <rapidcheck.h>
#include <sys/mman.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "scenarios/language/generate_memory.hpp"
#include "scenarios/language/generate_parts.hpp"
#include "scenarios/language/generate_value.hpp"
#include "scenarios/language/operation.hpp"
#include "scenarios/language/print.hpp"
#include "scenarios/language/vocabulary.hpp"
#include "traces/layout.hpp"
#include "traces/scan.hpp"

namespace language::generate {

// How large programs become.
struct Limits {
  std::size_t regions = 3;
  std::size_t uffds = 2;
  std::size_t threads = 3;
  std::size_t statements = 5;  // of a block
  int nesting = 2;             // blocks in blocks
};

class ProgramMaker {
 public:
  explicit ProgramMaker(const Limits& limits) : limits_(limits) {}

  traces::Program make() {
    program_.name = one_of<std::string>({"a", "remove-event-vs-copy", "on"});
    if (one_in(4)) program_.privilege = traces::Privilege::unprivileged;
    if (one_in(6)) program_.privilege = traces::Privilege::nobody;
    if (one_in(6)) program_.unprivileged_userfaultfd = traces::UnprivilegedUffd::allowed;
    if (one_in(8)) program_.pool = static_cast<std::uint32_t>(below(65));
    const std::size_t files = at_most(2);
    for (std::size_t i = 0; i < files; ++i) program_.files.push_back(file(fmt_name("f", i)));
    const std::size_t regions = at_most(limits_.regions);
    for (std::size_t i = 0; i < regions; ++i) program_.regions.push_back(region(fmt_name("x", i), program_));
    const std::size_t uffds = at_most(limits_.uffds);
    for (std::size_t i = 0; i < uffds; ++i)
      program_.uffds.push_back(uffd(i == 0 ? "uffd" : fmt_name("u", i)));
    const std::size_t epolls = at_most(2), sockets = at_most(2);
    for (std::size_t i = 0; i < epolls; ++i) program_.epolls.push_back(fmt_name("e", i));
    for (std::size_t i = 0; i < sockets; ++i) program_.sockets.push_back(fmt_name("s", i));
    const std::size_t mutexes = at_most(2), variables = at_most(2);
    for (std::size_t i = 0; i < mutexes; ++i) program_.mutexes.push_back(fmt_name("m", i));
    for (std::size_t i = 0; i < variables; ++i) program_.variables.push_back({fmt_name("v", i), number()});
    layout_.emplace(program_);
    const std::size_t threads = 1 + at_most(limits_.threads - 1);
    for (std::size_t i = 0; i < threads; ++i) program_.threads.push_back(thread(fmt_name("t", i)));
    return std::move(program_);
  }

 private:
  using Kind = traces::OperationKind;
  using Base = traces::RangeExpression::Base;

  static std::string fmt_name(const char* stem, std::size_t index) { return stem + std::to_string(index); }

  traces::RangeExpression file_place() {
    traces::RangeExpression place{.base = Base::file};
    place.index = static_cast<std::uint8_t>(below(program_.files.size()));
    const std::uint64_t unit = model::bytes_of(program_.files[place.index].page_size);
    place.offset = at_most(4) * unit;
    place.length = (1 + at_most(2)) * unit;
    return place;
  }

  traces::UffdSetup uffd(std::string name) {
    using Prepared = traces::UffdSetup::Prepared;
    traces::UffdSetup uffd{.name = std::move(name)};
    uffd.prepared = one_of<Prepared>({Prepared::handshake, Prepared::opened, Prepared::nothing});
    if (uffd.prepared == Prepared::nothing) return uffd;
    if (one_in(2)) uffd.flags = bits(flags());
    if (uffd.prepared == Prepared::opened) return uffd;
    if (one_in(2)) uffd.features = bits(features());
    const std::size_t registrations = at_most(3);
    for (std::size_t i = 0; i < registrations; ++i) {
      uffd.registrations.push_back({place(OperationForm::Place::range), bits(register_modes())});
    }
    return uffd;
  }

  // A place; `registers_` of the thread at hand may be messages.
  traces::RangeExpression place(OperationForm::Place form) {
    const bool byte = form == OperationForm::Place::byte;
    traces::RangeExpression place;
    std::vector<std::uint8_t> messages;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (values_of(sources_[i]).has(traces::ValueKind::message))
        messages.push_back(static_cast<std::uint8_t>(i));
    }
    if (!messages.empty() && one_in(2)) {
      place.base = Base::message;
      place.index = one_of(messages);
      if (one_in(3)) place.offset = number();
      if (!byte) place.length = one_in(3) ? number() : traces::RangeExpression::kWholeMessage;
      return place;
    }
    return declared_place(form);
  }

  traces::RangeExpression declared_place(OperationForm::Place form) {
    const bool byte = form == OperationForm::Place::byte;
    traces::RangeExpression place;
    place.offset = number();
    if (!byte) place.length = number();
    if (program_.regions.empty() || one_in(4)) {
      place.base = Base::absolute;
      return place;
    }
    place.index = static_cast<std::uint8_t>(below(program_.regions.size()));
    const std::uint64_t unit = program_.regions[place.index].page_bytes();
    if (byte) place.length = unit;  // which the language does not say
    if (one_in(2)) return place;
    const std::uint64_t pages = program_.regions[place.index].count();
    const std::uint64_t first = below(pages);
    place.offset = first * unit;
    if (!byte) place.length = (1 + below(pages - first)) * unit;
    return place;
  }

  bool possible(const OperationForm& form) const {
    switch (form.kind) {
      case Kind::fork:
        return false;  // its block is another thread: see parse_test.cpp
      case Kind::scan:
        return layout_->end().page_number() <= traces::kScannedPages;
      case Kind::epoll_add:
      case Kind::epoll_del:
        return !program_.epolls.empty() && !program_.uffds.empty();
      case Kind::epoll_wait:
        return !program_.epolls.empty();
      case Kind::send:
      case Kind::receive:
        return !program_.sockets.empty() && !program_.uffds.empty();
      case Kind::lock:
      case Kind::unlock:
        return !program_.mutexes.empty();
      case Kind::get:
      case Kind::set:
        return !program_.variables.empty();
      case Kind::truncate:
      case Kind::punch:
      case Kind::pwrite:
        return !program_.files.empty();
      default:
        return !on_uffd(form) || !program_.uffds.empty();
    }
  }

  traces::Operation operation() {
    const OperationForm* form = &form_of(Kind::load);
    if (const OperationForm& drawn = operations()[below(operations().size())]; possible(drawn)) form = &drawn;
    traces::Operation operation;
    operation.kind = form->kind;
    if (form->place == OperationForm::Place::file) {
      operation.range = file_place();
    } else if (form->place != OperationForm::Place::none) {
      operation.range = place(form->place);
    }
    if (on_uffd(*form)) operation.uffd = static_cast<std::uint8_t>(below(program_.uffds.size()));
    const bool argument =
        form->target == OperationForm::Target::ioctl || form->target == OperationForm::Target::pagemap;
    if (argument && one_in(4)) operation.argument = traces::Argument::unreadable;
    fill(operation);
    return operation;
  }

  std::uint8_t opened() const { return static_cast<std::uint8_t>(below(program_.uffds.size())); }

  void fill(traces::Operation& operation) {
    switch (operation.kind) {
      case Kind::store:
      case Kind::copy_to_user:
        operation.contents = std::string(1, letter());
        break;
      case Kind::mmap:
        operation.backing = backing(program_);
        [[fallthrough]];
      case Kind::mprotect:
        operation.protection = protection();
        break;
      case Kind::truncate:
        operation.range = {.base = Base::file};
        operation.range.index = static_cast<std::uint8_t>(below(program_.files.size()));
        operation.number =
            at_most(4) * model::bytes_of(program_.files[operation.range.index].page_size) / model::kPageSize;
        break;
      case Kind::pwrite:
        for (std::size_t n = 1 + at_most(2); n > 0; --n) operation.contents += letter();
        break;
      case Kind::madvise:
        operation.mode = advices()[below(advices().size())].bits;
        break;
      case Kind::mremap:
        mremap(operation);
        break;
      case Kind::userfaultfd:
        operation.flags = one_in(2) ? bits(flags()) : 0;
        if (one_in(3)) operation.door = traces::Door::device;
        break;
      case Kind::read:
        if (one_in(3)) operation.room = below(traces::Operation::kMostRoom + 1);
        if (one_in(4)) operation.argument = traces::Argument::unreadable;
        if (one_in(3)) operation.opens = opened();
        break;
      case Kind::receive:
        operation.socket = static_cast<std::uint8_t>(below(program_.sockets.size()));
        [[fallthrough]];
      case Kind::dup:
        operation.opens = opened();
        break;
      case Kind::send:
        operation.socket = static_cast<std::uint8_t>(below(program_.sockets.size()));
        break;
      case Kind::setfl:
        operation.flags = one_in(2) ? bits(status_flags()) : 0;
        break;
      case Kind::epoll_add:
        if (one_in(2)) operation.trigger = traces::Trigger::edge;
        [[fallthrough]];
      case Kind::epoll_del:
        operation.epoll = static_cast<std::uint8_t>(below(program_.epolls.size()));
        break;
      case Kind::epoll_wait:
        operation.epoll = static_cast<std::uint8_t>(below(program_.epolls.size()));
        operation.wait = one_in(2) ? traces::Wait::not_at_all : traces::Wait::forever;
        break;
      case Kind::api:
        operation.features = one_in(2) ? bits(features()) : 0;
        if (one_in(4)) operation.api = number();
        break;
      case Kind::set_mode:
        set_mode(operation);
        break;
      case Kind::register_:
        operation.mode = bits(register_modes());
        break;
      case Kind::copy:
      case Kind::move:
        operation.has_source = operation.kind == Kind::move || one_in(4);
        if (operation.has_source) operation.source = declared_place(OperationForm::Place::byte);
        for (std::size_t n = operation.has_source ? 0 : 1 + at_most(2); n > 0; --n)
          operation.contents += letter();
        [[fallthrough]];
      case Kind::zeropage:
      case Kind::poison:
      case Kind::continue_:
      case Kind::writeprotect:
      case Kind::rwprotect:
        operation.mode = one_in(3) ? bits(option_bits(operation.kind).dictionary) : 0;
        break;
      case Kind::scan:
        operation.mode = one_in(3) ? bits(scan_flags()) : 0;
        operation.scan = scan();
        break;
      case Kind::poll:
        operation.wait = one_in(2) ? traces::Wait::not_at_all : traces::Wait::forever;
        break;
      case Kind::lock:
      case Kind::unlock:
        operation.mutex = static_cast<std::uint8_t>(below(program_.mutexes.size()));
        break;
      case Kind::set:
        operation.number = number();
        [[fallthrough]];
      case Kind::get:
        operation.variable = static_cast<std::uint8_t>(below(program_.variables.size()));
        break;
      default:
        break;
    }
  }

  void mremap(traces::Operation& operation) {
    operation.has_target = one_in(2);
    const bool whole_message = operation.range.length == traces::RangeExpression::kWholeMessage;
    operation.target = {.base = Base::absolute, .length = operation.range.length};
    if (operation.has_target) {
      operation.target = declared_place(OperationForm::Place::range);
    } else if (whole_message || one_in(2)) {
      operation.target.length = number();
    }
    operation.flags = one_in(2) ? bits(mremap_flags()) : default_mremap_flags(operation);
    if (!operation.has_target) operation.flags &= ~std::uint64_t{MREMAP_FIXED};
  }

  traces::Perform perform(traces::ThreadProgram& thread) {
    traces::Perform perform;
    perform.operation = operation();
    if (perform.operation.kind == Kind::exit || one_in(3)) return perform;
    // A register is used again only for the same operation, so that its words have one meaning.
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (!sources_[i].has(perform.operation.kind) || one_in(2)) continue;
      perform.result = static_cast<int>(i);
      return perform;
    }
    perform.result = static_cast<int>(sources_.size());
    sources_.push_back({perform.operation.kind});
    thread.registers.push_back(fmt_name("r", thread.registers.size()));
    return perform;
  }

  traces::Condition condition() {
    traces::Condition condition;
    condition.reg = static_cast<std::uint8_t>(below(sources_.size()));
    if (one_in(3)) condition.test = traces::Condition::Test::is_not;
    const OperationKinds sources = sources_[condition.reg];
    if (field_unit(sources) != FieldUnit::none && one_in(2)) {
      condition.subject = traces::Condition::Subject::field;
      condition.pattern = field();
      return condition;
    }
    condition.pattern = value(one_of(kinds_of(sources)), *layout_, 0);
    if (condition.pattern.kind != traces::ValueKind::message) return condition;
    condition.match_address = one_in(2);
    if (condition.match_address) return condition;
    condition.pattern.start = condition.pattern.end = 0;
    condition.pattern.field = 0;
    return condition;
  }

  traces::Block block(traces::ThreadProgram& thread, std::size_t least, int depth) {
    traces::Block block;
    const std::size_t statements = least + at_most(limits_.statements - least);
    for (std::size_t i = 0; i < statements; ++i) {
      traces::Statement statement;
      const std::uint64_t form = depth < limits_.nesting ? below(8) : 0;
      if (form == 6 && !sources_.empty()) {
        traces::If branch;
        branch.condition = condition();
        branch.then = this->block(thread, 1, depth + 1);
        if (one_in(2)) branch.otherwise = this->block(thread, 1, depth + 1);
        statement.what = std::move(branch);
      } else if (form == 7 && !sources_.empty()) {
        traces::RepeatUntil loop;
        loop.body = this->block(thread, 1, depth + 1);
        loop.until = condition();
        statement.what = std::move(loop);
      } else {
        statement.what = perform(thread);
      }
      block.push_back(std::move(statement));
    }
    return block;
  }

  traces::ThreadProgram thread(std::string name) {
    sources_.clear();
    traces::ThreadProgram thread{.name = std::move(name)};
    thread.body = block(thread, 0, 0);
    return thread;
  }

  Limits limits_;
  traces::Program program_;
  std::optional<traces::Layout> layout_;
  std::vector<OperationKinds> sources_;  // of the registers of the thread at hand
};

// Programs with every construct of the language.
inline rc::Gen<traces::Program> program(Limits limits = {}) {
  return rc::gen::exec([limits] { return ProgramMaker(limits).make(); });
}

}  // namespace language::generate

// How rapidcheck shows what it found: as a file.
namespace traces {
inline void showValue(const Program& program, std::ostream& out) { out << language::print(program); }
}  // namespace traces
