// SPDX-License-Identifier: Apache-2.0
// Descriptors: which descriptor of which process is which userfaultfd, through dup, close and fork. A
// userfaultfd keeps the number it was first seen under, however many descriptors name it later.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace traces {

class Descriptors {
 public:
  // A descriptor that was just created (or seen for the first time): the number its userfaultfd goes by.
  std::uint32_t open(std::uint32_t process, std::uint32_t descriptor);
  // The userfaultfd behind a descriptor, if it is one.
  std::optional<std::uint32_t> find(std::uint32_t process, std::uint32_t descriptor) const;
  // `copy` now names what `descriptor` names; both must be of `process`.
  void duplicate(std::uint32_t process, std::uint32_t descriptor, std::uint32_t copy);
  // The descriptor is closed: the userfaultfd it named, if that was its last descriptor anywhere.
  std::optional<std::uint32_t> close(std::uint32_t process, std::uint32_t descriptor);
  // A fork: the child has what the parent has.
  void inherit(std::uint32_t parent, std::uint32_t child);

  std::size_t size() const { return names_.size(); }

 private:
  std::uint32_t free_number(std::uint32_t wanted) const;

  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> names_;  // (process, descriptor) -> number
  std::map<std::uint32_t, std::uint32_t> references_;  // number -> descriptors that name it
};

}  // namespace traces
