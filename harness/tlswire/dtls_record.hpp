// DTLS 1.0 and 1.2 on the wire (RFC 4347 §4, RFC 6347 §4): the records of a datagram, and handshake messages
// put together from fragments that may come twice, in any order, or never.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/record.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::tlswire {

inline constexpr std::uint16_t dtls1_0 = 0xfeff;
inline constexpr std::uint16_t dtls1_2 = 0xfefd;
std::string dtls_version_name(std::uint16_t version); // "DTLSv1.2"
// The version of TLS that has the same key schedule: TLS 1.1 for DTLS 1.0 (RFC 4347 §1).
std::uint16_t tls_version_of(std::uint16_t dtls_version);

constexpr std::size_t dtls_record_header_octets = 13;
constexpr std::size_t dtls_handshake_header_octets = 12;

struct DtlsRecord {
  ContentType type = ContentType::handshake;
  std::uint16_t version = 0;
  std::uint16_t epoch = 0; // 0: not encrypted
  std::uint64_t sequence = 0;
  ByteView fragment;
};

// Whether a datagram that is neither STUN nor RTP by its first octet (RFC 7983 §7) begins with a DTLS record.
bool looks_like_dtls(ByteView datagram);
// All records; fails at the first one that is none.
Result<std::vector<DtlsRecord>> parse_dtls_records(ByteView datagram);

// A handshake message, or a part of one (RFC 6347 §4.2.2).
struct DtlsFragment {
  HandshakeType type = HandshakeType::hello_request;
  std::uint32_t length = 0; // of the whole message's body
  std::uint16_t message_sequence = 0;
  std::uint32_t offset = 0;
  ByteView part;
};
// Those of one record's fragment.
Result<std::vector<DtlsFragment>> parse_dtls_fragments(ByteView record_fragment);

// One direction's messages of one handshake.
class DtlsHandshakeReader {
 public:
  struct Message {
    HandshakeType type = HandshakeType::hello_request;
    std::uint16_t sequence = 0;
    Bytes body;
  };
  // Repeated parts are passed over. Fails for a part that contradicts the others or claims too much.
  Result<void> add(const DtlsFragment& fragment);
  // Whole messages not handed out yet, in order of their numbers.
  std::vector<Message> take();

 private:
  // A flight has at most seven messages; a message of certificates some ten fragments.
  static constexpr std::size_t max_messages = 32;
  static constexpr std::size_t max_parts = 1024;
  struct Partial {
    HandshakeType type = HandshakeType::hello_request;
    Bytes body;
    std::map<std::uint32_t, std::uint32_t> parts; // offset to end, apart from each other
    bool handed_out = false;
  };

  std::map<std::uint16_t, Partial> messages_;
};

} // namespace sipvet::tlswire
