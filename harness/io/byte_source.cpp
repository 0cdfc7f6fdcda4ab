#include "io/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sipvet::io {

namespace {
// Large enough that the calls cost nothing, small enough to stay in the processor's cache.
constexpr std::size_t buffer_octets = 256 * 1024;
} // namespace

Result<ByteSource> ByteSource::open(const std::string& path) {
  Fd file(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail("cannot open " + path + ": " + std::strerror(errno));
  ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return ByteSource(std::move(file));
}

ByteSource::ByteSource(ByteView octets) : available_(octets) {}

// Reads once, with room for at least one octet more. False at the end of the input.
Result<bool> ByteSource::fill(std::size_t wanted) {
  const std::size_t kept = available_.size();
  if (kept != 0) std::memmove(buffer_.data(), available_.data(), kept);
  if (buffer_.size() == kept) buffer_.resize(std::max(buffer_octets, std::min(kept * 2, wanted)));
  available_ = ByteView(buffer_).first(kept);
  ssize_t got = 0;
  do got = ::read(file_.get(), buffer_.data() + kept, buffer_.size() - kept);
  while (got < 0 && errno == EINTR);
  if (got < 0) return fail(std::string("cannot read: ") + std::strerror(errno), offset_ + kept);
  available_ = ByteView(buffer_).first(kept + static_cast<std::size_t>(got));
  return got > 0;
}

Result<ByteView> ByteSource::peek(std::size_t count) {
  while (file_ && available_.size() < count) {
    SIPVET_TRY(const bool more, fill(count));
    if (!more) break;
  }
  return available_.first(std::min(count, available_.size()));
}

void ByteSource::consume(std::size_t count) {
  available_ = available_.subspan(count);
  offset_ += count;
}

Result<bool> ByteSource::skip(std::uint64_t count) {
  while (count != 0) {
    SIPVET_TRY(const ByteView some,
               peek(static_cast<std::size_t>(std::min<std::uint64_t>(count, buffer_octets))));
    if (some.empty()) return false;
    consume(some.size());
    count -= some.size();
  }
  return true;
}

} // namespace sipvet::io
