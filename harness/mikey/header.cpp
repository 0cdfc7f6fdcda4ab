#include "mikey/header.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

constexpr std::uint8_t supported_version = 1;
constexpr std::uint8_t verification_flag = 0x80;

Result<std::vector<SrtpId>> parse_sessions(Reader& reader, std::uint8_t count) {
  std::vector<SrtpId> sessions;
  for (std::uint8_t i = 0; i < count; ++i) {
    SrtpId id;
    SIPVET_TRY(id.policy_no, reader.u8("SRTP-ID policy number"));
    SIPVET_TRY(id.ssrc, reader.u32("SRTP-ID SSRC"));
    SIPVET_TRY(id.roc, reader.u32("SRTP-ID rollover counter"));
    sessions.push_back(id);
  }
  return sessions;
}

Result<std::vector<SrtpId>> parse_map(Reader& reader, MapType type, std::uint8_t count) {
  if (type == MapType::srtp_id) return parse_sessions(reader, count);
  if (type == MapType::empty && count == 0) return std::vector<SrtpId>{};
  if (type == MapType::empty)
    return fail(fmt::format("an empty CS ID map has no sessions, but #CS is {}", count), reader.offset());
  return fail(fmt::format("CS ID map type {} is not supported, expected 0 (SRTP-ID) or 1 (empty)",
                          static_cast<unsigned>(type)),
              reader.offset() - 1);
}

} // namespace

std::string to_string(DataType type) {
  switch (type) {
  case DataType::psk_init:
    return "pre-shared key message";
  case DataType::psk_verification:
    return "pre-shared key verification message";
  case DataType::pk_init:
    return "public-key message";
  case DataType::pk_verification:
    return "public-key verification message";
  case DataType::dh_init:
    return "Diffie-Hellman initiator message";
  case DataType::dh_response:
    return "Diffie-Hellman responder message";
  case DataType::error:
    return "error message";
  }
  return fmt::format("message of data type {}", static_cast<unsigned>(type));
}

Result<ParsedHeader> parse_header(Reader& reader) {
  ParsedHeader out;
  Header& header = out.header;
  const std::size_t start = reader.offset();
  SIPVET_TRY(header.version, reader.u8("MIKEY version"));
  if (header.version != supported_version)
    return fail(fmt::format("MIKEY version is {}, expected 1", header.version), start);
  SIPVET_TRY(const std::uint8_t data_type, reader.u8("data type"));
  SIPVET_TRY(const std::uint8_t next, reader.u8("next payload"));
  SIPVET_TRY(const std::uint8_t flags, reader.u8("V flag and PRF function"));
  SIPVET_TRY(header.csb_id, reader.u32("CSB ID"));
  SIPVET_TRY(const std::uint8_t count, reader.u8("number of crypto sessions"));
  SIPVET_TRY(const std::uint8_t map_type, reader.u8("CS ID map type"));
  header.data_type = static_cast<DataType>(data_type);
  header.verification_wanted = (flags & verification_flag) != 0;
  header.prf = static_cast<Prf>(flags & ~verification_flag);
  header.map_type = static_cast<MapType>(map_type);
  out.next = static_cast<PayloadType>(next);
  SIPVET_TRY(header.sessions, parse_map(reader, header.map_type, count));
  return out;
}

void write(Writer& writer, const Header& header, PayloadType next) {
  const std::uint8_t flag = header.verification_wanted ? verification_flag : 0;
  writer.u8(header.version)
      .u8(static_cast<std::uint8_t>(header.data_type))
      .u8(static_cast<std::uint8_t>(next));
  writer.u8(static_cast<std::uint8_t>(flag | static_cast<std::uint8_t>(header.prf))).u32(header.csb_id);
  writer.u8(static_cast<std::uint8_t>(header.sessions.size())).u8(static_cast<std::uint8_t>(header.map_type));
  for (const SrtpId& id : header.sessions) writer.u8(id.policy_no).u32(id.ssrc).u32(id.roc);
}

} // namespace sipvet::mikey
