// The MAC of a record of a stream or CBC suite: HMAC since TLS 1.0, and what SSL 3.0 had before it.
#pragma once

#include "base/bytes.hpp"
#include "crypto/hash.hpp"
#include "crypto/hmac.hpp"
#include "tlswire/record.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace sipvet::tlswire {

class RecordMac {
 public:
  RecordMac(std::uint16_t version, crypto::Hash hash, ByteView key);

  std::size_t octets() const { return octets_; }
  // Of `covered`: plaintext, or with encrypt-then-MAC IV and ciphertext (RFC 7366 §3). `out` has room for
  // octets().
  void compute(std::uint64_t sequence, ContentType type, std::uint16_t record_version, ByteView covered,
               std::span<std::uint8_t> out);

 private:
  // Hash functions fed with the key and its padding (RFC 6101 §5.2.3.1).
  struct Ssl3 {
    crypto::Hasher inner;
    crypto::Hasher outer;
  };
  void compute_ssl3(std::uint64_t sequence, ContentType type, ByteView covered, std::span<std::uint8_t> out);

  std::size_t octets_;
  std::optional<crypto::Hmac> hmac_;
  std::optional<Ssl3> ssl3_;
};

} // namespace sipvet::tlswire
