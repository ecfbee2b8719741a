// SPDX-License-Identifier: Apache-2.0
// kernel_runner: litmus files in free mode on the kernel it runs on, and nothing else. Static, so that it
// can be the first process of a QEMU guest; on a host it prints one JSON object a file.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "scenarios/language/parse.hpp"
#include "traces/kernel/availability.hpp"
#include "traces/kernel/guest_init.hpp"
#include "traces/kernel/job.hpp"

namespace {

constexpr int kUsage = 2;
constexpr int kUndone = 3;

tl::expected<traces::Program, std::string> parse(const traces::Job::File& file) {
  tl::expected<language::Litmus, language::ParseError> litmus = language::parse(file.text, file.name);
  if (!litmus) return tl::unexpected(language::to_text(litmus.error()));
  return std::move(litmus->program);
}

// In a guest, which is ours: each program gets the setting that it speaks of.
tl::expected<traces::Program, std::string> parse_and_set(const traces::Job::File& file) {
  tl::expected<traces::Program, std::string> program = parse(file);
  if (program) traces::set_unprivileged_userfaultfd(program->unprivileged_userfaultfd);
  return program;
}

void run_for_host(const std::string& job, const traces::Send& report) {
  traces::run_job(traces::job_from_json(job), parse_and_set,
                  [&](const traces::FileReport& file) { report(traces::to_json_text(file)); });
}

int usage() {
  std::fputs("usage: kernel_runner [-n ITERATIONS] [--seed SEED] FILE.litmus...\n", stderr);
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  if (traces::is_init()) traces::be_init(run_for_host);
  traces::Job job;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const bool has_value = i + 1 < argc;
    if (argument == "-n" && has_value) {
      job.options.iterations = std::strtoull(argv[++i], nullptr, 10);
    } else if (argument == "--seed" && has_value) {
      job.options.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (argument.starts_with("-")) {
      return usage();
    } else {
      std::ifstream file(argv[i], std::ios::binary);
      if (!file) {
        std::fprintf(stderr, "kernel_runner: cannot read %s\n", argv[i]);
        return kUsage;
      }
      job.files.push_back({argv[i], {std::istreambuf_iterator<char>(file), {}}});
    }
  }
  if (job.files.empty()) return usage();
  if (const auto why = traces::why_no_userfaultfd()) {
    std::fprintf(stderr, "kernel_runner: %s\n", why->c_str());
    return kUndone;
  }
  int status = 0;
  traces::run_job(job, parse, [&](const traces::FileReport& report) {
    std::puts(traces::to_json_text(report).c_str());
    if (!report.histogram) status = kUndone;
  });
  return status;
}
