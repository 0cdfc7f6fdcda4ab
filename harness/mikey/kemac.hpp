// The key data transport payload, KEMAC (RFC 3830 §6.2): encrypted keys, and the MAC of the message.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/algorithms.hpp"
#include "mikey/payload_type.hpp"

namespace sipvet::mikey {

struct Kemac {
  static constexpr PayloadType type = PayloadType::kemac;
  Encryption encryption = Encryption::aes_cm_128;
  Bytes encrypted; // key data sub-payloads; at most 65535 octets
  Mac mac_algorithm = Mac::hmac_sha1_160;
  Bytes mac; // as long as the algorithm says
  bool operator==(const Kemac&) const = default;
};

// `reader` stands behind the next-payload octet, here and in every payload of this folder.
Result<Kemac> parse_kemac(Reader& reader);
void write(Writer& writer, const Kemac& kemac);

} // namespace sipvet::mikey
