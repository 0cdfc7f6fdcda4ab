// A file, or octets in memory, compressed with gzip or not, read front to back through one buffer.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "io/inflater.hpp"
#include "io/posix_socket.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::io {

class ByteSource {
 public:
  // "-" is standard input.
  static Result<ByteSource> open(const std::string& path);
  explicit ByteSource(ByteView octets); // which must outlive this
  // What is compressed is decompressed from here on; call it before anything is read. Fails when the input
  // cannot be read.
  Result<void> decompress();

  // The next `count` octets, or fewer when the input ends before; they stay to be read. The view holds until
  // the next peek() or skip(). The buffer grows with what is there, not with what is asked for.
  Result<ByteView> peek(std::size_t count);
  void consume(std::size_t count); // of what peek() gave
  // What keeps the octets that peek() gave last, however much is read behind them. Nothing when so much is
  // kept already that memory would grow with the input; over memory of others there is nothing to keep.
  std::shared_ptr<const Bytes> keep();
  // Goes past `count` octets; false when the input ends before.
  Result<bool> skip(std::uint64_t count);
  // Of what was decompressed.
  std::uint64_t offset() const { return offset_; }

 private:
  explicit ByteSource(Fd file) : file_(std::move(file)) {}
  Result<bool> fill(std::size_t wanted);
  Result<std::size_t> read(std::span<std::uint8_t> to);
  Result<std::size_t> read_compressed(std::span<std::uint8_t> to);

  Fd file_;
  std::optional<Inflater> inflater_;
  Bytes compressed_buffer_;
  ByteView compressed_; // within that buffer, or the memory
  using Buffer = std::shared_ptr<Bytes>;
  void change_buffer();

  Buffer buffer_ = std::make_shared<Bytes>(); // unused over plain memory
  std::vector<Buffer> others_;                // that were given to be kept, and perhaps are still
  ByteView available_;                        // within the buffer, or the memory
  std::uint64_t offset_ = 0;
};

} // namespace sipvet::io
