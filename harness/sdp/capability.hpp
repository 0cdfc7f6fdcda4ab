// Capability negotiation in session descriptions (RFC 5939): attributes and transport protocols that a
// section could also be written with, and the configurations made of them.
#pragma once

#include "base/result.hpp"
#include "sdp/session.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::sdp {

// The option tag of RFC 5939 itself, for a=csup and a=creq (§3.3).
inline constexpr std::string_view base_capability = "cap-v0";
inline constexpr std::uint32_t max_capability_number = 0x7FFF'FFFF; // §3.4, §3.5.1

struct AttributeCapability { // a=acap:1 crypto:1 AES_CM_128_HMAC_SHA1_80 inline:…
  std::uint32_t number = 0;
  Attribute attribute;
};

struct ProtocolCapability { // of a=tcap:1 RTP/SAVP RTP/SAVPF, which has numbers 1 and 2
  std::uint32_t number = 0;
  std::string protocol;
};

// Which attributes of the description do not hold in a configuration (§3.5.1).
enum class Deleted { none, media, session, both };

// One of the alternatives after a=: numbers of attribute capabilities. The optional ones may be left out.
struct AttributeChoice {
  std::vector<std::uint32_t> mandatory, optional;
  bool operator==(const AttributeChoice&) const = default;
};

struct ConfigurationExtension { // +name=list
  std::string name, list;
  bool mandatory = false; // "+": who does not know it leaves the configuration alone
  bool operator==(const ConfigurationExtension&) const = default;
};

// The value of a=pcfg, and of a=acfg, where each list has one alternative.
struct Configuration {
  std::uint32_t number = 0; // the lower, the more preferred (§3.5.1)
  Deleted deleted = Deleted::none;
  std::vector<AttributeChoice> attributes; // alternatives, most preferred first
  std::vector<std::uint32_t> protocols;    // alternatives, likewise
  std::vector<ConfigurationExtension> extensions;
  bool operator==(const Configuration&) const = default;
};

// Values of the attributes, without "a=acap:" and so on. Offsets count from the start of the value.
Result<AttributeCapability> parse_attribute_capability(std::string_view value);
Result<std::vector<ProtocolCapability>> parse_protocol_capabilities(std::string_view value);
Result<Configuration> parse_configuration(std::string_view value);
// a=csup and a=creq: option tags with commas between them.
std::vector<std::string> parse_option_tags(std::string_view value);

std::string to_string(const AttributeCapability& capability);
std::string to_string(const Configuration& configuration);

} // namespace sipvet::sdp
