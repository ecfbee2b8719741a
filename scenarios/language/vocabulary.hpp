// SPDX-License-Identifier: Apache-2.0
// The words of the language and what they stand for: operations, modes, features, flags, protections.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/language/suggest.hpp"
#include "traces/operation.hpp"

namespace language {

// A word and the bits it sets.
struct NamedBits {
  std::string_view name;
  std::uint64_t bits = 0;
};
using Dictionary = std::span<const NamedBits>;

Dictionary features();        // UFFD_FEATURE_*, by bit
Dictionary flags();           // of userfaultfd(2)
Dictionary status_flags();    // of fcntl(F_SETFL)
Dictionary register_modes();  // UFFDIO_REGISTER_MODE_*
Dictionary copy_modes();      // UFFDIO_COPY_MODE_*; likewise:
Dictionary zeropage_modes();
Dictionary poison_modes();
Dictionary continue_modes();
Dictionary move_modes();
Dictionary writeprotect_modes();
Dictionary scan_flags();    // PM_SCAN_*
Dictionary categories();    // PAGE_IS_*
Dictionary advices();       // MADV_*; whole values, not bits to be joined
Dictionary mremap_flags();  // MREMAP_*
Dictionary protections();   // PROT_*; whole values, not bits to be joined

std::optional<std::uint64_t> bits_of(Dictionary dictionary, std::string_view name);
Choices names_of(Dictionary dictionary);
// "event-remove sigbus"; "WORD 0x2001" if some bit has no name, and for 0.
std::string spell(Dictionary dictionary, std::uint64_t bits, std::string_view word);

// The form of an operation: what may follow its word.
struct OperationForm {
  enum class Place : std::uint8_t {
    none,
    byte,   // one address
    range,  // an address and a length
    file,   // pages of a file
  };
  enum class Target : std::uint8_t {
    none,
    uffd,     // a descriptor: `via u`
    ioctl,    // the same, with an argument in memory: `bad-argument`
    pagemap,  // no descriptor of the program, but such an argument
  };
  traces::OperationKind kind = traces::OperationKind::load;
  Place place = Place::none;
  Target target = Target::none;
};
std::span<const OperationForm> operations();
const OperationForm& form_of(traces::OperationKind kind);
const OperationForm* operation_named(std::string_view name);  // null: no such operation
Choices operation_names();

// Words that cannot be names, because sentences would become ambiguous.
bool is_reserved(std::string_view name);

}  // namespace language
