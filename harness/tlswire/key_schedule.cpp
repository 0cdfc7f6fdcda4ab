#include "tlswire/key_schedule.hpp"

#include "base/reader.hpp"
#include "crypto/hash.hpp"
#include "crypto/kdf.hpp"
#include "tlswire/version.hpp"

namespace sipvet::tlswire {
namespace {

Bytes joined(ByteView a, ByteView b) {
  Bytes both = to_bytes(a);
  append(both, b);
  return both;
}

Bytes take(ByteView& from, std::size_t count) {
  Bytes out = to_bytes(from.first(count));
  from = from.subspan(count);
  return out;
}

// CBC suites draw their first IV from the key block in TLS 1.0 only; since 1.1 each record carries its own.
std::size_t iv_octets(std::uint16_t version, const Suite& suite) {
  if (suite.mode() == SuiteMode::aead) return suite.fixed_iv_octets();
  return version <= tls1_0 ? suite.block_octets() : 0;
}

// RFC 6101 §6.1 and §6.2.2: MD5 over the secret and a SHA of letters, secret and seed; one letter more for
// each block.
Bytes ssl3_expansion(ByteView secret, ByteView seed, std::size_t count) {
  Bytes out;
  for (char letter = 'A'; out.size() < count && letter <= 'Z'; ++letter) {
    crypto::Hasher inner(crypto::Hash::sha1);
    inner.update(Bytes(static_cast<std::size_t>(letter - 'A') + 1, static_cast<std::uint8_t>(letter)));
    inner.update(secret);
    inner.update(seed);
    crypto::Hasher outer(crypto::Hash::md5);
    outer.update(secret);
    outer.update(inner.finish());
    append(out, outer.finish());
  }
  out.resize(count);
  return out;
}

} // namespace

Bytes prf(std::uint16_t version, const Suite& suite, ByteView secret, std::string_view label, ByteView seed,
          std::size_t count) {
  if (version <= ssl3) return ssl3_expansion(secret, seed, count);
  if (version < tls1_2) return crypto::tls10_prf(secret, label, seed, count);
  return crypto::tls12_prf(suite.prf, secret, label, seed, count);
}

Bytes master_secret(std::uint16_t version, const Suite& suite, ByteView premaster, ByteView client_random,
                    ByteView server_random) {
  return prf(version, suite, premaster, "master secret", joined(client_random, server_random),
             master_secret_octets);
}

Bytes extended_master_secret(std::uint16_t version, const Suite& suite, ByteView premaster,
                             ByteView session_hash) {
  return prf(version, suite, premaster, "extended master secret", session_hash, master_secret_octets);
}

ConnectionKeys connection_keys(std::uint16_t version, const Suite& suite, ByteView master,
                               ByteView client_random, ByteView server_random) {
  const std::size_t mac = suite.mac_key_octets();
  const std::size_t key = suite.key_octets();
  const std::size_t iv = iv_octets(version, suite);
  // The server's random comes first here, unlike in the master secret.
  const Bytes block = prf(version, suite, master, "key expansion", joined(server_random, client_random),
                          2 * (mac + key + iv));
  ByteView left = block;
  ConnectionKeys out;
  out.client.mac_key = take(left, mac);
  out.server.mac_key = take(left, mac);
  out.client.key = take(left, key);
  out.server.key = take(left, key);
  out.client.iv = take(left, iv);
  out.server.iv = take(left, iv);
  return out;
}

DirectionKeys traffic_keys(const Suite& suite, ByteView traffic_secret) {
  DirectionKeys keys;
  keys.key = crypto::hkdf_expand_label(suite.prf, traffic_secret, "key", {}, suite.key_octets());
  keys.iv = crypto::hkdf_expand_label(suite.prf, traffic_secret, "iv", {}, crypto::aead_nonce_octets);
  return keys;
}

Bytes next_traffic_secret(const Suite& suite, ByteView traffic_secret) {
  return crypto::hkdf_expand_label(suite.prf, traffic_secret, "traffic upd", {}, crypto::octets(suite.prf));
}

Bytes derive_secret(const Suite& suite, ByteView secret, std::string_view label, ByteView transcript_hash) {
  return crypto::hkdf_expand_label(suite.prf, secret, label, transcript_hash, crypto::octets(suite.prf));
}

} // namespace sipvet::tlswire
