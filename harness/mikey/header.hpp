// The common header of a MIKEY message (RFC 3830 §6.1), with the map from crypto sessions to SRTP streams
// (§6.1.1).
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/algorithms.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sipvet::mikey {

// Table 6.1.a. Numbers above these (RFC 4650, RFC 4738, RFC 6043, RFC 6509) are kept as they came.
enum class DataType : std::uint8_t {
  psk_init = 0,
  psk_verification = 1,
  pk_init = 2,
  pk_verification = 3,
  dh_init = 4,
  dh_response = 5,
  error = 6,
};
std::string to_string(DataType type);

enum class MapType : std::uint8_t {
  srtp_id = 0,
  empty = 1,      // RFC 4563 §3: no sessions are named yet
  generic_id = 2, // RFC 6043 §6.1.1; not read
};

// One crypto session. Its CS ID is its position in the map, counted from 1.
struct SrtpId {
  std::uint8_t policy_no = 0;
  std::uint32_t ssrc = 0; // 0: the sender of the stream is to fill it in
  std::uint32_t roc = 0;
  bool operator==(const SrtpId&) const = default;
};

struct Header {
  std::uint8_t version = 1;
  DataType data_type = DataType::psk_init;
  bool verification_wanted = false; // V flag
  Prf prf = Prf::mikey_1;
  std::uint32_t csb_id = 0;
  MapType map_type = MapType::srtp_id;
  std::vector<SrtpId> sessions; // at most 255
  bool operator==(const Header&) const = default;
};

struct ParsedHeader {
  Header header;
  PayloadType next;
};

// Leaves the reader at the first payload.
Result<ParsedHeader> parse_header(Reader& reader);
void write(Writer& writer, const Header& header, PayloadType next);

} // namespace sipvet::mikey
