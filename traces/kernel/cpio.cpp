// SPDX-License-Identifier: Apache-2.0
#include "traces/kernel/cpio.hpp"

#include <fmt/format.h>

#include <utility>

namespace traces {
namespace {

void pad(std::string& bytes) { bytes.resize((bytes.size() + 3) / 4 * 4, '\0'); }

}  // namespace

void CpioArchive::add(std::string_view name, std::uint32_t mode, std::string_view contents) {
  const std::uint32_t zero = 0;
  bytes_ += "070701";
  for (const std::size_t field :
       {std::size_t{++files_}, std::size_t{mode}, std::size_t{zero}, std::size_t{zero}, std::size_t{1},
        std::size_t{zero}, contents.size(), std::size_t{zero}, std::size_t{zero}, std::size_t{zero},
        std::size_t{zero}, name.size() + 1, std::size_t{zero}}) {
    bytes_ += fmt::format("{:08X}", field);
  }
  bytes_ += name;
  bytes_ += '\0';
  pad(bytes_);
  bytes_ += contents;
  pad(bytes_);
}

std::string CpioArchive::finish() && {
  add("TRAILER!!!", 0, {});
  return std::move(bytes_);
}

}  // namespace traces
