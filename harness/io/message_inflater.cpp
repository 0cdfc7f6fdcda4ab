#include "io/message_inflater.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <zlib.h>

namespace sipvet::io {

namespace {
// What a sender takes off the end of each message (RFC 7692 §7.2.1).
constexpr std::array<std::uint8_t, 4> end_of_message = {0x00, 0x00, 0xFF, 0xFF};
constexpr std::size_t piece_octets = 4096;
} // namespace

struct MessageInflater::State {
  z_stream stream{};
  State() { inflateInit2(&stream, -MAX_WBITS); } // negative: without any header
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { inflateEnd(&stream); }
};

MessageInflater::MessageInflater() : state_(std::make_unique<State>()) {}
MessageInflater::MessageInflater(MessageInflater&&) noexcept = default;
MessageInflater& MessageInflater::operator=(MessageInflater&&) noexcept = default;
MessageInflater::~MessageInflater() = default;

Result<Bytes> MessageInflater::inflate(ByteView message, std::size_t most) {
  Bytes in = to_bytes(message);
  append(in, end_of_message);
  auto& stream = state_->stream;
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  Bytes out;
  std::array<std::uint8_t, piece_octets> piece{};
  do {
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    const auto before = stream.avail_in;
    const int code = ::inflate(&stream, Z_SYNC_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      return fail(std::string("a compressed message is damaged: ") +
                  (stream.msg != nullptr ? stream.msg : "no reason given"));
    const auto written = piece.size() - stream.avail_out;
    if (out.size() + written > most)
      return fail("a compressed message has more than " + std::to_string(most) + " octets");
    append(out, ByteView(piece).first(written));
    // A last block (§7.2.3.5) ends the data, not what later ones refer to.
    if (code == Z_STREAM_END) inflateResetKeep(&stream);
    if (written == 0 && before == stream.avail_in) break;
  } while (stream.avail_in > 0 || stream.avail_out == 0);
  return out;
}

} // namespace sipvet::io
