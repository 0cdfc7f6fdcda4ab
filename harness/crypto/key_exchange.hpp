// One side's ephemeral key of a Diffie-Hellman exchange over an elliptic curve (RFC 8422 §5.10, RFC 8446
// §7.4.2).
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/group.hpp"

#include <memory>

namespace sipvet::crypto {

class EphemeralKey {
 public:
  // The same octets from `random` make the same key.
  static EphemeralKey make(Group group, Random& random);

  EphemeralKey(EphemeralKey&&) noexcept;
  EphemeralKey& operator=(EphemeralKey&&) noexcept;
  ~EphemeralKey();

  Group group() const { return group_; }
  // The uncompressed point (04, x, y; RFC 8422 §5.4.1), or curve25519's 32 octets.
  const Bytes& public_value() const { return public_value_; }
  // The x coordinate, with leading zeros to the size of the field. Fails when the peer's value has the wrong
  // length or form, is not a point of the curve, or gives nothing but zeros on curve25519 (RFC 7748 §6.1).
  Result<Bytes> shared_secret(ByteView peer_public) const;

 private:
  struct Handle;
  EphemeralKey(Group group, std::unique_ptr<Handle> handle);

  Group group_;
  std::unique_ptr<Handle> handle_;
  Bytes public_value_;
};

} // namespace sipvet::crypto
