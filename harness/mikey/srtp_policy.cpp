#include "mikey/srtp_policy.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

// RFC 3830 §6.10.1 table 6.10.1.a; 20 is of RFC 7714 §14.3.
enum Number : std::uint8_t {
  encryption_algorithm = 0,
  session_encryption_key_length = 1,
  authentication_algorithm = 2,
  session_authentication_key_length = 3,
  session_salt_length = 4,
  srtp_prf = 5,
  key_derivation_rate = 6,
  srtp_encryption_on = 7,
  srtcp_encryption_on = 8,
  fec_order = 9,
  srtp_authentication_on = 10,
  authentication_tag_length = 11,
  srtp_prefix_length = 12,
  aead_tag_length = 20,
};

Result<std::uint64_t> number_of(const PolicyParameter& parameter) {
  if (parameter.value.empty() || parameter.value.size() > 8)
    return fail(fmt::format("SRTP policy parameter {} has {} octets, expected 1 to 8", parameter.number,
                            parameter.value.size()));
  std::uint64_t value = 0;
  for (const std::uint8_t octet : parameter.value) value = value << 8 | octet;
  return value;
}

Result<std::uint8_t> algorithm_of(const PolicyParameter& parameter, std::uint64_t value) {
  if (value <= 0xFF) return static_cast<std::uint8_t>(value);
  return fail(fmt::format("SRTP policy parameter {} names algorithm {}, expected at most 255",
                          parameter.number, value));
}

Result<void> apply(SrtpPolicy& policy, const PolicyParameter& parameter) {
  SIPVET_TRY(const std::uint64_t value, number_of(parameter));
  switch (parameter.number) {
  case encryption_algorithm: {
    SIPVET_TRY(const std::uint8_t algorithm, algorithm_of(parameter, value));
    policy.encryption = static_cast<SrtpEncryption>(algorithm);
    break;
  }
  case authentication_algorithm: {
    SIPVET_TRY(const std::uint8_t algorithm, algorithm_of(parameter, value));
    policy.authentication = static_cast<SrtpAuthentication>(algorithm);
    break;
  }
  case session_encryption_key_length:
    policy.encryption_key_octets = value;
    break;
  case session_authentication_key_length:
    policy.authentication_key_octets = value;
    break;
  case session_salt_length:
    policy.salt_octets = value;
    break;
  case srtp_prf:
    policy.prf = value;
    break;
  case key_derivation_rate:
    policy.key_derivation_rate = value;
    break;
  case srtp_encryption_on:
    policy.srtp_encryption = value != 0;
    break;
  case srtcp_encryption_on:
    policy.srtcp_encryption = value != 0;
    break;
  case fec_order:
    policy.fec_order = value;
    break;
  case srtp_authentication_on:
    policy.srtp_authentication = value != 0;
    break;
  case authentication_tag_length:
    policy.tag_octets = value;
    break;
  case srtp_prefix_length:
    policy.prefix_octets = value;
    break;
  case aead_tag_length:
    policy.aead_tag_octets = value;
    break;
  default:
    break;
  }
  return {};
}

// As few octets as hold the value, but at least one.
Bytes shortest(std::uint64_t value) {
  Bytes out;
  do {
    out.insert(out.begin(), static_cast<std::uint8_t>(value));
    value >>= 8;
  } while (value != 0);
  return out;
}

} // namespace

Result<SrtpPolicy> srtp_policy(const SecurityPolicy& payload) {
  if (payload.protocol != srtp_protocol)
    return fail(fmt::format("security policy {} is for protocol type {}, expected 0 (SRTP)",
                            payload.policy_no, payload.protocol));
  SrtpPolicy policy;
  for (const PolicyParameter& parameter : payload.parameters) SIPVET_CHECK(apply(policy, parameter));
  return policy;
}

std::vector<std::uint8_t> unknown_parameters(const SecurityPolicy& payload) {
  std::vector<std::uint8_t> out;
  for (const PolicyParameter& parameter : payload.parameters)
    if (parameter.number > srtp_prefix_length && parameter.number != aead_tag_length)
      out.push_back(parameter.number);
  return out;
}

SecurityPolicy to_payload(const SrtpPolicy& policy, std::uint8_t policy_no) {
  SecurityPolicy out{policy_no, srtp_protocol, {}};
  const auto add = [&](Number number, std::uint64_t value) {
    out.parameters.push_back({static_cast<std::uint8_t>(number), shortest(value)});
  };
  add(encryption_algorithm, static_cast<std::uint64_t>(policy.encryption));
  add(session_encryption_key_length, policy.encryption_key_octets);
  add(authentication_algorithm, static_cast<std::uint64_t>(policy.authentication));
  add(session_authentication_key_length, policy.authentication_key_octets);
  add(session_salt_length, policy.salt_octets);
  add(srtp_prf, policy.prf);
  add(key_derivation_rate, policy.key_derivation_rate);
  add(srtp_encryption_on, policy.srtp_encryption);
  add(srtcp_encryption_on, policy.srtcp_encryption);
  add(fec_order, policy.fec_order);
  add(srtp_authentication_on, policy.srtp_authentication);
  add(authentication_tag_length, policy.tag_octets);
  add(srtp_prefix_length, policy.prefix_octets);
  if (policy.aead_tag_octets) add(aead_tag_length, *policy.aead_tag_octets);
  return out;
}

std::vector<std::string> oddities(const SrtpPolicy& policy) {
  std::vector<std::string> out;
  const bool hmac = policy.srtp_authentication && policy.authentication == SrtpAuthentication::hmac_sha1;
  if (hmac && policy.authentication_key_octets != 20)
    out.push_back(
        fmt::format("the session authentication key length (parameter 3) is {} octets, HMAC-SHA-1 in SRTP "
                    "takes 20{}",
                    policy.authentication_key_octets,
                    policy.authentication_key_octets == 10 || policy.authentication_key_octets == 4
                        ? "; it looks like a tag length, which is parameter 11"
                        : ""));
  if (policy.key_derivation_rate != 0)
    out.push_back(fmt::format("the key derivation rate is {}, few implementations derive keys again",
                              policy.key_derivation_rate));
  if (policy.srtp_encryption != policy.srtcp_encryption)
    out.emplace_back("encryption is on for only one of SRTP and SRTCP");
  return out;
}

} // namespace sipvet::mikey
