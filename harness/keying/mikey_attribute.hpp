// The value of the SDP attribute `a=key-mgmt` (RFC 4567 §3.1): protocol identifier and base64 data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace sipvet::keying {

struct KeyMgmt {
  std::string protocol; // as written: "mikey"
  Bytes data;
  bool operator==(const KeyMgmt&) const = default;
};

inline constexpr std::string_view mikey_protocol = "mikey"; // RFC 4567 §7

// "mikey AQAFgM0X…", without "a=key-mgmt:". Offsets count from the start of `value`.
Result<KeyMgmt> parse_key_mgmt(std::string_view value);
// The data of an attribute that must be MIKEY's.
Result<Bytes> parse_mikey_attribute(std::string_view value);
std::string to_string(const KeyMgmt& attribute);
// "mikey BASE64"
std::string mikey_attribute(ByteView message);

} // namespace sipvet::keying
