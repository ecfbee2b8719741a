// SPDX-License-Identifier: Apache-2.0
// Setup: what a scenario begins with. A scenario is a struct: its members are what its threads share, and
// setup() says what they stand for, and which members are threads.
//
// The struct is copied into every simulated world as bytes, so it must be trivially copyable. Bodies of
// threads are const member functions: what threads change, they change through Shared<T>, Mutex and the like.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "uffdsim/file.hpp"
#include "uffdsim/memory.hpp"
#include "uffdsim/process.hpp"
#include "uffdsim/range.hpp"
#include "uffdsim/task.hpp"
#include "uffdsim/uffd.hpp"

namespace uffdsim {

namespace detail {
struct Description;
}

// Where a page of RegionOptions::contents and FileOptions::contents has nothing in it.
inline constexpr char kNothing = '.';

struct FileOptions {
  std::uint64_t pages = 1;
  std::string_view contents{};  // a letter a page; the rest are holes
};

struct RegionOptions {
  std::uint64_t pages = 1;
  std::string_view contents{};  // a letter a page, written before anything is registered; the rest is missing
  int protection = kReadWrite;
  Backing backing{};
};

// "reader2": names for threads that do the same.
std::string numbered(const char* name, int number);

class Setup {
 public:
  // A thread may be left waiting at the end (a monitor that reads forever), or that is a failure.
  enum class Ends : std::uint8_t { always, perhaps };

  Setup();
  ~Setup();
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;

  File file(const char* name, FileOptions options = {});
  // Regions lie apart from each other, in the order in which they are named.
  Region region(const char* name, RegionOptions options = {});
  // Addresses that have a name, and nothing is mapped there.
  Region reserved(const char* name, std::uint64_t pages = 1);
  // An open userfaultfd after its handshake. The first is descriptor 0, the next 1.
  Uffd uffd(const char* name, std::uint64_t features = 0, int flags = 0);
  void registered(Uffd uffd, Range range, std::uint64_t mode = UFFDIO_REGISTER_MODE_MISSING);
  // Memory beyond what regions and files need, in pages: for what threads map.
  void spare_memory(std::uint64_t pages);

  // A thread of the first process, which runs `(scenario.*body)(arguments…)`. At most eight, children
  // included.
  template <class S, class... A>
  void thread(std::string name, Task<> (S::*body)(A...) const, std::type_identity_t<A>... arguments) {
    add_thread(std::move(name), bound(body, arguments...), Ends::always);
  }
  // A thread that need not come to an end.
  template <class S, class... A>
  void daemon(std::string name, Task<> (S::*body)(A...) const, std::type_identity_t<A>... arguments) {
    add_thread(std::move(name), bound(body, arguments...), Ends::perhaps);
  }
  // A process that is there once somebody has forked it, and its only thread.
  template <class S, class... A>
  Child child(std::string name, Task<> (S::*body)(A...) const, std::type_identity_t<A>... arguments) {
    return add_child(std::move(name), bound(body, arguments...));
  }

  template <class S, class... A, class... B>
  void thread(std::string, Task<> (S::*)(A...), B...) {
    static_assert(!sizeof(S), "a thread's body must be const: what threads change is a Shared<T>");
  }
  template <class S, class... A, class... B>
  void daemon(std::string, Task<> (S::*)(A...), B...) {
    static_assert(!sizeof(S), "a thread's body must be const: what threads change is a Shared<T>");
  }

 private:
  template <class S>
  friend class Scenario;
  using Body = std::function<sim::Task<void>(const void* scenario)>;
  template <class S, class... A>
  static Body bound(Task<> (S::*body)(A...) const, A... arguments) {
    return [=](const void* scenario) -> sim::Task<void> {
      return (static_cast<const S*>(scenario)->*body)(arguments...);
    };
  }
  void add_thread(std::string name, Body body, Ends ends);
  Child add_child(std::string name, Body body);

  std::shared_ptr<detail::Description> description_;
};

}  // namespace uffdsim
