#include "srtp/key_derivation.hpp"

#include "crypto/counter_mode.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sipvet::srtp {
namespace {

constexpr std::size_t max_mki_octets = 128;           // RFC 4568 §6.1
constexpr std::size_t authentication_key_octets = 20; // RFC 3711 §5.2

// RFC 3711 §4.3.1 and §4.3.2: SRTCP's labels follow those of SRTP.
enum Label : std::uint8_t { encryption = 0, authentication = 1, salting = 2 };
constexpr std::uint8_t first_rtcp_label = 3;

// RFC 3711 §4.3.3: keystream from (key_id xor master salt) * 2^16, where key_id is the label and 48 bits of
// period, at the salt's low end. A salt of 96 bits is filled up with zeros at its low end (RFC 7714 §11).
Bytes derive(crypto::CounterMode& master, ByteView salt, std::uint8_t label, std::uint64_t period,
             std::size_t octets) {
  constexpr std::size_t label_at = 7, period_ends = 14;
  std::array<std::uint8_t, 16> block{};
  std::ranges::copy(salt, block.begin());
  block[label_at] ^= label;
  for (std::size_t at = period_ends; at-- > label_at + 1; period >>= 8)
    block[at] ^= static_cast<std::uint8_t>(period);
  Bytes out(octets);
  master.process(block, out, out);
  return out;
}

} // namespace

bool is_aead(rtp::SrtpSuite suite) {
  return suite == rtp::SrtpSuite::aead_aes_128_gcm || suite == rtp::SrtpSuite::aead_aes_256_gcm;
}

bool has_null_cipher(rtp::SrtpSuite suite) {
  return suite == rtp::SrtpSuite::null_hmac_sha1_80 || suite == rtp::SrtpSuite::null_hmac_sha1_32;
}

Result<void> check_key(const rtp::SrtpKey& key) {
  const auto& suite = rtp::info(key.suite);
  if (key.master_key.size() != suite.key_octets || key.master_salt.size() != suite.salt_octets) {
    return fail(std::string(suite.name) + " takes a key of " + std::to_string(suite.key_octets) +
                " and a salt of " + std::to_string(suite.salt_octets) + " octets, not " +
                std::to_string(key.master_key.size()) + " and " + std::to_string(key.master_salt.size()));
  }
  if (key.mki.size() > max_mki_octets)
    return fail("expected an MKI of 128 octets at most, got " + std::to_string(key.mki.size()));
  return {};
}

Result<SessionKeys> derive_session_keys(const rtp::SrtpKey& master, Traffic traffic, std::uint64_t period) {
  SIPVET_CHECK(check_key(master));
  SIPVET_TRY(auto keyed, crypto::CounterMode::make(master.master_key));
  const auto key_for = [&](Label label, std::size_t octets) {
    const auto shift = traffic == Traffic::rtcp ? first_rtcp_label : std::uint8_t{0};
    return derive(keyed, master.master_salt, static_cast<std::uint8_t>(label + shift), period, octets);
  };
  SessionKeys keys;
  keys.encryption = key_for(encryption, master.master_key.size());
  if (!is_aead(master.suite)) keys.authentication = key_for(authentication, authentication_key_octets);
  keys.salt = key_for(salting, master.master_salt.size());
  return keys;
}

} // namespace sipvet::srtp
