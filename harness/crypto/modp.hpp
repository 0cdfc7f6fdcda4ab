// One side's ephemeral key of a Diffie-Hellman exchange modulo a prime (RFC 2409 §6, RFC 3526 §2).
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <string_view>

namespace sipvet::crypto {

// By the names of RFC 2412 appendix E; the generator of all is 2.
enum class ModpGroup { oakley_1, oakley_2, oakley_5 };
std::string_view name(ModpGroup group);    // "OAKLEY 5"
std::size_t value_octets(ModpGroup group); // 96, 128, 192

class ModpKey {
 public:
  // An exponent of 320 bits, twice the strength of the largest group and more. The same octets from `random`
  // make the same key.
  static ModpKey make(ModpGroup group, Random& random);

  ModpGroup group() const { return group_; }
  // value_octets(group()), with leading zeros.
  const Bytes& public_value() const { return public_value_; }
  // As long as a public value. Fails when the peer's value has another length, or is none that an honest peer
  // makes: 0, 1, the prime less one, or more.
  Result<Bytes> shared_secret(ByteView peer_public) const;

 private:
  ModpKey(ModpGroup group, Bytes exponent);

  ModpGroup group_;
  Bytes exponent_;
  Bytes public_value_;
};

} // namespace sipvet::crypto
