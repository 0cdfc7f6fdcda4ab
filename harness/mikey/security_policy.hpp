// The security policy payload, SP (RFC 3830 §6.10): numbered parameters for one security protocol.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>
#include <vector>

namespace sipvet::mikey {

inline constexpr std::uint8_t srtp_protocol = 0;

struct PolicyParameter {
  std::uint8_t number = 0; // srtp_policy.hpp knows SRTP's
  Bytes value;             // at most 255 octets
  bool operator==(const PolicyParameter&) const = default;
};

struct SecurityPolicy {
  static constexpr PayloadType type = PayloadType::security_policy;
  std::uint8_t policy_no = 0; // what SRTP-IDs refer to
  std::uint8_t protocol = srtp_protocol;
  std::vector<PolicyParameter> parameters;
  bool operator==(const SecurityPolicy&) const = default;
};

Result<SecurityPolicy> parse_security_policy(Reader& reader);
void write(Writer& writer, const SecurityPolicy& policy);

} // namespace sipvet::mikey
