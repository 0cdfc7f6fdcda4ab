// The gateway's properties about key management with MIKEY, by the names of DGW's pages and our own: one row
// for each.
#include "gateway/properties.hpp"

#include "base/hex.hpp"

namespace sipvet::gateway {

namespace {

using rtp::SrtpSuite;
using script::Value;

Complaint set_key_management(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"SDES", "MIKEY"})) return complaint;
  target.config.key_exchanges = {text == "MIKEY" ? keying::KeyExchange::mikey : keying::KeyExchange::sdes};
  return std::nullopt;
}

Complaint set_encryption(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"AES_CM_128", "NULL"})) return complaint;
  const bool null = text == "NULL";
  target.config.mikey.suites = {null ? SrtpSuite::null_hmac_sha1_80 : SrtpSuite::aes_cm_128_hmac_sha1_80,
                                null ? SrtpSuite::null_hmac_sha1_32 : SrtpSuite::aes_cm_128_hmac_sha1_32};
  // SDES has no NULL cipher (RFC 4568 §6.2), but these (§6.3.2).
  if (null) {
    for (const char* const name : {"UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP"}) {
      target.config.sdes.style.parameters.push_back({name, std::nullopt});
      target.config.sdes.accepted_parameters.emplace_back(name);
    }
  }
  return std::nullopt;
}

Complaint set_wrong_key_management_status(const Value& value, PropertyTarget& target) {
  std::int64_t status = 0;
  if (auto complaint = read_integer(value, 400, 699, status)) return complaint;
  target.config.wrong_key_management_status = static_cast<int>(status);
  return std::nullopt;
}

Complaint set_psk(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  auto psk = keying::mikey_psk(text);
  if (!psk) return psk.error().what;
  target.config.mikey.psk = std::move(*psk);
  return std::nullopt;
}

Complaint set_mode(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"psk", "public-key", "dh"})) return complaint;
  target.config.mikey.mode = *keying::find_mikey_mode(text);
  return std::nullopt;
}

Complaint set_group(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"oakley-1", "oakley-2", "oakley-5"})) return complaint;
  target.config.mikey.group = *keying::find_dh_group(text);
  return std::nullopt;
}

Complaint set_verification(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.mikey.verification_wanted);
}
Complaint set_protocol_list(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.mikey.protocol_list);
}
Complaint set_error_messages(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.mikey.error_messages);
}
Complaint set_null_protection(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.mikey.null_protection);
}
Complaint set_identity(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.mikey.identity);
}
Complaint set_clock_skew(const Value& value, PropertyTarget& target) {
  return read_duration(value, target.config.mikey.limits.skew);
}

Complaint set_mki(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  auto octets = from_hex(text);
  constexpr std::size_t max_mki_octets = 255; // RFC 3830 §6.14
  if (!octets || octets->size() > max_mki_octets)
    return "expected up to 255 octets in hexadecimal, found '" + text + "'";
  target.config.mikey.mki = std::move(*octets);
  return std::nullopt;
}

Complaint set_suites(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  std::vector<SrtpSuite> suites;
  for (const std::string& text : names) {
    const auto suite = rtp::find_srtp_suite(text);
    if (!suite) return "'" + text + "' is no SRTP suite";
    suites.push_back(*suite);
  }
  target.config.mikey.suites = std::move(suites);
  return std::nullopt;
}

Complaint set_derivation_rate(const Value& value, PropertyTarget& target) {
  std::int64_t rate = 0;
  constexpr std::int64_t max_rate = 1 << 24;
  if (auto complaint = read_integer(value, 0, max_rate, rate)) return complaint;
  if ((rate & (rate - 1)) != 0) return "expected 0 or a power of two, found " + std::to_string(rate);
  target.config.mikey.options.key_derivation_rate = static_cast<std::uint32_t>(rate);
  return std::nullopt;
}

Complaint set_peer_certificate(const Value& value, PropertyTarget& target) {
  std::string file, pem;
  if (auto complaint = read_pem(value, target, file, pem)) return complaint;
  const auto certificates = crypto::parse_certificates_pem(pem);
  if (!certificates) return "the file " + file + " has no certificate: " + to_string(certificates.error());
  target.config.mikey.peer = certificates->front();
  return std::nullopt;
}

constexpr Property table[] = {
    {{"KeyManagementProtocol", "text", "SDES,MIKEY", "",
      "DGW's Key Management Protocol: sets sipvet.media.keyExchange to this one alone"},
     set_key_management},
    {{"Encryption", "text", "AES_CM_128,NULL", "AES_CM_128",
      "DGW's Encryption of SRTP: NULL leaves packets readable and authenticated, by the NULL cipher under "
      "MIKEY and "
      "by UNENCRYPTED_SRTP and UNENCRYPTED_SRTCP under SDES"},
     set_encryption},
    {{"sipvet.media.wrongKeyManagementStatus", "integer", "", "488",
      "the status for offers whose keys come in no way that is configured; with 415 an Accept header is "
      "sent"},
     set_wrong_key_management_status},
    {{"sipvet.mikey.presharedKey", "text", "", "", "pre-shared key of MIKEY: text, or hex:HEX"}, set_psk},
    {{"sipvet.mikey.mode", "text", "psk,public-key,dh", "psk",
      "how its MIKEY offers are made; signatures and envelopes are with the certificate of TLS"},
     set_mode},
    {{"sipvet.mikey.group", "text", "oakley-1,oakley-2,oakley-5", "oakley-5",
      "group of its Diffie-Hellman offers"},
     set_group},
    {{"sipvet.mikey.peerCertificateFile", "text", "", "",
      "PEM file with the certificate that its public-key offers are for"},
     set_peer_certificate},
    {{"sipvet.mikey.verification", "boolean", "", "true", "its offers ask for a verification message"},
     set_verification},
    {{"sipvet.mikey.protocolList", "boolean", "", "true",
      "messages of MIKEY offered alone repeat the list of key management protocols, too; false for devices "
      "that do not get past it"},
     set_protocol_list},
    {{"sipvet.mikey.errorMessages", "boolean", "", "true",
      "the refusal of an offer whose MIKEY message cannot be taken has a MIKEY error message"},
     set_error_messages},
    {{"sipvet.mikey.nullProtection", "boolean", "", "false",
      "offers keys in the open without a MAC, and takes such offers"},
     set_null_protection},
    {{"sipvet.mikey.identity", "text", "", "", "URI in the ID payloads of its messages; empty: none"},
     set_identity},
    {{"sipvet.mikey.mki", "text", "", "", "MKI of the keys that it offers, in hexadecimal; empty: none"},
     set_mki},
    {{"sipvet.mikey.suites", "list of SRTP suites", "", "AES_CM_128_HMAC_SHA1_80,AES_CM_128_HMAC_SHA1_32",
      "suites that a security policy may ask for; the first is offered"},
     set_suites},
    {{"sipvet.mikey.keyDerivationRate", "integer", "", "0",
      "key derivation rate that its security policies ask for: 0 or a power of two up to 2^24"},
     set_derivation_rate},
    {{"sipvet.mikey.clockSkew", "duration", "", "300s", "how far the other side's clock may be away"},
     set_clock_skew},
};

} // namespace

std::span<const Property> mikey_property_table() { return table; }

keying::MikeySettings mikey_settings(const Config& config) {
  keying::MikeySettings settings = config.mikey;
  settings.deviations = config.deviations.mikey;
  const TlsSettings& tls = config.tls;
  keying::give_identity(settings, tls.certificate_pem, tls.private_key_pem, tls.private_key_password,
                        tls.trusted_roots_pem);
  return settings;
}

std::optional<std::string> missing_for_mikey(const Config& config) {
  const keying::MikeySettings& mikey = config.mikey;
  if (!uses(config, keying::KeyExchange::mikey)) return std::nullopt;
  if (mikey.mode == keying::MikeyMode::psk && mikey.psk.empty())
    return "sipvet.mikey.presharedKey: MIKEY in mode psk needs a pre-shared key";
  return std::nullopt;
}

} // namespace sipvet::gateway
