// A file, or octets in memory, read front to back through one buffer.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "io/posix_socket.hpp"

#include <cstdint>
#include <string>

namespace sipvet::io {

class ByteSource {
 public:
  // "-" is standard input.
  static Result<ByteSource> open(const std::string& path);
  explicit ByteSource(ByteView octets); // which must outlive this

  // The next `count` octets, or fewer when the input ends before; they stay to be read. The view holds until
  // the next peek() or skip(). The buffer grows with what is there, not with what is asked for.
  Result<ByteView> peek(std::size_t count);
  void consume(std::size_t count); // of what peek() gave
  // Goes past `count` octets; false when the input ends before.
  Result<bool> skip(std::uint64_t count);
  std::uint64_t offset() const { return offset_; }

 private:
  explicit ByteSource(Fd file) : file_(std::move(file)) {}
  Result<bool> fill(std::size_t wanted);

  Fd file_;
  Bytes buffer_;       // unused over memory
  ByteView available_; // within the buffer, or the memory
  std::uint64_t offset_ = 0;
};

} // namespace sipvet::io
