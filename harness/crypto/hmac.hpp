// HMAC (RFC 2104): one call, or an object that is keyed once and then used for any number of messages.
#pragma once

#include "base/bytes.hpp"
#include "crypto/hash.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace sipvet::crypto {

Bytes hmac(Hash hash, ByteView key, ByteView data);

// The padded key is hashed once, at construction; each message then starts from a copy of that state.
class Hmac {
 public:
  Hmac(Hash hash, ByteView key);
  Hmac(Hmac&&) noexcept;
  Hmac& operator=(Hmac&&) noexcept;
  ~Hmac();

  // Forgets what was fed since the last message ended.
  void reset();
  void update(ByteView data);
  // Writes octets() octets to `out`, which must have room for them, and is ready for the next message.
  void finish(std::span<std::uint8_t> out);
  Bytes finish();
  // Of one message in two parts, all at once: what was fed before stays as it is. Looks at no more memory of
  // this object than it must, which counts where very many are in use by turns.
  void compute(ByteView first, ByteView second, std::span<std::uint8_t> out) const;
  std::size_t octets() const { return crypto::octets(hash_); }

 private:
  struct State;
  Hash hash_;
  std::unique_ptr<State> state_;
};

// Whether two octet strings are the same, in time that does not depend on where they differ.
bool equal_constant_time(ByteView a, ByteView b);

} // namespace sipvet::crypto
