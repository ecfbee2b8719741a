// SPDX-License-Identifier: Apache-2.0
// Programs: a memory layout, userfaultfds, and threads of operations. The one type that litmus files,
// generated programs and traces become, and that every machine runs.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "traces/operation.hpp"
#include "traces/value.hpp"

namespace traces {

// A file in shared memory (memfd_create), open for reading and writing from the beginning to the end. Of huge
// pages with MFD_HUGETLB.
struct MemoryFile {
  std::string name{};
  model::PageCount pages{1};  // its length when the program begins, in base pages
  model::PageSize page_size = model::PageSize::base;
  std::uint64_t count() const { return pages.bytes() / model::bytes_of(page_size); }  // of its own pages
  // Per page: empty = a hole, else the letter it holds. Shorter than `pages`: the rest is holes.
  std::vector<std::string> initial{};
  friend bool operator==(const MemoryFile&, const MemoryFile&) = default;
};
inline constexpr std::size_t kMostFiles = 4;

// A piece of address space. Its program address is given by layout.hpp.
struct Region {
  enum class Placement : std::uint8_t {
    apart,     // an unmapped page stands before it
    adjacent,  // it begins where the region declared before it ends
  };
  std::string name{};
  model::PageCount pages{1};  // base pages, also where it has huge ones
  Placement placement = Placement::apart;
  bool mapped = true;  // false: the addresses are only named; an mmap may map them later
  std::uint8_t protection = kProtRead | kProtWrite;
  Backing backing{};
  // Per page at the start: empty = missing, else the letter it holds ('\0': touched, all zero).
  // Shorter than `pages`: the rest is missing. Filled before anything is registered, by writing through this
  // mapping: a shared one that cannot be written to holds nothing.
  std::vector<std::string> initial{};
  std::uint64_t page_bytes() const { return model::bytes_of(backing.page_size); }
  std::uint64_t count() const { return pages.bytes() / page_bytes(); }  // of its own pages
  friend bool operator==(const Region&, const Region&) = default;
};

// What is done to a userfaultfd before the threads start.
struct UffdSetup {
  struct Registration {
    RangeExpression range{};
    std::uint64_t mode = 0;  // UFFDIO_REGISTER_MODE_*
    friend bool operator==(const Registration&, const Registration&) = default;
  };
  enum class Prepared : std::uint8_t {
    nothing,    // the name stands for a descriptor that a thread will open
    opened,     // userfaultfd(2) only: no handshake
    handshake,  // opened, UFFDIO_API with `features`, then the registrations
  };
  std::string name{};
  Prepared prepared = Prepared::handshake;
  std::uint64_t flags = 0;  // as Operation::flags
  std::uint64_t features = 0;
  std::vector<Registration> registrations{};
  friend bool operator==(const UffdSetup&, const UffdSetup&) = default;
};

// A question about a register, asked by `if` and `until`.
struct Condition {
  enum class Subject : std::uint8_t { value, field };  // the register itself, or its output field
  enum class Test : std::uint8_t { is, is_not };
  std::uint8_t reg = 0;
  Subject subject = Subject::value;
  Test test = Test::is;
  // What it is compared with. A message pattern compares the event (and, for a fault, the flags) only,
  // unless `match_address`: then the start too, and the end if the pattern has one. A field compares
  // Value::field, and FieldState::untouched with untouched.
  Value pattern;
  bool match_address = false;
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Statement;
using Block = std::vector<Statement>;

struct Perform {
  int result = -1;  // register that receives the value, -1 for none
  Operation operation{};
  friend bool operator==(const Perform&, const Perform&) = default;
};
struct If {
  Condition condition;
  Block then;
  Block otherwise;
  friend bool operator==(const If&, const If&) = default;
};
struct RepeatUntil {  // runs the body, then asks: at least once
  Block body;
  Condition until;
  friend bool operator==(const RepeatUntil&, const RepeatUntil&) = default;
};
struct Statement {
  std::variant<Perform, If, RepeatUntil> what;
  int line = 0;  // in the file it came from; 0 if none. Not part of equality.
  friend bool operator==(const Statement& a, const Statement& b) { return a.what == b.what; }
};

struct ThreadProgram {
  static constexpr int kFromTheStart = -1;
  std::string name{};
  std::vector<std::string> registers{};  // names, by index
  Block body{};
  int parent = kFromTheStart;  // the thread whose `fork` makes this one, the only thread of a new process
  friend bool operator==(const ThreadProgram&, const ThreadProgram&) = default;
};

struct SharedVariable {
  std::string name{};
  std::uint64_t initial = 0;
  friend bool operator==(const SharedVariable&, const SharedVariable&) = default;
};

// Who runs the program.
enum class Privilege : std::uint8_t {
  root,
  unprivileged,  // without CAP_SYS_PTRACE
  nobody,        // without any capability, and with a user of its own: it may not open /dev/userfaultfd
};
// vm.unprivileged_userfaultfd
enum class UnprivilegedUffd : std::uint8_t { refused, allowed };

struct Program {
  std::string name{};
  Privilege privilege = Privilege::root;
  UnprivilegedUffd unprivileged_userfaultfd = UnprivilegedUffd::refused;
  // Huge pages in the machine's pool, none of them taken; none: as many as it may need.
  std::optional<std::uint32_t> pool{};
  std::vector<MemoryFile> files{};
  std::vector<Region> regions{};
  std::vector<UffdSetup> uffds{};
  std::vector<std::string> epolls{};   // epoll instances, made before the threads start
  std::vector<std::string> sockets{};  // socket pairs: what is sent into one is received from it, by anybody
  std::vector<std::string> mutexes{};
  std::vector<SharedVariable> variables{};
  std::vector<ThreadProgram> threads{};
  friend bool operator==(const Program&, const Program&) = default;
};

// Whether some thread of a process may say `exit`.
bool may_exit(const Program& program, std::uint8_t process);

// The process of each thread: 0 for those that are there from the start, then one for every child.
std::vector<std::uint8_t> processes_of(const Program& program);
// How many pages of a file, huge ones if it has those, the program has to do with, by what is declared and
// what its threads say; at most kMostFilePages, or kMostHugePages.
inline constexpr std::uint64_t kMostFilePages = 4096;
inline constexpr std::uint64_t kMostHugePages = 16;  // of a region or file
std::uint64_t pages_of_file(const Program& program, std::size_t file);

// Whether it has to do with huge pages; and how many the pool has when it begins, 0 if it has not.
bool uses_huge_pages(const Program& program);
std::uint32_t huge_pages_in_pool(const Program& program);

}  // namespace traces
