// SPDX-License-Identifier: Apache-2.0
// Terminal: where the command writes, and whether somebody is looking: colour and progress are for people.
#pragma once
#include <string>
#include <string_view>

namespace cli {

// What a piece of text is, not what colour it has.
enum class Tone : unsigned char {
  plain,
  head,  // headings
  faint,
  good,
  bad,
  odd,   // worth a second look
  name,  // of a thread or a file
};

// Turns tones into escape sequences, or into nothing.
class Paint {
 public:
  enum class Colour : unsigned char { off, on };
  explicit Paint(Colour colour = Colour::off) : colour_(colour) {}
  std::string operator()(Tone tone, std::string_view text) const;

 private:
  Colour colour_;
};

// Columns that the text takes on a screen (UTF-8, no control characters, no wide ones).
std::size_t width_of(std::string_view text);
// The text, filled up with spaces to `width` columns.
std::string padded(std::string_view text, std::size_t width);

class Terminal {
 public:
  Terminal();

  const Paint& paint() const { return paint_; }
  bool watched() const { return watched_; }  // standard error is a terminal: progress may be shown

  void print(std::string_view text) const;    // standard output
  void complain(std::string_view text) const;  // standard error

 private:
  Paint paint_;
  bool watched_ = false;
};

// What does not help a person who asked for a file or the next tool: "1,234,567".
std::string grouped(unsigned long long number);
// "1 world", "1,203 worlds".
std::string counted(unsigned long long number, std::string_view noun);
// "612 bytes", "2.4 KiB".
std::string bytes_text(unsigned long long bytes);

}  // namespace cli
