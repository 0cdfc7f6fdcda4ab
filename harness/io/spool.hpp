// A temporary file for what an inspection remembers and memory should not hold: written at its end, read
// anywhere, gone with the process.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "io/posix_socket.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace sipvet::io {

class Spool {
 public:
  // In the folder for temporary files (TMPDIR), readable by nobody else and without a name.
  static Result<std::shared_ptr<Spool>> make();

  // Where the octets stand from now on.
  Result<std::uint64_t> append(ByteView octets);
  // `octets` from `offset` on, all of which append() took.
  Result<Bytes> read(std::uint64_t offset, std::size_t octets);

 private:
  explicit Spool(Fd file) : file_(std::move(file)) {}
  Result<void> write_out();

  Fd file_;
  std::uint64_t written_ = 0;
  Bytes unwritten_; // behind `written_`: many small pieces become one write
};

} // namespace sipvet::io
