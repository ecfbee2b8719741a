// SPDX-License-Identifier: Apache-2.0
#include "uffdsim/claim.hpp"

#include <cstring>

#include "uffdsim/world.hpp"

namespace uffdsim::detail {

void expect_failed(const char* text, const char* file, int line) {
  Broken& broken = this_world().broken;
  if (broken.text) return;
  sim::touch(&broken, sizeof broken, sim::Access::write);
  broken = {text, file, line, sim::current.thread};
  sim::kernel_bug(text);  // nothing that comes after counts: the world stops here
}

void record(const char* name, Value value) {
  Records& records = this_world().records[sim::current.thread];
  sim::touch(&records, sizeof records, sim::Access::write);
  for (std::uint64_t i = 0; i < records.count; ++i) {
    if (std::strcmp(records.items[i].name, name) != 0) continue;
    records.items[i].value = value;
    return;
  }
  if (records.count == Records::kMost) {
    expect_failed("a thread records at most six names", name, 0);
    return;
  }
  records.items[records.count++] = {name, value};
}

}  // namespace uffdsim::detail
