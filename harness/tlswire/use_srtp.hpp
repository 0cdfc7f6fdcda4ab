// The use_srtp extension (RFC 5764 §4.1.1) and the registry of SRTP protection profiles.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/extensions.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::tlswire {

enum class SrtpProfile : std::uint16_t {
  aes128_cm_hmac_sha1_80 = 0x0001,
  aes128_cm_hmac_sha1_32 = 0x0002,
  null_hmac_sha1_80 = 0x0005,
  null_hmac_sha1_32 = 0x0006,
  aead_aes_128_gcm = 0x0007, // RFC 7714 §14.2
  aead_aes_256_gcm = 0x0008,
};

struct SrtpProfileInfo {
  SrtpProfile profile;
  std::string_view name; // IANA's
  std::size_t key_octets;
  std::size_t salt_octets;
};
std::span<const SrtpProfileInfo> srtp_profiles();
const SrtpProfileInfo& info(SrtpProfile profile);
// IANA's name, or "0x1234" for codes that are not in the table.
std::string srtp_profile_name(std::uint16_t code);
std::optional<SrtpProfile> find_srtp_profile(std::uint16_t code);
std::optional<SrtpProfile> find_srtp_profile(std::string_view name);

// RFC 5764 §4.2: the label of the keying material, and how much of it a profile takes: the client's key, the
// server's key, the client's salt, the server's salt.
inline constexpr std::string_view srtp_exporter_label = "EXTRACTOR-dtls_srtp";
std::size_t exported_octets(SrtpProfile profile);

struct UseSrtp {
  std::vector<std::uint16_t> profiles; // a server's has one
  Bytes mki;
  bool operator==(const UseSrtp&) const = default;
};
Result<UseSrtp> parse_use_srtp(ByteView body);
Extension make_use_srtp(const UseSrtp& value);

} // namespace sipvet::tlswire
