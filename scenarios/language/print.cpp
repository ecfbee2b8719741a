// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/language/column.hpp"
#include "scenarios/language/memory_file.hpp"
#include "scenarios/language/operation.hpp"
#include "scenarios/language/word.hpp"

namespace language {
namespace {

using traces::Condition;
using traces::Region;
using traces::UffdSetup;

constexpr std::size_t kHead = 10;  // columns that the words of claims take: "outcomes  "

// `sources`: by register, what may have written it.
std::string condition_text(const traces::ThreadProgram& thread, const Condition& condition,
                           const std::vector<OperationKinds>& sources, const traces::Layout& layout) {
  const bool field = condition.subject == Condition::Subject::field;
  const std::string& name = thread.registers[condition.reg];
  const std::string pattern = field ? field_word(condition.pattern, field_unit(sources[condition.reg]))
                                    : word(Pattern{condition.pattern, condition.match_address}, layout);
  return fmt::format("{}{} is {}{}", name, field ? ".field" : "",
                     condition.test == Condition::Test::is_not ? "not " : "", pattern);
}

class Printer {
 public:
  explicit Printer(const Litmus& litmus)
      : litmus_(litmus), program_(litmus.program), layout_(litmus.program) {}

  std::string print() {
    out_ = "litmus " + program_.name + '\n';
    print_prose();
    print_conditions();
    print_setup();
    for (const traces::ThreadProgram& thread : program_.threads) {
      if (thread.parent != traces::ThreadProgram::kFromTheStart) continue;  // stands where it is forked
      out_ += fmt::format("\nthread {}\n", thread.name);
      sources_.assign(thread.registers.size(), {});
      print_block(thread, thread.body, 1);
    }
    if (!litmus_.columns.empty() || !litmus_.claims.empty()) out_ += '\n';
    print_outcomes();
    for (const Claim& claim : litmus_.claims) print_claim(claim);
    return std::move(out_);
  }

 private:
  void print_prose() {
    if (litmus_.prose.empty()) return;
    for (std::size_t from = 0; from <= litmus_.prose.size();) {
      const std::size_t end = std::min(litmus_.prose.find('\n', from), litmus_.prose.size());
      if (end > from) out_ += "    " + litmus_.prose.substr(from, end - from);
      out_ += '\n';
      from = end + 1;
    }
  }

  void print_conditions() {
    const bool somebody = program_.privilege != traces::Privilege::root;
    const bool allowed = program_.unprivileged_userfaultfd == traces::UnprivilegedUffd::allowed;
    const bool guests = litmus_.machines == Litmus::Machines::guests;
    if (!litmus_.kernels.empty() || somebody || allowed || guests) out_ += '\n';
    if (!litmus_.kernels.empty()) out_ += fmt::format("kernels {}\n", fmt::join(litmus_.kernels, " "));
    if (program_.privilege == traces::Privilege::unprivileged) out_ += "unprivileged\n";
    if (program_.privilege == traces::Privilege::nobody) out_ += "nobody\n";
    if (allowed) out_ += "unprivileged-userfaultfd\n";
    if (guests) out_ += "guests-only\n";
  }

  // Regions and userfaultfds, what follows their names aligned.
  void print_setup() {
    std::vector<std::pair<std::string, std::string>> lines;
    if (program_.pool) lines.emplace_back("pool", fmt::format("{} huge pages", *program_.pool));
    for (const traces::MemoryFile& file : program_.files)
      lines.emplace_back("file " + file.name, file_text(file));
    for (const Region& region : program_.regions) lines.push_back(region_line(region));
    for (const UffdSetup& uffd : program_.uffds) lines.push_back(uffd_line(uffd));
    std::size_t width = 0;
    for (const auto& [head, rest] : lines) width = std::max(width, head.size());
    const bool without_rest = program_.epolls.empty() && program_.sockets.empty() &&
                              program_.mutexes.empty() && program_.variables.empty();
    if (!lines.empty() || !without_rest) out_ += '\n';
    for (const auto& [head, rest] : lines) {
      out_ += rest.empty() ? head + '\n' : fmt::format("{:<{}}  {}\n", head, width, rest);
    }
    for (const std::string& epoll : program_.epolls) out_ += fmt::format("epoll {}\n", epoll);
    for (const std::string& socket : program_.sockets) out_ += fmt::format("socket {}\n", socket);
    for (const std::string& mutex : program_.mutexes) out_ += fmt::format("mutex {}\n", mutex);
    for (const traces::SharedVariable& variable : program_.variables) {
      out_ += "variable " + variable.name;
      out_ += variable.initial == 0 ? "\n" : fmt::format(" = {}\n", variable.initial);
    }
  }

  std::pair<std::string, std::string> region_line(const Region& region) const {
    const bool page = region.count() == 1;
    const std::string head = (page ? "page " : "region ") + region.name;
    const traces::Backing& backing = region.backing;
    const bool huge = backing.page_size == model::PageSize::huge;
    std::string rest;
    if (!backing.has_file && page && huge) rest = "huge ";
    if (!backing.has_file && !page) rest = page_count_text(region.count(), backing.page_size) + ' ';
    if (backing.has_file) {
      const traces::RangeExpression pages{traces::RangeExpression::Base::file, backing.file,
                                          backing.page * model::kPageSize, region.pages.bytes()};
      rest += file_place_text(pages, program_) + (backing.shared() ? " shared" : " private");
      if (!region.initial.empty()) rest += ' ' + contents_text(region.initial, region.count());
    } else {
      rest += fill_text(region);
      if (backing.shared()) rest += " shared";
    }
    if (backing.reserve == traces::Backing::Reserve::no) rest += " noreserve";
    for (const NamedBits& entry : protections()) {
      if (entry.bits == region.protection && entry.name != "read-write")
        rest += ' ' + std::string(entry.name);
    }
    if (region.placement == Region::Placement::adjacent) rest += " adjacent";
    return {head, rest};
  }

  static std::string fill_text(const Region& region) {
    if (!region.mapped) return "unmapped";
    if (region.initial.empty()) return "missing";
    return contents_text(region.initial, region.count());
  }

  std::pair<std::string, std::string> uffd_line(const UffdSetup& uffd) const {
    const std::string head = uffd.name == "uffd" ? "uffd" : "uffd " + uffd.name;
    if (uffd.prepared == UffdSetup::Prepared::nothing) return {head, "unopened"};
    std::vector<std::string> words;
    if (uffd.prepared == UffdSetup::Prepared::opened) words.emplace_back("raw");
    const bool everything = registers_everything(uffd);
    if (everything) words.push_back(mode_text(uffd, uffd.registrations.front().mode));
    if (const std::string more = features_text(uffd); !more.empty()) words.push_back(more);
    if (uffd.flags != 0) words.push_back(spell(flags(), uffd.flags, "flags"));
    if (!everything) {
      for (std::size_t i = 0; i < uffd.registrations.size(); ++i) {
        const UffdSetup::Registration& registration = uffd.registrations[i];
        if (i == 0 || registration.mode != uffd.registrations[i - 1].mode) {
          words.push_back(mode_text(uffd, registration.mode) + " on");
        }
        words.push_back(place_text(registration.range, OperationForm::Place::range, program_.regions, {}));
      }
    }
    return {head, fmt::format("{}", fmt::join(words, " "))};
  }

  // By number where the words would bring a feature along that the userfaultfd does not have.
  static std::string mode_text(const UffdSetup& uffd, std::uint64_t mode) {
    const bool lacks_feature = features_of_mode(mode) & ~uffd.features;
    return lacks_feature ? fmt::format("mode {:#x}", mode) : spell(register_modes(), mode, "mode");
  }

  // Without those that come with a mode. RWP alone would read as the mode.
  static std::string features_text(const UffdSetup& uffd) {
    std::uint64_t rest = uffd.features;
    for (const UffdSetup::Registration& registration : uffd.registrations) {
      const bool by_number = mode_text(uffd, registration.mode).starts_with("mode ");
      if (!by_number) rest &= ~features_of_mode(registration.mode);
    }
    if (rest == 0) return "";
    const bool reads_as_mode = rest & features_of_mode(~std::uint64_t{0});
    return reads_as_mode ? fmt::format("features {:#x}", rest) : spell(features(), rest, "features");
  }

  // Whether the registrations are what a mode without `on` means.
  bool registers_everything(const UffdSetup& uffd) const {
    if (uffd.registrations.empty()) return false;
    std::vector<UffdSetup::Registration> all;
    for (std::size_t i = 0; i < program_.regions.size(); ++i) {
      if (!program_.regions[i].mapped) continue;
      const auto base = traces::RangeExpression::Base::region;
      all.push_back({{base, static_cast<std::uint8_t>(i), 0, program_.regions[i].pages.bytes()},
                     uffd.registrations.front().mode});
    }
    return all == uffd.registrations;
  }

  void print_block(const traces::ThreadProgram& thread, const traces::Block& block, std::size_t depth) {
    std::size_t width = 0;  // of the longest register that the block assigns
    for (const traces::Statement& statement : block) {
      const auto* perform = std::get_if<traces::Perform>(&statement.what);
      if (perform != nullptr && perform->result >= 0)
        width = std::max(width, register_of(thread, *perform).size());
    }
    const std::string indent(4 * depth, ' ');
    for (const traces::Statement& statement : block) {
      if (const auto* perform = std::get_if<traces::Perform>(&statement.what)) {
        out_ += indent;
        if (perform->result >= 0) out_ += fmt::format("{:<{}} = ", register_of(thread, *perform), width);
        out_ += operation_text(perform->operation, program_, thread) + '\n';
        if (perform->result >= 0)
          sources_[static_cast<std::size_t>(perform->result)].add(perform->operation.kind);
        if (perform->operation.kind == traces::OperationKind::fork)
          print_child(perform->operation, depth + 1);
      } else if (const auto* branch = std::get_if<traces::If>(&statement.what)) {
        out_ += fmt::format("{}if {}\n", indent, condition_text(thread, branch->condition, sources_, layout_));
        print_block(thread, branch->then, depth + 1);
        if (!branch->otherwise.empty()) out_ += indent + "else\n";
        print_block(thread, branch->otherwise, depth + 1);
      } else {
        const auto& loop = std::get<traces::RepeatUntil>(statement.what);
        out_ += indent + "repeat\n";
        print_block(thread, loop.body, depth + 1);
        out_ += fmt::format("{}until {}\n", indent, condition_text(thread, loop.until, sources_, layout_));
      }
    }
  }

  void print_child(const traces::Operation& fork, std::size_t depth) {
    const traces::ThreadProgram& child = program_.threads[fork.child];
    std::vector<OperationKinds> outer = std::exchange(sources_, {});
    sources_.assign(child.registers.size(), {});
    print_block(child, child.body, depth);
    sources_ = std::move(outer);
  }

  static const std::string& register_of(const traces::ThreadProgram& thread, const traces::Perform& perform) {
    return thread.registers[static_cast<std::size_t>(perform.result)];
  }

  void print_outcomes() {
    if (litmus_.columns.empty()) return;
    std::vector<Words> rows(1);
    for (const Column& column : litmus_.columns) rows.front().push_back(name_of(column, program_));
    for (const Row& row : litmus_.rows) rows.push_back(row.words);
    std::vector<std::size_t> widths(litmus_.columns.size());
    for (const Words& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (std::size_t r = 0; r < rows.size(); ++r) {
      std::string line = fmt::format("{:<{}}", r == 0 ? "outcomes" : "", kHead);
      for (std::size_t i = 0; i < rows[r].size(); ++i)
        line += fmt::format("{:<{}}", rows[r][i], widths[i] + 2);
      if (r > 0) line += on_text(litmus_.rows[r - 1].kernels, "");
      line.erase(line.find_last_not_of(' ') + 1);
      out_ += line + '\n';
    }
  }

  void print_claim(const Claim& claim) {
    constexpr const char* kWords[] = {"never", "sometimes", "always"};
    if (claim.defect.empty()) {
      out_ += fmt::format("{:<{}}", kWords[static_cast<int>(claim.kind)], kHead);
    } else {
      out_ += fmt::format("{:<{}}{}  sometimes ", "with", kHead, claim.defect);
    }
    for (std::size_t i = 0; i < claim.terms.size(); ++i) {
      if (i > 0) out_ += " and ";
      out_ += name_of(claim.terms[i].column, program_) + ' ' + claim.terms[i].word;
    }
    out_ += on_text(claim.kernels, "  ") + '\n';
  }

  static std::string on_text(const std::vector<std::string>& kernels, std::string_view before) {
    return kernels.empty() ? "" : fmt::format("{}on {}", before, fmt::join(kernels, " "));
  }

  const Litmus& litmus_;
  const traces::Program& program_;
  traces::Layout layout_;
  std::vector<OperationKinds> sources_;  // of the thread at hand, by register, of the lines printed so far
  std::string out_;
};

}  // namespace

std::string print(const Litmus& litmus) { return Printer(litmus).print(); }

std::string print(const traces::Program& program) {
  Litmus litmus;
  litmus.program = program;
  return print(litmus);
}

std::string print(const traces::Operation& operation, const traces::Program& program,
                  const traces::ThreadProgram& thread) {
  return operation_text(operation, program, thread);
}

std::string print(const traces::Condition& condition, const traces::Program& program,
                  const traces::ThreadProgram& thread) {
  return condition_text(thread, condition, sources(thread), traces::Layout(program));
}

}  // namespace language
