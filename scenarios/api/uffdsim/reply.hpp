// SPDX-License-Identifier: Apache-2.0
// What simulated system calls give back. Each is a handful of plain bytes, and can be kept by a Task.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

#include "model/errno.hpp"

namespace uffdsim {

// Errno::none, Errno::again, Errno::exist, …: errno(3) without the E. to_text() gives the name with it.
using Errno = model::Errno;
using model::to_text;
// A T, or the Errno that tells why there is none: as tl::expected<T, Errno>.
template <class T>
using Result = model::Result<T>;

// An ioctl's answer: its errno, and its output field (uffdio_copy.copy, uffdio_register.ioctls, …), which
// counts also where the ioctl failed: COPY of four pages may fill one and say EAGAIN.
class Reply {
 public:
  enum class Field : std::uint8_t { none, untouched, written };
  constexpr Reply() = default;
  constexpr Reply(Errno error, Field state, std::int64_t field)
      : error_(error), state_(state), field_(field) {}

  constexpr explicit operator bool() const { return error_ == Errno::none; }
  constexpr Errno error() const { return error_; }
  constexpr Field field_state() const { return state_; }
  constexpr std::int64_t field() const { return field_; }  // as the kernel left it
  // How many bytes were done, however the ioctl ended.
  constexpr std::uint64_t bytes() const {
    return state_ == Field::written && field_ > 0 ? static_cast<std::uint64_t>(field_) : 0;
  }

 private:
  Errno error_ = Errno::none;
  Field state_ = Field::none;
  [[maybe_unused]] std::array<std::uint8_t, 6> padding_{};
  std::int64_t field_ = 0;
};
static_assert(std::has_unique_object_representations_v<Reply>, "padding would tell equal worlds apart");

// How the program's own access to memory ended: with the letter that was there (a store: that was written),
// or with a signal.
class Touched {
 public:
  constexpr Touched() = default;
  static constexpr Touched letter(char content) { return Touched(content, 0); }
  static constexpr Touched signalled(int signal) { return Touched(0, static_cast<std::uint8_t>(signal)); }

  constexpr explicit operator bool() const { return signal_ == 0; }
  constexpr char content() const { return content_; }  // 0: a page of zeros
  constexpr int signal() const { return signal_; }     // SIGBUS, SIGSEGV; 0: none
  friend constexpr bool operator==(Touched touched, char letter) {
    return touched && touched.content_ == letter;
  }

 private:
  constexpr Touched(char content, std::uint8_t signal) : content_(content), signal_(signal) {}
  char content_ = 0;
  std::uint8_t signal_ = 0;
};

// "ok", "EAGAIN", "'A'", "zero", "SIGBUS"; an ioctl's bytes where they say more than the errno.
std::string to_text(const Reply& reply);
std::string to_text(Touched touched);

}  // namespace uffdsim
