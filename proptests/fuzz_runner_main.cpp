// SPDX-License-Identifier: Apache-2.0
// fuzz_runner: the first process of a QEMU guest that fuzzes its kernel, for `uffdsim fuzz --kernel`.
#include <cstdio>

#include "proptests/fuzz.hpp"
#include "traces/kernel/guest_init.hpp"

namespace {

void fuzz_for_host(const std::string& job, const traces::Send& report) {
  proptests::fuzz(proptests::fuzz_job_from_json(job),
                  [&](const proptests::FuzzReport& done) { report(to_json_text(done)); });
}

}  // namespace

int main() {
  if (traces::is_init()) traces::be_init(fuzz_for_host);
  std::fputs("fuzz_runner: this is the first process of a QEMU guest; use `uffdsim fuzz --kernel 6.1`\n",
             stderr);
  return 2;
}
