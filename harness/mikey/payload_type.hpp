// The numbers of the MIKEY payloads (RFC 3830 §6.1 table 6.1.b), as the "next payload" octets carry them.
#pragma once

#include <cstdint>
#include <string>

namespace sipvet::mikey {

enum class PayloadType : std::uint8_t {
  last = 0, // no payload follows
  kemac = 1,
  pke = 2,
  dh = 3,
  sign = 4,
  timestamp = 5,
  id = 6,
  certificate = 7,
  certificate_hash = 8,
  verification = 9,
  security_policy = 10,
  rand = 11,
  error = 12,
  key_data = 20, // only inside KEMAC
  general_extension = 21,
};

// "KEMAC (1)", "payload 99" for numbers not in the table.
std::string to_string(PayloadType type);

} // namespace sipvet::mikey
