#include "io/byte_source.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace sipvet::io {

namespace {
// Large enough that the calls cost nothing, small enough to stay in the processor's cache.
constexpr std::size_t buffer_octets = 256 * 1024;
// What may be kept at most: twice what a frame sorter holds and what waits for another thread behind it; and
// no buffer that had to grow for something large.
constexpr std::size_t most_others = 8;
constexpr std::size_t most_kept_octets = 4 * buffer_octets;
} // namespace

Result<ByteSource> ByteSource::open(const std::string& path) {
  Fd file(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail("cannot open " + path + ": " + std::strerror(errno));
  ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return ByteSource(std::move(file));
}

ByteSource::ByteSource(ByteView octets) : available_(octets) {}

namespace {
// Who kept it may have been another thread, and be done with reading it.
bool is_unused(const std::shared_ptr<Bytes>& buffer) {
  if (buffer.use_count() > 1) return false;
  std::atomic_thread_fence(std::memory_order_acquire);
  return true;
}
} // namespace

// Goes on in another buffer: this one is kept by somebody.
void ByteSource::change_buffer() {
  const auto unused = std::ranges::find_if(others_, is_unused);
  if (unused != others_.end()) {
    std::swap(buffer_, *unused);
    return;
  }
  others_.push_back(std::exchange(buffer_, std::make_shared<Bytes>()));
}

// Reads once, with room for at least one octet more. False at the end of the input.
Result<bool> ByteSource::fill(std::size_t wanted) {
  const std::size_t kept = available_.size();
  const std::size_t least = std::max(buffer_octets, std::min(kept * 2, wanted));
  if (!is_unused(buffer_)) {
    change_buffer();
    if (buffer_->size() <= kept) buffer_->resize(least);
    std::ranges::copy(available_, buffer_->begin());
  } else {
    if (kept != 0) std::memmove(buffer_->data(), available_.data(), kept);
    if (buffer_->size() == kept) buffer_->resize(least);
  }
  available_ = ByteView(*buffer_).first(kept);
  const auto room = std::span(*buffer_).subspan(kept);
  auto got = inflater_ ? read_compressed(room) : read(room);
  if (!got) return Error{got.error().what, offset_ + kept};
  available_ = ByteView(*buffer_).first(kept + *got);
  return *got > 0;
}

std::shared_ptr<const Bytes> ByteSource::keep() {
  if (others_.size() >= most_others) std::erase_if(others_, is_unused);
  return others_.size() < most_others && buffer_->size() <= most_kept_octets ? buffer_ : nullptr;
}

Result<std::size_t> ByteSource::read(std::span<std::uint8_t> to) {
  if (!file_) return std::size_t{0};
  ssize_t got = 0;
  do got = ::read(file_.get(), to.data(), to.size());
  while (got < 0 && errno == EINTR);
  if (got < 0) return fail(std::string("cannot read: ") + std::strerror(errno));
  return static_cast<std::size_t>(got);
}

Result<std::size_t> ByteSource::read_compressed(std::span<std::uint8_t> to) {
  for (;;) {
    SIPVET_TRY(const std::size_t written, inflater_->inflate(compressed_, to));
    if (written > 0) return written;
    compressed_buffer_.resize(buffer_octets);
    SIPVET_TRY(const std::size_t got, read(compressed_buffer_));
    if (got == 0) break;
    compressed_ = ByteView(compressed_buffer_).first(got);
  }
  if (!inflater_->complete()) return fail("the gzip data ends early");
  return std::size_t{0};
}

Result<void> ByteSource::decompress() {
  SIPVET_TRY(const ByteView start, peek(2));
  if (!looks_like_gzip(start)) return {};
  inflater_.emplace();
  // What was read is the front of the compressed data. Over memory nothing was, and all of it is.
  if (file_) compressed_buffer_ = to_bytes(available_);
  compressed_ = file_ ? ByteView(compressed_buffer_) : available_;
  available_ = {};
  return {};
}

Result<ByteView> ByteSource::peek(std::size_t count) {
  while ((file_ || inflater_) && available_.size() < count) {
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
