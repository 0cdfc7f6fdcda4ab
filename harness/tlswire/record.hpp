// TLS records (RFC 8446 §5.1, RFC 5246 §6.2) cut out of one direction of a byte stream.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sipvet::tlswire {

enum class ContentType : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
  heartbeat = 24, // RFC 6520
};

constexpr std::size_t record_header_octets = 5;
constexpr std::size_t max_plaintext_octets = 16384; // RFC 5246 §6.2.1
// RFC 5246 §6.2.3 allows 2048 octets of expansion; TLS 1.3 (256) is within that.
constexpr std::size_t max_ciphertext_octets = max_plaintext_octets + 2048;

struct Record {
  ContentType type = ContentType::handshake;
  std::uint16_t version = 0; // as written in the record, not as negotiated
  // Without the header. For an SSLv2-format hello: everything after its two octets of length.
  ByteView fragment;
  std::uint64_t stream_offset = 0; // of the record's first octet
  bool sslv2_hello = false;        // parse the fragment with parse_sslv2_client_hello()
};

// Feed what arrived, then call next() until it returns nothing:
//
//   reader.feed(segment);
//   for (auto record = reader.next(); record && *record; record = reader.next()) use(**record);
//
// The octets fed must stay valid until next() has returned nothing (they are copied then, as far as they
// begin a record that is not whole). A record's fragment is valid until the following next() or feed(). After
// an error the stream has no further records.
class RecordReader {
 public:
  // `stream_offset` is where the first octet to be fed stands in its stream. An SSLv2-format hello is
  // recognised at offset 0 only (RFC 5246 appendix E.2).
  explicit RecordReader(std::uint64_t stream_offset = 0) : offset_(stream_offset) {}

  void feed(ByteView octets);
  // A record, nothing when more octets are needed, or why this is not TLS: the error's offset counts within
  // the stream.
  Result<std::optional<Record>> next();

  // Where in the stream the next record begins.
  std::uint64_t stream_offset() const { return offset_; }
  // What was fed and not handed out: all of it, once next() has failed.
  Bytes unread() const;
  // Octets held of a record that is not whole.
  std::size_t pending() const { return held_.size() + input_.size(); }

 private:
  Result<std::optional<std::size_t>> next_length(ByteView start) const;
  void hold(std::size_t wanted);
  void drop_used();

  Bytes held_;           // the beginning of a record that came in pieces
  std::size_t used_ = 0; // of held_: the record handed out last
  ByteView input_;       // what was fed and is not yet used
  std::uint64_t offset_;
  std::optional<Error> failed_;
};

// Whether five or more octets could begin a TLS record: known type, version 3.x, possible length. For finding
// the way back into a stream.
bool looks_like_record(ByteView octets);

void append_record(Bytes& to, ContentType type, std::uint16_t version, ByteView fragment);

} // namespace sipvet::tlswire
