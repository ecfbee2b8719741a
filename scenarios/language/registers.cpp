// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/registers.hpp"

namespace language {
namespace {

using Kind = traces::OperationKind;
using traces::ValueKind;

void collect(const traces::Block& body, std::vector<OperationKinds>& found) {
  for (const traces::Statement& statement : body) {
    if (const auto* perform = std::get_if<traces::Perform>(&statement.what)) {
      if (perform->result >= 0) found[static_cast<std::size_t>(perform->result)].add(perform->operation.kind);
    } else if (const auto* branch = std::get_if<traces::If>(&statement.what)) {
      collect(branch->then, found);
      collect(branch->otherwise, found);
    } else {
      collect(std::get<traces::RepeatUntil>(statement.what).body, found);
    }
  }
}

// Any operation can fail with an errno; what it returns when it succeeds is here.
ValueKinds success(Kind kind) {
  switch (kind) {
    case Kind::load:
      return {ValueKind::content, ValueKind::signal};
    case Kind::store:
      return {ValueKind::signal};
    case Kind::copy_from_user:
      return {ValueKind::content};
    case Kind::read:
    case Kind::next:
      return {ValueKind::message};
    case Kind::poll:
    case Kind::epoll_wait:
      return {ValueKind::events};
    case Kind::get:
      return {ValueKind::number};
    case Kind::pagemap:
      return {ValueKind::page};
    case Kind::fdinfo:
      return {ValueKind::counts};
    case Kind::vma:
      return {ValueKind::mapping};
    case Kind::scan:
      return {ValueKind::scan};
    default:
      return {};
  }
}

constexpr OperationKinds kWithBytes{Kind::copy,      Kind::zeropage, Kind::poison,
                                    Kind::continue_, Kind::move,     Kind::scan};
constexpr OperationKinds kWithMask{Kind::api, Kind::register_};

}  // namespace

std::vector<OperationKinds> sources(const traces::ThreadProgram& thread) {
  std::vector<OperationKinds> found(thread.registers.size());
  collect(thread.body, found);
  return found;
}

ValueKinds values_of(OperationKinds operations) {
  ValueKinds kinds{ValueKind::errnum};
  for (int i = 0; i <= static_cast<int>(traces::kLastOperationKind); ++i) {
    const auto kind = static_cast<Kind>(i);
    if (operations.has(kind)) kinds.add(success(kind));
  }
  return kinds;
}

FieldUnit field_unit(OperationKinds operations) {
  const bool bytes = operations.meets(kWithBytes);
  const bool mask = operations.meets(kWithMask);
  if (bytes && mask) return FieldUnit::mixed;
  if (bytes) return FieldUnit::bytes;
  return mask ? FieldUnit::mask : FieldUnit::none;
}

}  // namespace language
