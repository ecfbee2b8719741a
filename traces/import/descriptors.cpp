// SPDX-License-Identifier: Apache-2.0
#include "traces/import/descriptors.hpp"

namespace traces {
namespace {
// Added while the plain number still belongs to an older userfaultfd.
constexpr std::uint32_t kSecondName = 1'000'000;
}  // namespace

std::uint32_t Descriptors::free_number(std::uint32_t wanted) const {
  while (references_.contains(wanted)) wanted += kSecondName;
  return wanted;
}

std::uint32_t Descriptors::open(std::uint32_t process, std::uint32_t descriptor) {
  static_cast<void>(close(process, descriptor));  // its close was not recorded
  const std::uint32_t number = free_number(descriptor);
  names_[{process, descriptor}] = number;
  references_[number] = 1;
  return number;
}

std::optional<std::uint32_t> Descriptors::find(std::uint32_t process, std::uint32_t descriptor) const {
  const auto found = names_.find({process, descriptor});
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

void Descriptors::duplicate(std::uint32_t process, std::uint32_t descriptor, std::uint32_t copy) {
  const auto number = find(process, descriptor);
  if (!number || descriptor == copy) return;
  ++references_[*number];
  names_[{process, copy}] = *number;
}

std::optional<std::uint32_t> Descriptors::close(std::uint32_t process, std::uint32_t descriptor) {
  const auto found = names_.find({process, descriptor});
  if (found == names_.end()) return std::nullopt;
  const std::uint32_t number = found->second;
  names_.erase(found);
  if (--references_[number] != 0) return std::nullopt;
  references_.erase(number);
  return number;
}

void Descriptors::inherit(std::uint32_t parent, std::uint32_t child) {
  const auto inherited = names_;
  for (const auto& [key, number] : inherited) {
    if (key.first != parent || names_.contains({child, key.second})) continue;
    names_[{child, key.second}] = number;
    ++references_[number];
  }
}

}  // namespace traces
