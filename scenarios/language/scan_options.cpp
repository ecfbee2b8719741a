// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/scan_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/language/grammar.hpp"
#include "scenarios/language/vocabulary.hpp"

namespace language {
namespace {

using traces::Scan;

constexpr std::string_view kNot = "not-";
constexpr std::string_view kNone = "none";

struct Categories {
  std::uint16_t bits = 0;
  std::uint16_t inverted = 0;
};

// One category, and whether `not-` stands before it.
std::optional<Categories> category(std::string_view text) {
  const bool inverted = text.starts_with(kNot);
  if (inverted) text.remove_prefix(kNot.size());
  const auto bits = bits_of(categories(), text);
  if (!bits) return std::nullopt;
  const auto found = static_cast<std::uint16_t>(*bits);
  return Categories{found, inverted ? found : std::uint16_t{0}};
}

// Categories joined by `+`.
std::optional<Categories> joined(std::string_view text) {
  Categories all;
  for (;;) {
    const std::size_t plus = text.find('+');
    const auto one = category(text.substr(0, plus));
    if (!one || all.bits & one->bits) return std::nullopt;
    all.bits |= one->bits;
    all.inverted |= one->inverted;
    if (plus == std::string_view::npos) return all;
    text.remove_prefix(plus + 1);
  }
}

std::string joined_text(std::uint16_t bits, std::uint16_t inverted) {
  std::string text;
  for (const NamedBits& entry : categories()) {
    if ((bits & entry.bits) == 0) continue;
    if (!text.empty()) text += '+';
    if (inverted & entry.bits) text += kNot;
    text += entry.name;
  }
  return text.empty() ? std::string(kNone) : text;
}

// A category is inverted for all that a scan looks for, or for nothing.
void add_inverted(const Cursor& cursor, const Token& token, Scan& scan, Categories found) {
  const std::uint16_t used = (scan.required | scan.any_of) & found.bits;
  if ((scan.inverted & used) != (found.inverted & used)) {
    cursor.fail(token,
                "expected a category with `not-` or without, not both: PAGEMAP_SCAN has one set of them");
  }
  scan.inverted |= found.inverted;
}

Categories take_categories(Cursor& cursor, std::string_view what) {
  const Token& token = cursor.take(what);
  const auto found = joined(token.text);
  if (!found) cursor.fail(token, fmt::format("expected {}: {}", what, either(names_of(categories()))));
  return *found;
}

}  // namespace

Choices scan_option_names() {
  Choices names = names_of(categories());
  for (const NamedBits& entry : categories()) names.push_back(fmt::format("{}{}", kNot, entry.name));
  names.insert(names.end(), {"any", "gives", "vec", "max"});
  return names;
}

void read_scan_option(Cursor& cursor, const Token& token, Scan& scan) {
  if (token.text == "vec") {
    const std::uint64_t regions = cursor.take_number("the number of regions there is room for");
    if (regions > traces::kMostScanRegions)
      cursor.fail_after(fmt::format("expected at most {} regions", traces::kMostScanRegions));
    scan.regions = static_cast<std::uint8_t>(regions);
  } else if (token.text == "max") {
    const std::uint64_t pages = cursor.take_number("the number of pages to find at most");
    if (pages > traces::kMostScanPages)
      cursor.fail_after(fmt::format("expected at most {} pages", traces::kMostScanPages));
    scan.most = static_cast<std::uint32_t>(pages);
  } else if (token.text == "gives") {
    scan.gives = 0;
    if (cursor.accept(kNone)) return;
    const Categories found = take_categories(cursor, "categories joined by `+`, or none");
    if (found.inverted != 0)
      cursor.fail_after("expected categories without `not-`: what is given is not inverted");
    scan.gives = found.bits;
  } else if (token.text == "any") {
    const Categories found = take_categories(cursor, "categories joined by `+`, as written+not-present");
    add_inverted(cursor, token, scan, found);
    scan.any_of = found.bits;
  } else {
    const Categories found = *category(token.text);
    add_inverted(cursor, token, scan, found);
    scan.required |= found.bits;
  }
}

void check_scan(const Cursor& cursor, const Draft& draft, const Token& name) {
  if (draft.layout->end().page_number() <= traces::kScannedPages) return;
  cursor.fail(name,
              fmt::format("expected a program of at most {} pages where one scans", traces::kScannedPages));
}

std::string scan_options_text(const Scan& scan) {
  std::string text;
  for (const NamedBits& entry : categories()) {
    if (!(scan.required & entry.bits)) continue;
    text += fmt::format(" {}{}", scan.inverted & entry.bits ? kNot : std::string_view{}, entry.name);
  }
  if (scan.any_of != 0) text += " any " + joined_text(scan.any_of, scan.inverted);
  if (scan.gives != Scan{}.gives) text += " gives " + joined_text(scan.gives, 0);
  if (scan.regions != Scan{}.regions) text += fmt::format(" vec {}", scan.regions);
  if (scan.most != 0) text += fmt::format(" max {}", scan.most);
  return text;
}

std::string regions_word(const traces::Value& value, const traces::Layout& layout) {
  std::string text;
  for (const traces::ScannedRegion& region : traces::regions_of(value)) {
    if (!text.empty()) text += ',';
    text += layout.name_of(region.range);
    if (region.categories != 0) text += ':' + joined_text(region.categories, 0);
  }
  return text.empty() ? "nothing" : text;
}

std::optional<traces::Value> read_regions(std::string_view token, const Names& names) {
  std::vector<traces::ScannedRegion> regions;
  for (std::string_view rest = token; token != "nothing";) {
    const std::size_t comma = rest.find(',');
    const std::string_view one = rest.substr(0, comma);
    const std::size_t colon = one.find(':');
    const auto range = read_addresses(one.substr(0, colon), names);
    Categories of_region;
    if (colon != std::string_view::npos) {
      const auto found = joined(one.substr(colon + 1));
      if (!found || found->inverted != 0) return std::nullopt;
      of_region = *found;
    }
    if (!range || !range->start.page_aligned()) return std::nullopt;
    regions.push_back({*range, of_region.bits});
    if (!traces::can_hold(regions.back()) || regions.size() > traces::kMostScanRegions) return std::nullopt;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  traces::Value value = traces::scanned(regions, 0);
  value.field_state = traces::FieldState::none;  // a word says nothing of it
  return value;
}

}  // namespace language
