// SPDX-License-Identifier: Apache-2.0
#include "traces/format/source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace traces {
namespace {

class Descriptor : public Source {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() override { ::close(descriptor_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  tl::expected<std::size_t, std::string> read(std::span<char> buffer) override {
    for (;;) {
      const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return tl::unexpected(std::string(std::strerror(errno)));
    }
  }

 private:
  int descriptor_;
};

class Bytes : public Source {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}

  tl::expected<std::size_t, std::string> read(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
    std::copy_n(bytes_.data() + at_, count, buffer.data());
    at_ += count;
    return count;
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Expected<std::unique_ptr<Source>> open_source(const std::string& path) {
  const int descriptor = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return tl::unexpected(
        Error{path, 0, "the file cannot be opened", std::strerror(errno), "check the name"});
  }
  return unpacked(std::make_unique<Descriptor>(descriptor));
}

std::unique_ptr<Source> bytes_source(std::string bytes) {
  return unpacked(std::make_unique<Bytes>(std::move(bytes)));
}

std::unique_ptr<Source> descriptor_source(int descriptor) { return std::make_unique<Descriptor>(descriptor); }

}  // namespace traces
