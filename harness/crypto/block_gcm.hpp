// Galois/Counter Mode (NIST SP 800-38D) around a block cipher that the library offers without it: Camellia
// (RFC 6367). Only cipher.cpp needs it; everybody else asks for an Aead.
#pragma once

#include "crypto/cipher.hpp"

namespace sipvet::crypto {

class BlockGcm {
 public:
  // Of Camellia; fails when the key is not key_octets(cipher) long, or with another cipher.
  static Result<BlockGcm> make(BlockCipher cipher, ByteView key);
  BlockGcm(BlockGcm&&) noexcept;
  BlockGcm& operator=(BlockGcm&&) noexcept;
  ~BlockGcm();

  // As those of Aead: the tag of 16 octets stands behind the data. `out` may be `in` itself.
  bool seal(ByteView nonce, ByteView associated, ByteView in, std::span<std::uint8_t> out);
  bool open(ByteView nonce, ByteView associated, ByteView in, std::span<std::uint8_t> out);

 private:
  struct State;
  explicit BlockGcm(std::unique_ptr<State> state);

  std::unique_ptr<State> state_; // the library holds pointers into it
};

} // namespace sipvet::crypto
