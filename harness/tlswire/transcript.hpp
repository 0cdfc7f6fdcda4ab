// The running hash of handshake messages, kept until the hash function is known (RFC 5246 §7.4.9, RFC 8446
// §4.4.1).
#pragma once

#include "base/bytes.hpp"
#include "crypto/hash.hpp"
#include "tlswire/suites.hpp"

#include <cstdint>
#include <vector>

namespace sipvet::tlswire {

class Transcript {
 public:
  // A message with its header (HandshakeMessage::raw), or the fragment of an SSLv2-format hello.
  void add(ByteView raw_message);
  // Once ServerHello has named version and suite: MD5 and SHA-1 together before TLS 1.2, the suite's hash
  // since.
  void choose(std::uint16_t version, const Suite& suite);
  bool chosen() const { return !hashers_.empty(); }
  // TLS 1.3 after a HelloRetryRequest: the first ClientHello is replaced by its hash. Call between
  // ClientHello and HelloRetryRequest, after choose().
  void replace_by_message_hash();
  // Of all messages so far; 36 octets before TLS 1.2. Empty before choose().
  Bytes hash() const;

 private:
  Bytes waiting_; // messages before choose()
  std::vector<crypto::Hasher> hashers_;
};

} // namespace sipvet::tlswire
