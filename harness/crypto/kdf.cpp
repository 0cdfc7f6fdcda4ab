#include "crypto/kdf.hpp"

#include "crypto/hmac.hpp"

#include <algorithm>

namespace sipvet::crypto {
namespace {

// P_hash of RFC 5246 §5: A(i) = HMAC(A(i-1)), output HMAC(A(i) + seed).
Bytes p_hash(Hash hash, ByteView secret, ByteView seed, std::size_t count) {
  Hmac keyed(hash, secret);
  Bytes a = to_bytes(seed);
  Bytes out;
  out.reserve(count + octets(hash));
  while (out.size() < count) {
    keyed.update(a);
    a = keyed.finish();
    keyed.update(a);
    keyed.update(seed);
    append(out, keyed.finish());
  }
  out.resize(count);
  return out;
}

Bytes label_and_seed(std::string_view label, ByteView seed) {
  Bytes both = to_bytes(label);
  append(both, seed);
  return both;
}

} // namespace

Bytes tls10_prf(ByteView secret, std::string_view label, ByteView seed, std::size_t count) {
  const Bytes full_seed = label_and_seed(label, seed);
  // With an odd length both halves share the middle octet.
  const std::size_t half = (secret.size() + 1) / 2;
  Bytes out = p_hash(Hash::md5, secret.first(half), full_seed, count);
  const Bytes other = p_hash(Hash::sha1, secret.last(half), full_seed, count);
  for (std::size_t i = 0; i < count; ++i) out[i] ^= other[i];
  return out;
}

Bytes tls12_prf(Hash hash, ByteView secret, std::string_view label, ByteView seed, std::size_t count) {
  return p_hash(hash, secret, label_and_seed(label, seed), count);
}

Bytes hkdf_extract(Hash hash, ByteView salt, ByteView input_key) {
  // RFC 5869 §2.2: no salt means HashLen zeros, which HMAC's own padding makes of an empty key.
  return hmac(hash, salt, input_key);
}

Bytes hkdf_expand(Hash hash, ByteView pseudorandom_key, ByteView info, std::size_t count) {
  count = std::min(count, 255 * octets(hash));
  Hmac keyed(hash, pseudorandom_key);
  Bytes out;
  Bytes block;
  for (std::uint8_t n = 1; out.size() < count; ++n) {
    keyed.update(block);
    keyed.update(info);
    keyed.update(ByteView(&n, 1));
    block = keyed.finish();
    append(out, block);
  }
  out.resize(count);
  return out;
}

Bytes hkdf_expand_label(Hash hash, ByteView secret, std::string_view label, ByteView context,
                        std::size_t count) {
  Bytes info{static_cast<std::uint8_t>(count >> 8), static_cast<std::uint8_t>(count)};
  info.push_back(static_cast<std::uint8_t>(6 + label.size()));
  append(info, as_bytes("tls13 "));
  append(info, as_bytes(label));
  info.push_back(static_cast<std::uint8_t>(context.size()));
  append(info, context);
  return hkdf_expand(hash, secret, info, count);
}

} // namespace sipvet::crypto
