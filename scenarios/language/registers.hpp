// SPDX-License-Identifier: Apache-2.0
// Registers: what a register of a thread can hold, as the operations that assign it tell.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "traces/program.hpp"

namespace language {

// A small set of enumerators.
template <class Enum>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<Enum> members) {
    for (const Enum member : members) add(member);
  }
  constexpr void add(Enum member) { bits_ |= bit(member); }
  constexpr void add(EnumSet others) { bits_ |= others.bits_; }
  constexpr bool has(Enum member) const { return (bits_ & bit(member)) != 0; }
  constexpr bool meets(EnumSet others) const { return (bits_ & others.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr std::uint64_t bit(Enum member) {
    return std::uint64_t{1} << static_cast<unsigned>(member);
  }
  std::uint64_t bits_ = 0;
};
using OperationKinds = EnumSet<traces::OperationKind>;
using ValueKinds = EnumSet<traces::ValueKind>;

// The operations that assign each register of the thread, by register.
std::vector<OperationKinds> sources(const traces::ThreadProgram& thread);

// The kinds of value that these operations return.
ValueKinds values_of(OperationKinds operations);

// How the output field that these operations leave is written.
enum class FieldUnit : std::uint8_t {
  none,   // none of them has one
  bytes,  // copy, zeropage, poison, continue, move, scan: 1p, 2p, -EAGAIN
  mask,   // api, register: 0x1ff
  mixed,  // both: the field has no single meaning
};
FieldUnit field_unit(OperationKinds operations);

}  // namespace language
