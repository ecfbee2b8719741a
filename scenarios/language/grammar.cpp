// SPDX-License-Identifier: Apache-2.0
#include "scenarios/language/grammar.hpp"

#include <charconv>
#include <tao/pegtl.hpp>
#include <tao/pegtl/must_if.hpp>

namespace language {
namespace {

namespace peg = tao::pegtl;

// Numbers and names.
struct Hexadecimal : peg::seq<peg::one<'0'>, peg::one<'x'>, peg::plus<peg::xdigit>> {};
struct Number : peg::sor<Hexadecimal, peg::plus<peg::digit>> {};
struct Name : peg::seq<peg::alpha, peg::star<peg::sor<peg::alnum, peg::one<'-', '_'>>>> {};
struct Kernel : peg::seq<peg::plus<peg::digit>, peg::one<'.'>, peg::plus<peg::digit>> {};

// Letters in quotes.
struct PlainLetter : peg::seq<peg::not_at<peg::one<'\'', '\\'>>, peg::range<'!', '~'>> {};
struct HexLetter : peg::seq<peg::one<'x'>, peg::xdigit, peg::xdigit> {};
struct EscapedLetter : peg::sor<peg::one<'0', '.', '\\', '\''>, HexLetter> {};
struct Escape : peg::seq<peg::one<'\\'>, peg::must<EscapedLetter>> {};
struct ClosingQuote : peg::one<'\''> {};
struct Quoted : peg::seq<peg::one<'\''>, peg::star<peg::sor<Escape, PlainLetter>>, peg::must<ClosingQuote>> {
};
struct QuotedAlone : peg::seq<peg::one<'\''>, peg::plus<peg::sor<Escape, PlainLetter>>, ClosingQuote> {};
struct NoMore : peg::eof {};
struct Letters : peg::must<QuotedAlone, NoMore> {};

// Lines.
struct Plain : peg::not_one<' ', '\t', '#', '\'', '='> {};
struct Equals : peg::one<'='> {};
struct Word : peg::plus<peg::sor<peg::disable<Quoted>, Plain>> {};
struct Comment : peg::seq<peg::one<'#'>, peg::star<peg::any>> {};
struct Spaces : peg::star<peg::one<' '>> {};
struct EndOfLine : peg::eof {};
struct Line
    : peg::seq<Spaces, peg::star<peg::sor<Equals, Word>, Spaces>, peg::opt<Comment>, peg::must<EndOfLine>> {};

// Places.
struct First : Number {};
struct Last : Number {};
struct Offset : Number {};
struct Address : Number {};
struct Base : Name {};
struct ClosingBracket : peg::one<']'> {};
struct Range : peg::seq<peg::string<'.', '.'>, peg::must<Last>> {};
struct Subscript : peg::seq<peg::one<'['>, peg::must<First>, peg::opt<Range>, peg::must<ClosingBracket>> {};
struct Absolute : peg::seq<peg::one<'@'>, peg::must<Address>> {};
struct Start : peg::sor<Absolute, peg::seq<Base, peg::opt<Subscript>>> {};
struct EndOfPlace : peg::eof {};
struct Shift : peg::seq<peg::one<'+'>, peg::must<Offset>> {};
struct Place : peg::must<Start, peg::opt<Shift>, EndOfPlace> {};

// Columns.
struct Page : Number {};
struct Owner : Name {};
struct Part : Name {};
struct Subpart : Name {};
struct PageSubscript : peg::seq<peg::one<'['>, peg::must<Page>, peg::must<ClosingBracket>> {};
struct Dotted : peg::seq<peg::one<'.'>, peg::must<Part>, peg::opt<peg::one<'.'>, peg::must<Subpart>>> {};
struct EndOfColumn : peg::eof {};
struct ColumnName : peg::must<Owner, peg::opt<peg::sor<PageSubscript, Dotted>>, EndOfColumn> {};

// What a person is told when a rule is the only one that could have matched.
template <class Rule>
inline constexpr const char* kExpected = nullptr;
template <>
inline constexpr const char* kExpected<EscapedLetter> = R"(expected one of the escapes \0 \. \' \\ \x41)";
template <>
inline constexpr const char* kExpected<ClosingQuote> =
    R"(expected a letter or the closing quote (a space is written \x20))";
template <>
inline constexpr const char* kExpected<QuotedAlone> = "expected letters in quotes, as 'A' or 'AB'";
template <>
inline constexpr const char* kExpected<NoMore> = "expected nothing after the closing quote";
template <>
inline constexpr const char* kExpected<EndOfLine> = "expected spaces between words, not a tab";
template <>
inline constexpr const char* kExpected<First> = "expected the number of a page, as r[1] or r[0..2]";
template <>
inline constexpr const char* kExpected<Last> = "expected the page where the range ends, as r[0..2]";
template <>
inline constexpr const char* kExpected<Offset> = "expected bytes after the +, as x+0x800";
template <>
inline constexpr const char* kExpected<Address> = "expected an address after the @, as @0x7000";
template <>
inline constexpr const char* kExpected<ClosingBracket> = "expected a closing ]";
template <>
inline constexpr const char* kExpected<Start> =
    "expected a place: x, r[1], r[0..2], x+0x800, @0x7000 or a message's register";
template <>
inline constexpr const char* kExpected<EndOfPlace> = "expected the end of the place, or + and bytes";
template <>
inline constexpr const char* kExpected<Page> = "expected the number of a page, as r[1]";
template <>
inline constexpr const char* kExpected<Owner> =
    "expected a column: a thread, thread.register, page, variable or kernel-bug";
template <>
inline constexpr const char* kExpected<Part> = "expected a name after the dot, as app.r0";
template <>
inline constexpr const char* kExpected<Subpart> = "expected field or thread after the second dot";
template <>
inline constexpr const char* kExpected<EndOfColumn> = "expected the end of the column's name";

struct Errors {
  template <class Rule>
  static constexpr const char* message = kExpected<Rule>;
  template <class Rule>
  static constexpr bool raise_on_failure = false;  // only where `must` says so
};
template <class Rule>
using Control = peg::must_if<Errors, peg::normal, false>::control<Rule>;

// What the rules leave behind.
template <class Rule>
struct Action {};

template <class Input>
std::uint64_t number_of(const Input& in) {
  const std::optional<std::uint64_t> value = number(in.string_view());
  if (!value) throw peg::parse_error("expected a number below 2^64", in);
  return *value;
}
struct TakeToken {
  template <class Input>
  static void apply(const Input& in, std::vector<Token>& tokens) {
    tokens.push_back({in.string_view(), in.position().byte});
  }
};
template <>
struct Action<Equals> : TakeToken {};
template <>
struct Action<Word> : TakeToken {};

template <>
struct Action<PlainLetter> {
  template <class Input>
  static void apply(const Input& in, std::vector<Letter>& letters) {
    letters.push_back({in.string_view().front(), Letter::Written::plain});
  }
};
template <>
struct Action<EscapedLetter> {
  template <class Input>
  static void apply(const Input& in, std::vector<Letter>& letters) {
    const std::string_view text = in.string_view();
    Letter letter{text.front(), Letter::Written::escaped};
    if (text == "0") letter.value = '\0';
    if (text.front() == 'x') {
      unsigned byte = 0;
      std::from_chars(text.data() + 1, text.data() + text.size(), byte, 16);
      letter.value = static_cast<char>(byte);
    }
    letters.push_back(letter);
  }
};

template <>
struct Action<Base> {
  template <class Input>
  static void apply(const Input& in, PlaceText& place) {
    place.name = in.string();
  }
};
template <>
struct Action<Address> {
  template <class Input>
  static void apply(const Input& in, PlaceText& place) {
    place.address = number_of(in);
  }
};
template <>
struct Action<First> {
  template <class Input>
  static void apply(const Input& in, PlaceText& place) {
    place.first = number_of(in);
  }
};
template <>
struct Action<Last> {
  template <class Input>
  static void apply(const Input& in, PlaceText& place) {
    place.last = number_of(in);
  }
};
template <>
struct Action<Offset> {
  template <class Input>
  static void apply(const Input& in, PlaceText& place) {
    place.offset = number_of(in);
  }
};

template <>
struct Action<Owner> {
  template <class Input>
  static void apply(const Input& in, ColumnText& column) {
    column.name = in.string();
  }
};
template <>
struct Action<Page> {
  template <class Input>
  static void apply(const Input& in, ColumnText& column) {
    column.page = number_of(in);
  }
};
template <>
struct Action<Part> {
  template <class Input>
  static void apply(const Input& in, ColumnText& column) {
    column.part = in.string();
  }
};
template <>
struct Action<Subpart> {
  template <class Input>
  static void apply(const Input& in, ColumnText& column) {
    column.subpart = in.string();
  }
};

template <class Grammar, class Result>
tl::expected<Result, Misfit> match(std::string_view text) {
  try {
    Result result;
    peg::memory_input<> in(text.data(), text.data() + text.size(), "");
    peg::parse<Grammar, Action, Control>(in, result);
    return result;
  } catch (const peg::parse_error& error) {
    return tl::unexpected(Misfit{error.positions().front().byte, std::string(error.message())});
  }
}

template <class Rule>
bool fits(std::string_view text) {
  peg::memory_input<> in(text.data(), text.data() + text.size(), "");
  return peg::parse<peg::seq<Rule, peg::eof>>(in);
}

}  // namespace

tl::expected<std::vector<Token>, Misfit> split(std::string_view line) {
  return match<Line, std::vector<Token>>(line);
}
tl::expected<std::vector<Letter>, Misfit> letters(std::string_view text) {
  return match<Letters, std::vector<Letter>>(text);
}
tl::expected<PlaceText, Misfit> place(std::string_view text) { return match<Place, PlaceText>(text); }
tl::expected<ColumnText, Misfit> column(std::string_view text) { return match<ColumnName, ColumnText>(text); }

std::optional<std::uint64_t> number(std::string_view text) {
  if (!fits<Number>(text)) return std::nullopt;
  const bool hexadecimal = text.starts_with("0x");
  const char* first = text.data() + (hexadecimal ? 2 : 0);
  const char* end = text.data() + text.size();
  std::uint64_t value = 0;
  const auto [stop, problem] = std::from_chars(first, end, value, hexadecimal ? 16 : 10);
  if (problem != std::errc() || stop != end) return std::nullopt;
  return value;
}
bool is_name(std::string_view text) { return fits<Name>(text); }
bool is_kernel(std::string_view text) { return fits<Kernel>(text); }

}  // namespace language
