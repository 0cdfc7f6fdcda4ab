// AES in counter mode for many short messages under one key: nothing is set up for each of them.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/cipher.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace sipvet::crypto {

// The same as Ctr (NIST SP 800-38A §6.5), built from single blocks: the library's own counter mode takes an
// IV with each message, which costs more than the encryption of a voice packet does.
class CounterMode {
 public:
  // Fails when the key has not 16, 24 or 32 octets.
  static Result<CounterMode> make(ByteView key);
  // The same operation encrypts and decrypts. `out` has room for in.size() octets and may be `in` itself;
  // false when it has not.
  bool process(std::span<const std::uint8_t, 16> first_block, ByteView in, std::span<std::uint8_t> out);

 private:
  explicit CounterMode(AesBlock block) : block_(std::move(block)) {}

  AesBlock block_;
};

} // namespace sipvet::crypto
