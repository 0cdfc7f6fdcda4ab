#include "keying/sdes_line.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace sipvet::keying {
namespace {

// A window of more packets than sequence numbers would not tell a replay from a wrap.
constexpr std::uint64_t max_window_packets = 1u << 15;
constexpr std::uint64_t most_shared_packets = std::uint64_t{1} << 31; // §6.4.2

constexpr ParameterInfo parameters[] = {
    {"KDR", ParameterKind::declared, "key derivation rate, as a power of two of packets"},
    {"UNENCRYPTED_SRTP", ParameterKind::negotiated, "RTP payloads are not encrypted"},
    {"UNENCRYPTED_SRTCP", ParameterKind::negotiated, "RTCP packets are not encrypted"},
    {"UNAUTHENTICATED_SRTP", ParameterKind::negotiated, "RTP packets have no tag"},
    {"FEC_ORDER", ParameterKind::not_done, "order of forward error correction and SRTP"},
    {"FEC_KEY", ParameterKind::not_done, "keys of the forward error correction stream"},
    {"WSH", ParameterKind::declared, "hint for the replay window, in packets"},
};

// The decimal digits as a big-endian number of that many octets (§6.1).
Result<Bytes> mki_octets(const sdp::Mki& mki) {
  const std::string digits = mki.digits.empty() ? std::to_string(mki.value) : mki.digits;
  Bytes octets(mki.octets);
  for (const char digit : digits) {
    unsigned carry = static_cast<unsigned>(digit - '0');
    for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
      carry += *octet * 10u;
      *octet = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0)
      return fail("MKI " + digits + " does not fit into " + std::to_string(mki.octets) + " octets");
  }
  return {boost::system::in_place_value, std::move(octets)};
}

// The other way round: divided by ten until nothing is left.
std::string decimal(Bytes octets) {
  std::string digits;
  do {
    unsigned rest = 0;
    for (std::uint8_t& octet : octets) {
      rest = rest << 8 | octet;
      octet = static_cast<std::uint8_t>(rest / 10);
      rest %= 10;
    }
    digits.insert(digits.begin(), static_cast<char>('0' + rest));
  } while (std::ranges::any_of(octets, [](std::uint8_t octet) { return octet != 0; }));
  return digits;
}

Result<rtp::SrtpKey> key_from(const sdp::InlineKey& written, rtp::SrtpSuite suite, bool any_length = false) {
  const auto& facts = rtp::info(suite);
  const std::size_t expected = facts.key_octets + facts.salt_octets;
  if (written.key_and_salt.size() != expected && !any_length) {
    return fail(std::string(facts.name) + " takes " + std::to_string(expected) +
                " octets of key and salt, found " + std::to_string(written.key_and_salt.size()));
  }
  Bytes octets = written.key_and_salt;
  octets.resize(expected);
  const ByteView all = octets;
  rtp::SrtpKey key;
  key.suite = suite;
  key.master_key = to_bytes(all.first(facts.key_octets));
  key.master_salt = to_bytes(all.subspan(facts.key_octets));
  if (written.mki) {
    SIPVET_TRY(key.mki, mki_octets(*written.mki));
  }
  if (written.lifetime) key.lifetime_packets = written.lifetime->packets;
  return key;
}

Result<std::vector<rtp::SrtpKey>> keys_from(const sdp::Crypto& crypto, const SdesDeviations& deviations) {
  SIPVET_TRY(const auto suite, suite_of(crypto));
  if (crypto.keys.empty()) return fail("the crypto line has no key");
  std::vector<rtp::SrtpKey> keys;
  for (const auto& written : crypto.keys) {
    SIPVET_TRY(auto key, key_from(written, suite, deviations.wrong_key_length_accepted));
    keys.push_back(std::move(key));
  }
  return {boost::system::in_place_value, std::move(keys)};
}

// §6.1: with several keys each packet names its own.
Result<void> check_identifiers(const std::vector<rtp::SrtpKey>& keys) {
  if (keys.size() < 2) return {};
  for (auto key = keys.begin(); key != keys.end(); ++key) {
    if (key->mki.empty()) return fail("a line with several keys needs an MKI for each (RFC 4568 §6.1)");
    if (key->mki.size() != keys.front().mki.size())
      return fail("the MKIs of one line differ in length (RFC 4568 §6.1)");
    if (std::any_of(keys.begin(), key, [&](const rtp::SrtpKey& other) { return other.mki == key->mki; }))
      return fail("two keys of one line have the same MKI (RFC 4568 §6.1)");
  }
  return {};
}

void apply(const sdp::SessionParameter& parameter, rtp::SrtpOptions& options) {
  const auto read = parse_decimal(parameter.value.value_or("0"), UINT32_MAX, "value");
  const std::uint64_t number = read ? *read : 0;
  if (iequals(parameter.name, "KDR")) options.key_derivation_rate = 1u << std::min<std::uint64_t>(number, 24);
  if (iequals(parameter.name, "UNENCRYPTED_SRTP")) options.encrypt_rtp = false;
  if (iequals(parameter.name, "UNENCRYPTED_SRTCP")) options.encrypt_rtcp = false;
  if (iequals(parameter.name, "UNAUTHENTICATED_SRTP")) options.authenticate_rtp = false;
  if (iequals(parameter.name, "WSH")) options.replay_window_packets = std::min(number, max_window_packets);
}

Result<void> check_parameter(const sdp::SessionParameter& parameter, const SdesSettings& settings) {
  const ParameterInfo* known = find_parameter(parameter.name);
  if (!parameter.mandatory()) {
    if (settings.deviations.optional_parameters_refused)
      return fail("session parameter " + parameter.name + " is not known");
    return {};
  }
  if (known == nullptr) {
    if (settings.deviations.unknown_parameters_accepted) return {};
    return fail("session parameter " + parameter.name + " is not known and must be understood");
  }
  if (known->kind == ParameterKind::not_done)
    return fail("session parameter " + parameter.name + " asks for forward error correction");
  const bool accepted = std::ranges::any_of(
      settings.accepted_parameters, [&](const std::string& name) { return iequals(name, parameter.name); });
  if (!accepted) return fail("session parameter " + parameter.name + " is not accepted here");
  return {};
}

// An AEAD encrypts and authenticates every SRTP packet (RFC 7714 §5.3).
Result<void> check_together(const rtp::SrtpContext& context) {
  const rtp::SrtpSuite suite = context.suite();
  const bool aead = suite == rtp::SrtpSuite::aead_aes_128_gcm || suite == rtp::SrtpSuite::aead_aes_256_gcm;
  if (aead && !context.options.authenticate_rtp)
    return fail("UNAUTHENTICATED_SRTP does not go with " + std::string(rtp::name(suite)));
  if (aead && !context.options.encrypt_rtp)
    return fail("UNENCRYPTED_SRTP does not go with " + std::string(rtp::name(suite)));
  return {};
}

Result<void> check_refusals(const sdp::Crypto& crypto, const SdesDeviations& deviations) {
  const auto any = [&](auto test) { return std::ranges::any_of(crypto.keys, test); };
  if (deviations.tag_zero_refused && crypto.tag == 0) return fail("expected a tag from 1");
  if (deviations.mki_refused && any([](const auto& key) { return key.mki.has_value(); }))
    return fail("an MKI is not supported");
  if (deviations.lifetime_refused && any([](const auto& key) { return key.lifetime.has_value(); }))
    return fail("a lifetime is not supported");
  if (deviations.padding_required && any([](const auto& key) { return key.padding_missing; }))
    return fail("key is not base64");
  if (deviations.registered_names_required && !rtp::find_srtp_suite(crypto.suite))
    return fail("crypto suite \"" + crypto.suite + "\" is not known");
  return {};
}

bool is_zero(const sdp::Mki& mki) { return mki.digits == "0" || (mki.digits.empty() && mki.value == 0); }

} // namespace

bool is_kdr_0(const sdp::SessionParameter& parameter) {
  return iequals(parameter.name, "KDR") && parameter.value == "0";
}

std::span<const ParameterInfo> session_parameters() { return parameters; }

const ParameterInfo* find_parameter(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(parameters, [&](const ParameterInfo& row) { return iequals(row.name, name); });
  return found == std::end(parameters) ? nullptr : found;
}

Result<rtp::SrtpSuite> suite_of(const sdp::Crypto& crypto) {
  if (const auto suite = rtp::find_srtp_suite(crypto.suite)) return *suite;
  if (const auto suite = rtp::find_srtp_suite_alias(crypto.suite)) return *suite;
  for (const rtp::MissingSrtpSuite& missing : rtp::missing_srtp_suites())
    if (iequals(missing.name, crypto.suite))
      return fail("crypto suite " + crypto.suite + " is not done here: " + std::string(missing.reason));
  return fail("crypto suite \"" + crypto.suite + "\" is not known");
}

Result<rtp::SrtpKey> key_of(const sdp::Crypto& crypto) {
  SIPVET_TRY(const auto suite, suite_of(crypto));
  if (crypto.keys.empty()) return fail("the crypto line has no key");
  return key_from(crypto.keys.front(), suite);
}

Result<std::vector<rtp::SrtpKey>> keys_of(const sdp::Crypto& crypto) {
  SIPVET_TRY(auto keys, keys_from(crypto, {}));
  SIPVET_CHECK(check_identifiers(keys));
  return {boost::system::in_place_value, std::move(keys)};
}

Result<rtp::SrtpContext> context_of(const sdp::Crypto& crypto, const SdesSettings& settings) {
  SIPVET_CHECK(check_refusals(crypto, settings.deviations));
  rtp::SrtpContext context;
  context.options.most_shared_packets = most_shared_packets;
  SIPVET_TRY(context.keys, keys_from(crypto, settings.deviations));
  if (settings.deviations.wrong_mki_accepted) {
    if (!check_identifiers(context.keys)) context.keys.resize(1);
  } else {
    SIPVET_CHECK(check_identifiers(context.keys));
  }
  for (const sdp::SessionParameter& parameter : crypto.parameters) {
    SIPVET_CHECK(check_parameter(parameter, settings));
    if (!settings.deviations.parameters_ignored) apply(parameter, context.options);
  }
  SIPVET_CHECK(check_together(context));
  return context;
}

std::vector<std::string> remarks_on(const sdp::Crypto& crypto) {
  std::vector<std::string> out;
  if (std::ranges::any_of(crypto.keys, [](const sdp::InlineKey& key) { return key.padding_missing; }))
    out.emplace_back("its key lacks the = at the end (RFC 4568 §6.1)");
  if (std::ranges::any_of(crypto.keys,
                          [](const sdp::InlineKey& key) { return key.mki && is_zero(*key.mki); }))
    out.emplace_back("its MKI is 0, expected a positive number (RFC 4568 §6.1)");
  if (std::ranges::any_of(crypto.parameters, is_kdr_0))
    out.emplace_back(
        "its KDR is 0, expected 1 to 24 (RFC 4568 §6.3.1): it is taken for a rate of 2^0 packets, "
        "and others take it for none");
  if (const auto meant = rtp::find_srtp_suite_alias(crypto.suite))
    out.push_back("its suite " + crypto.suite + " is registered as " + std::string(rtp::name(*meant)));
  return out;
}

sdp::Crypto make_line(std::uint32_t tag, rtp::SrtpSuite suite, const SdesStyle& style, Random& random) {
  const auto& facts = rtp::info(suite);
  sdp::Crypto crypto;
  crypto.tag = tag;
  crypto.suite = facts.name;
  for (std::uint32_t i = 1; i <= style.keys; ++i) {
    sdp::InlineKey key;
    key.key_and_salt = random.bytes(facts.key_octets + facts.salt_octets);
    key.base64 = to_base64(key.key_and_salt);
    key.lifetime = style.lifetime;
    if (style.mki_octets != 0) key.mki = sdp::Mki{i, std::to_string(i), style.mki_octets};
    crypto.keys.push_back(std::move(key));
  }
  return crypto;
}

std::vector<sdp::InlineKey> inline_keys(const rtp::SrtpContext& context) {
  std::vector<sdp::InlineKey> out;
  for (const rtp::SrtpKey& key : context.keys) {
    sdp::InlineKey written;
    written.key_and_salt = key.master_key;
    append(written.key_and_salt, key.master_salt);
    written.base64 = to_base64(written.key_and_salt);
    if (!key.mki.empty())
      written.mki = sdp::Mki{0, decimal(key.mki), static_cast<std::uint32_t>(key.mki.size())};
    if (key.lifetime_packets)
      written.lifetime = sdp::Lifetime{*key.lifetime_packets, std::has_single_bit(*key.lifetime_packets)};
    out.push_back(std::move(written));
  }
  return out;
}

} // namespace sipvet::keying
