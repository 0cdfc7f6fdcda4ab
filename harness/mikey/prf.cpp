#include "mikey/prf.hpp"

#include "crypto/hmac.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace sipvet::mikey {

namespace {

constexpr std::size_t key_block_octets = 32; // 256 bits for either function

std::optional<crypto::Hash> hash_of(Prf function) {
  switch (function) {
  case Prf::mikey_1:
    return crypto::Hash::sha1;
  case Prf::hmac_sha256:
    return crypto::Hash::sha256;
  }
  return std::nullopt;
}

// P(s, label, m) = HMAC(s, A_1 || label) || HMAC(s, A_2 || label) || …, with A_0 = label, A_i = HMAC(s,
// A_(i-1)).
void xor_chain(crypto::Hash hash, ByteView block, ByteView label, Bytes& out) {
  crypto::Hmac hmac(hash, block);
  Bytes a = to_bytes(label);
  std::size_t done = 0;
  while (done < out.size()) {
    hmac.update(a);
    a = hmac.finish();
    hmac.update(a);
    hmac.update(label);
    const Bytes piece = hmac.finish();
    for (std::size_t i = 0; i < piece.size() && done < out.size(); ++i) out[done++] ^= piece[i];
  }
}

} // namespace

Result<Bytes> prf(Prf function, ByteView key, ByteView label, std::size_t out_octets) {
  const auto hash = hash_of(function);
  if (!hash)
    return fail(fmt::format("PRF function {} is unknown, expected 0 (MIKEY-1) or 1 (HMAC-SHA-256)",
                            static_cast<unsigned>(function)));
  if (key.empty()) return fail("key to derive from is empty, expected at least one octet");
  Bytes out(out_octets, 0);
  for (std::size_t at = 0; at < key.size(); at += key_block_octets)
    xor_chain(*hash, key.subspan(at, std::min(key_block_octets, key.size() - at)), label, out);
  return out;
}

} // namespace sipvet::mikey
