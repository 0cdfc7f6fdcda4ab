#include "tlswire/use_srtp.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "tlswire/code_name.hpp"

#include <algorithm>
#include <array>

namespace sipvet::tlswire {
namespace {

// RFC 5764 §4.1.2 gives the NULL profiles neither key nor salt; what authenticates their packets is derived
// from both, and everybody exports them as for AES-CM.
constexpr std::array<SrtpProfileInfo, 6> profiles{{
    {SrtpProfile::aes128_cm_hmac_sha1_80, "SRTP_AES128_CM_HMAC_SHA1_80", 16, 14},
    {SrtpProfile::aes128_cm_hmac_sha1_32, "SRTP_AES128_CM_HMAC_SHA1_32", 16, 14},
    {SrtpProfile::null_hmac_sha1_80, "SRTP_NULL_HMAC_SHA1_80", 16, 14},
    {SrtpProfile::null_hmac_sha1_32, "SRTP_NULL_HMAC_SHA1_32", 16, 14},
    {SrtpProfile::aead_aes_128_gcm, "SRTP_AEAD_AES_128_GCM", 16, 12},
    {SrtpProfile::aead_aes_256_gcm, "SRTP_AEAD_AES_256_GCM", 32, 12},
}};

} // namespace

std::span<const SrtpProfileInfo> srtp_profiles() { return profiles; }

const SrtpProfileInfo& info(SrtpProfile profile) {
  return *std::ranges::find(profiles, profile, &SrtpProfileInfo::profile);
}

std::string srtp_profile_name(std::uint16_t code) {
  const auto profile = find_srtp_profile(code);
  return profile ? std::string(info(*profile).name) : hex_code(code);
}

std::optional<SrtpProfile> find_srtp_profile(std::uint16_t code) {
  const auto* const row = std::ranges::find(profiles, SrtpProfile{code}, &SrtpProfileInfo::profile);
  return row == profiles.end() ? std::nullopt : std::optional(row->profile);
}

std::optional<SrtpProfile> find_srtp_profile(std::string_view name) {
  const auto* const row = std::ranges::find(profiles, name, &SrtpProfileInfo::name);
  return row == profiles.end() ? std::nullopt : std::optional(row->profile);
}

std::size_t exported_octets(SrtpProfile profile) {
  const SrtpProfileInfo& row = info(profile);
  return 2 * (row.key_octets + row.salt_octets);
}

Result<UseSrtp> parse_use_srtp(ByteView body) {
  Reader reader(body);
  SIPVET_TRY(Reader codes, reader.sub_prefixed16("SRTP protection profiles"));
  if (codes.empty()) return fail("expected one SRTP protection profile or more", codes.offset());
  UseSrtp value;
  while (!codes.empty()) {
    SIPVET_TRY(const std::uint16_t code, codes.u16("SRTP protection profile"));
    value.profiles.push_back(code);
  }
  SIPVET_TRY(Reader mki, reader.sub_prefixed8("srtp_mki"));
  value.mki = to_bytes(mki.rest());
  SIPVET_CHECK(reader.expect_end("use_srtp"));
  return value;
}

Extension make_use_srtp(const UseSrtp& value) {
  Writer writer;
  {
    const auto length = writer.prefixed16();
    for (const std::uint16_t code : value.profiles) writer.u16(code);
  }
  {
    const auto length = writer.prefixed8();
    writer.bytes(value.mki);
  }
  return {extension::use_srtp, writer.take()};
}

} // namespace sipvet::tlswire
