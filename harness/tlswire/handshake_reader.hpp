// Handshake messages put together from the fragments of records: one record may hold several messages, and
// one message may span several records (RFC 5246 §6.2.1).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace sipvet::tlswire {

enum class HandshakeType : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  hello_verify_request = 3,
  new_session_ticket = 4,
  end_of_early_data = 5,
  encrypted_extensions = 8,
  certificate = 11,
  server_key_exchange = 12,
  certificate_request = 13,
  server_hello_done = 14,
  certificate_verify = 15,
  client_key_exchange = 16,
  finished = 20,
  certificate_status = 22,
  key_update = 24,
  message_hash = 254, // RFC 8446 §4.4.1: stands in the transcript only
};
std::string handshake_type_name(HandshakeType type);
std::optional<HandshakeType> find_handshake_type(std::string_view name);

constexpr std::size_t handshake_header_octets = 4;
// Certificate chains of real servers stay under 100 KiB, OpenSSL's own limit; a claimed 16 MiB is not waited
// for.
constexpr std::size_t max_handshake_octets = 256 * 1024;

struct HandshakeMessage {
  HandshakeType type = HandshakeType::hello_request;
  ByteView body; // after the four octets of header
  ByteView raw;  // with them: what goes into the transcript
};

// The views of a message are valid until the following next() or feed().
class HandshakeReader {
 public:
  void feed(ByteView fragment);
  // A message, nothing when more is needed, or an error when a message claims more than max_handshake_octets.
  Result<std::optional<HandshakeMessage>> next();
  // Whether a message has begun and is not whole: records of other types must not come now.
  bool partial() const { return used_ < held_.size(); }

 private:
  Bytes held_;
  std::size_t used_ = 0;
};

void append_handshake(Bytes& to, HandshakeType type, ByteView body);

} // namespace sipvet::tlswire
