// Hash functions: one call for a whole message, or a Hasher fed in pieces.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace sipvet::crypto {

enum class Hash { md5, sha1, sha256, sha384, sha512 };

// Length of the hash value.
std::size_t octets(Hash hash);
// Length of the compression function's input block, which HMAC (RFC 2104 §2) is built on.
std::size_t block_octets(Hash hash);
std::string_view name(Hash hash); // "SHA256"

constexpr std::size_t max_hash_octets = 64;

Bytes digest(Hash hash, ByteView data);

// A copy carries on from the same state: a handshake transcript is hashed at several points of one stream.
class Hasher {
 public:
  explicit Hasher(Hash hash);
  Hasher(const Hasher& other);
  Hasher& operator=(const Hasher& other);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void update(ByteView data);
  // The hash of everything so far; starts afresh.
  Bytes finish();
  // The same into `out`, which has room for octets(hash()): nothing is allocated.
  void finish(std::span<std::uint8_t> out);
  // The hash of everything so far, without starting afresh.
  Bytes peek() const;
  Hash hash() const { return hash_; }

 private:
  struct State;
  Hash hash_;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::crypto
