#include "mikey/transport.hpp"

#include "base/writer.hpp"
#include "crypto/cipher.hpp"
#include "crypto/hmac.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

// IV = (salt XOR (0x0000 || CSB ID || T)) || 0x0000; a 32-bit counter counts as a 64-bit T with leading
// zeros.
Bytes initial_counter(ByteView salt, std::uint32_t csb_id, std::uint64_t timestamp) {
  Writer writer;
  writer.u16(0).u32(csb_id).u64(timestamp).u16(0);
  Bytes out = writer.take();
  for (std::size_t i = 0; i < salt.size(); ++i) out[i] ^= salt[i];
  return out;
}

} // namespace

Result<Bytes> encrypt_key_data(const TransportContext& context, Encryption algorithm, ByteView data) {
  if (algorithm == Encryption::null) return to_bytes(data);
  const auto info = find(algorithm);
  if (!info)
    return fail(
        fmt::format("key data encryption algorithm {} is unknown, expected 0 (NULL), 1 (AES-CM-128) or "
                    "3 (AES-CM-256)",
                    static_cast<unsigned>(algorithm)));
  if (info->salt_octets == 0) return fail(fmt::format("key data encryption {} is not supported", info->name));
  SIPVET_TRY(const Bytes key, derive_transport_key(context.derivation, context.key, TransportUse::encryption,
                                                   info->key_octets));
  SIPVET_TRY(const Bytes salt,
             derive_transport_key(context.derivation, context.key, TransportUse::salt, info->salt_octets));
  SIPVET_TRY(crypto::Ctr cipher, crypto::Ctr::make(key));
  Bytes out(data.size());
  if (!cipher.process(initial_counter(salt, context.derivation.csb_id, context.timestamp.value), data, out))
    return fail("key data could not be encrypted");
  return out;
}

Result<Bytes> message_mac(const TransportContext& context, Mac algorithm, ByteView covered) {
  if (algorithm == Mac::null) return Bytes{};
  const auto info = find(algorithm);
  if (!info) return fail(fmt::format("MAC algorithm {} is unknown", static_cast<unsigned>(algorithm)));
  SIPVET_TRY(const Bytes key, derive_transport_key(context.derivation, context.key,
                                                   TransportUse::authentication, info->key_octets));
  const crypto::Hash hash = algorithm == Mac::hmac_sha256_256 ? crypto::Hash::sha256 : crypto::Hash::sha1;
  return crypto::hmac(hash, key, covered);
}

} // namespace sipvet::mikey
