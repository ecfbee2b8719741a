// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "scenarios/language/memory_file.hpp"
#include "scenarios/language/place.hpp"
#include "scenarios/language/sections.hpp"

namespace language {
namespace {

using traces::Region;
using traces::UffdSetup;

// What a page or region line says behind the name; each at most once.
struct RegionWords {
  Cursor& cursor;
  Region& region;
  bool filled = false;  // what the pages hold has been said
  bool protects = false;
  bool shares = false;
  bool spares = false;  // noreserve

  void read() {
    const Choices protection = {"read-only", "write-only", "no-access"};
    Choices choices = {"missing", "zero", "unmapped", "'A'", "adjacent", "shared", "private", "noreserve"};
    choices.insert(choices.end(), protection.begin(), protection.end());
    while (!cursor.done()) {
      if (cursor.peek("").text.starts_with('\'')) {
        read_letters(cursor.take(""));
        continue;
      }
      const Token& token = cursor.take_one_of(choices, "what the pages hold, or how they lie");
      if (token.text == "adjacent") {
        region.placement = Region::Placement::adjacent;
      } else if (token.text == "noreserve") {
        once(token, spares, "`noreserve`");
        region.backing.reserve = traces::Backing::Reserve::no;
      } else if (token.text == "shared" || token.text == "private") {
        once(token, shares, "way to share");
        if (token.text == "shared") region.backing.sharing = traces::Backing::Sharing::shared;
      } else if (const auto bits = protection_of(token.text)) {
        once(token, protects, "protection");
        region.protection = *bits;
      } else {
        read_fill(token);
      }
    }
  }

 private:
  static std::optional<std::uint8_t> protection_of(std::string_view name) {
    const auto bits = bits_of(protections(), name);
    return bits ? std::optional(static_cast<std::uint8_t>(*bits)) : std::nullopt;
  }

  void once(const Token& token, bool& said, std::string_view what) const {
    if (said) cursor.fail(token, fmt::format("expected one {}, {} is a second", what, shown(token.text)));
    said = true;
  }

  void read_fill(const Token& token) {
    once(token, filled, "content");
    if (token.text == "unmapped") region.mapped = false;
    if (token.text == "zero") region.initial.assign(region.count(), std::string(1, '\0'));
  }

  void read_letters(const Token& token) {
    once(token, filled, "content");
    region.initial = read_contents(cursor, token, region.count());
  }
};

// What cannot be: a mapping that is none, and contents that could not be written through the mapping.
void check_region(const Cursor& cursor, const Draft& draft, const RegionWords& words) {
  const Region& region = words.region;
  const traces::Backing& backing = region.backing;
  const bool huge = backing.page_size == model::PageSize::huge;
  if (words.spares && !huge) cursor.fail_after("expected `noreserve` only of huge pages");
  if (!region.mapped && (words.protects || words.shares || words.spares || backing.has_file)) {
    cursor.fail_after("expected nothing more: an unmapped region has no protection, and shares nothing");
  }
  if (backing.has_file && !words.shares) cursor.fail_after("expected `shared` or `private` behind the file");
  const std::vector<Region>& above = draft.litmus.program.regions;
  const bool off_boundary = huge && region.placement == Region::Placement::adjacent &&
                            (above.empty() || above.back().backing.page_size != model::PageSize::huge);
  if (off_boundary) cursor.fail_after("expected no `adjacent`: a huge page begins at a multiple of its size");
  if (region.initial.empty()) return;
  if (huge && !(region.protection & traces::kProtWrite)) {
    cursor.fail_after("expected no contents: nothing can be written to huge pages that are not writable");
  }
  if (backing.shared() && !(region.protection & traces::kProtWrite)) {
    cursor.fail_after(
        "expected no contents: nothing can be written through a shared mapping that is not writable",
        backing.has_file ? "let the file hold it" : "");
  }
  const std::uint64_t in_base_pages = region.page_bytes() / model::kPageSize;
  const bool beyond = backing.has_file && backing.page + region.initial.size() * in_base_pages >
                                              draft.litmus.program.files[backing.file].pages.value;
  if (beyond) cursor.fail_after("expected no contents beyond the end of the file");
}

// The pages of a file that the region maps, if the next word names a file.
bool read_mapped_file(Cursor& cursor, const Draft& draft, Region& region) {
  if (cursor.done()) return false;
  const auto text = place(cursor.peek("").text);
  const Declared::Entry* entry = text ? draft.declared.find(text->name) : nullptr;
  if (entry == nullptr || entry->noun != Noun::file) return false;
  const traces::RangeExpression pages = read_file_place(cursor, draft);
  region.backing.has_file = true;
  region.backing.file = pages.index;
  region.backing.page_size = draft.litmus.program.files[pages.index].page_size;
  region.backing.page = pages.offset / model::kPageSize;
  region.pages.value = pages.length / model::kPageSize;
  return true;
}

void read_new_region(Cursor& cursor, Draft& draft, Region region) {
  RegionWords words{cursor, region};
  words.read();
  check_region(cursor, draft, words);
  draft.litmus.program.regions.push_back(std::move(region));
}

const Token& read_name(Cursor& cursor, Draft& draft, Noun noun) {
  const Token& token = cursor.take(fmt::format("the name of a {}", spelled(noun)));
  check_name(cursor, token, spelled(noun));
  draft.declared.add(cursor, token, token.text, noun);
  return token;
}

// Words of a userfaultfd's line that say what is done with it.
Choices setup_words() {
  Choices words = names_of(register_modes());
  for (const Dictionary dictionary : {features(), flags()}) {
    for (const std::string& name : names_of(dictionary)) {
      if (!bits_of(register_modes(), name)) words.push_back(name);
    }
  }
  words.insert(words.end(), {"mode", "features", "flags"});
  return words;
}

bool is_setup_word(std::string_view text) {
  for (const std::string& word : setup_words()) {
    if (word == text) return true;
  }
  return text == "on" || text == "raw" || text == "unopened";
}

void read_uffd_name(Cursor& cursor, Draft& draft, UffdSetup& uffd) {
  uffd.name = "uffd";
  const Token here = cursor.done() ? cursor.line().tokens.front() : cursor.peek("");
  if (!cursor.done() && !is_setup_word(here.text)) {
    check_name(cursor, here, spelled(Noun::uffd));
    const std::string hint = suggestion(here.text, setup_words());
    if (!hint.empty())
      cursor.fail(here, "expected a mode, a feature, a flag, or a name that is less like one", hint);
    uffd.name = cursor.take("").text;
  }
  draft.declared.add(cursor, here, uffd.name, Noun::uffd);
}

// What is registered: modes gather until `on` names their places; a mode behind those begins anew.
class SetupReader {
 public:
  SetupReader(Cursor& cursor, const Draft& draft, UffdSetup& uffd)
      : cursor_(cursor), draft_(draft), uffd_(uffd) {}

  void read() {
    while (!cursor_.done()) {
      const Token here = cursor_.peek("");
      if (cursor_.accept("on")) {
        read_places(here);
      } else {
        read_word();
      }
      const bool more_than_flags = uffd_.features != 0 || mode_ || !uffd_.registrations.empty();
      if (uffd_.prepared == UffdSetup::Prepared::opened && more_than_flags) {
        cursor_.fail(here, "expected only flags after `raw`: without a handshake nothing else is possible");
      }
    }
    if (mode_) register_everything();
  }

 private:
  void read_places(const Token& on) {
    if (!mode_) cursor_.fail(on, "expected a mode before `on`, as `missing on x`");
    do {
      if (uffd_.registrations.size() == kMostOfAnything) {
        cursor_.fail(cursor_.peek("a place"), fmt::format("expected at most {} places", kMostOfAnything));
      }
      uffd_.registrations.push_back(
          {read_place(cursor_, draft_, nullptr, OperationForm::Place::range), *mode_});
    } while (!cursor_.done() && !is_setup_word(cursor_.peek("").text));
    mode_.reset();
  }

  void read_word() {
    const Token& token = cursor_.take_one_of(setup_words(), "a mode, a feature or a flag");
    if (token.text == "features") {
      uffd_.features |= cursor_.take_number("feature bits, as 0x8");
    } else if (token.text == "flags") {
      uffd_.flags |= cursor_.take_number("flag bits, as 0x800");
    } else if (token.text == "mode") {
      mode_ = mode_.value_or(0) | cursor_.take_number("mode bits, as 0x1");
    } else if (const auto mode = bits_of(register_modes(), token.text)) {
      mode_ = mode_.value_or(0) | *mode;
      uffd_.features |= features_of_mode(*mode);
    } else if (const auto feature = bits_of(features(), token.text)) {
      uffd_.features |= *feature;
    } else {
      uffd_.flags |= *bits_of(flags(), token.text);
    }
  }

  void register_everything() {
    const std::vector<Region>& regions = draft_.litmus.program.regions;
    for (std::size_t i = 0; i < regions.size(); ++i) {
      if (!regions[i].mapped) continue;
      const auto base = traces::RangeExpression::Base::region;
      uffd_.registrations.push_back(
          {{base, static_cast<std::uint8_t>(i), 0, regions[i].pages.bytes()}, *mode_});
    }
  }

  Cursor& cursor_;
  const Draft& draft_;
  UffdSetup& uffd_;
  std::optional<std::uint64_t> mode_;  // said, and not yet registered anywhere
};

}  // namespace

void read_litmus(Cursor& cursor, Draft& draft) {
  const Token& name = cursor.take("the name of the litmus");
  if (!is_name(name.text)) {
    cursor.fail(name, "expected the name of the litmus: a letter, then letters, digits, - and _");
  }
  cursor.expect_end();
  draft.litmus.program.name = name.text;
  draft.litmus.prose = draft.source.take_prose();
}

void read_kernels_section(Cursor& cursor, Draft& draft) {
  if (!draft.litmus.kernels.empty()) cursor.fail(cursor.line().tokens.front(), "expected one line `kernels`");
  draft.litmus.kernels = read_kernel_list(cursor);
}

void read_pool(Cursor& cursor, Draft& draft) {
  constexpr std::uint64_t kMost = 64;
  if (draft.litmus.program.pool) cursor.fail(cursor.line().tokens.front(), "expected one line `pool`");
  const std::uint64_t count = cursor.take_number("the number of huge pages, as `2 huge pages`");
  if (count > kMost) cursor.fail_after(fmt::format("expected at most {} huge pages", kMost));
  cursor.expect("huge", "after the number of pages in the pool");
  if (!cursor.accept("page")) cursor.expect("pages", "after `huge`");
  cursor.expect_end();
  draft.litmus.program.pool = static_cast<std::uint32_t>(count);
}

void read_page(Cursor& cursor, Draft& draft) {
  Region region;
  region.name = read_name(cursor, draft, Noun::region).text;
  const Token here = cursor.peek("what the page holds: missing, 'A', zero or unmapped");
  if (cursor.accept("huge")) {
    region.backing.page_size = model::PageSize::huge;
    region.pages.value = model::kPagesPerHugePage;
  } else if (read_mapped_file(cursor, draft, region) && region.count() != 1) {
    cursor.fail(here, "expected one page of the file, as f[0]");
  }
  read_new_region(cursor, draft, std::move(region));
}

void read_region(Cursor& cursor, Draft& draft) {
  Region region;
  region.name = read_name(cursor, draft, Noun::region).text;
  const Token here = cursor.peek("the number of pages, as `4 pages`");
  if (read_mapped_file(cursor, draft, region)) {
    read_new_region(cursor, draft, std::move(region));
    return;
  }
  const PagesRead pages = read_page_count(cursor);
  const std::uint64_t most = most_pages(pages.size);
  if (pages.count == 0 || pages.count > most)
    cursor.fail(here, fmt::format("expected from 1 to {} pages", most));
  region.backing.page_size = pages.size;
  region.pages = pages.in_base_pages();
  read_new_region(cursor, draft, std::move(region));
}

void read_uffd(Cursor& cursor, Draft& draft) {
  UffdSetup uffd;
  read_uffd_name(cursor, draft, uffd);
  if (cursor.accept("unopened")) {
    uffd.prepared = UffdSetup::Prepared::nothing;
    cursor.expect_end();
  } else if (cursor.accept("raw")) {
    uffd.prepared = UffdSetup::Prepared::opened;
  }
  SetupReader(cursor, draft, uffd).read();
  draft.litmus.program.uffds.push_back(std::move(uffd));
}

void read_epoll(Cursor& cursor, Draft& draft) {
  draft.litmus.program.epolls.emplace_back(read_name(cursor, draft, Noun::epoll).text);
  cursor.expect_end();
}

void read_socket(Cursor& cursor, Draft& draft) {
  draft.litmus.program.sockets.emplace_back(read_name(cursor, draft, Noun::socket).text);
  cursor.expect_end();
}

void read_mutex(Cursor& cursor, Draft& draft) {
  draft.litmus.program.mutexes.emplace_back(read_name(cursor, draft, Noun::mutex).text);
  cursor.expect_end();
}

void read_variable(Cursor& cursor, Draft& draft) {
  traces::SharedVariable variable;
  variable.name = read_name(cursor, draft, Noun::variable).text;
  if (cursor.accept("=")) variable.initial = cursor.take_number("the number it begins with");
  cursor.expect_end();
  draft.litmus.program.variables.push_back(std::move(variable));
}

}  // namespace language
