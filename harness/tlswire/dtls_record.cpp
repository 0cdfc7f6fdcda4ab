#include "tlswire/dtls_record.hpp"

#include "base/reader.hpp"
#include "tlswire/code_name.hpp"

#include <algorithm>

namespace sipvet::tlswire {
namespace {

constexpr std::uint8_t first_type = 20, last_type = 25; // RFC 7983 §7 leaves 20 to 63 to DTLS
constexpr std::uint8_t version_major = 0xfe;

} // namespace

std::string dtls_version_name(std::uint16_t version) {
  if (version == dtls1_0) return "DTLSv1.0";
  if (version == dtls1_2) return "DTLSv1.2";
  return hex_code(version);
}

std::uint16_t tls_version_of(std::uint16_t dtls_version) {
  return dtls_version == dtls1_0 ? std::uint16_t{0x0302} : std::uint16_t{0x0303};
}

bool looks_like_dtls(ByteView datagram) {
  return datagram.size() >= dtls_record_header_octets && datagram[0] >= first_type &&
         datagram[0] <= last_type && datagram[1] == version_major;
}

Result<std::vector<DtlsRecord>> parse_dtls_records(ByteView datagram) {
  Reader reader(datagram);
  std::vector<DtlsRecord> records;
  while (!reader.empty()) {
    const std::size_t at = reader.offset();
    DtlsRecord record;
    SIPVET_TRY(const std::uint8_t type, reader.u8("content type"));
    if (type < first_type || type > last_type)
      return fail("expected a DTLS content type from 20 to 25, found " + std::to_string(type), at);
    record.type = static_cast<ContentType>(type);
    SIPVET_TRY(record.version, reader.u16("version"));
    if (record.version >> 8 != version_major)
      return fail("expected a DTLS version, found " + hex_code(record.version), at + 1);
    SIPVET_TRY(record.epoch, reader.u16("epoch"));
    SIPVET_TRY(record.sequence, reader.u48("sequence number"));
    SIPVET_TRY(Reader fragment, reader.sub_prefixed16("record"));
    record.fragment = fragment.rest();
    records.push_back(record);
  }
  return records;
}

Result<std::vector<DtlsFragment>> parse_dtls_fragments(ByteView record_fragment) {
  Reader reader(record_fragment);
  std::vector<DtlsFragment> fragments;
  while (!reader.empty()) {
    const std::size_t at = reader.offset();
    DtlsFragment fragment;
    SIPVET_TRY(const std::uint8_t type, reader.u8("handshake type"));
    fragment.type = static_cast<HandshakeType>(type);
    SIPVET_TRY(fragment.length, reader.u24("length"));
    SIPVET_TRY(fragment.message_sequence, reader.u16("message_seq"));
    SIPVET_TRY(fragment.offset, reader.u24("fragment_offset"));
    SIPVET_TRY(Reader part, reader.sub_prefixed24("handshake fragment"));
    fragment.part = part.rest();
    if (fragment.length > max_handshake_octets ||
        std::size_t{fragment.offset} + fragment.part.size() > fragment.length)
      return fail("expected a handshake fragment within a message of at most " +
                      std::to_string(max_handshake_octets) + " octets",
                  at);
    fragments.push_back(fragment);
  }
  return fragments;
}

Result<void> DtlsHandshakeReader::add(const DtlsFragment& fragment) {
  const auto found = messages_.find(fragment.message_sequence);
  if (found == messages_.end() && messages_.size() >= max_messages)
    return fail("expected no more than " + std::to_string(max_messages) + " handshake messages");
  Partial& message = messages_[fragment.message_sequence];
  if (found == messages_.end()) {
    message.type = fragment.type;
    message.body.resize(fragment.length);
  } else if (message.type != fragment.type ||
             (!message.handed_out && message.body.size() != fragment.length)) {
    return fail("expected the parts of handshake message " + std::to_string(fragment.message_sequence) +
                " to have one type and one length");
  }
  if (message.handed_out) return {};
  std::copy(fragment.part.begin(), fragment.part.end(),
            message.body.begin() + static_cast<std::ptrdiff_t>(fragment.offset));
  // What overlaps or touches the new part is joined to it.
  std::uint32_t from = fragment.offset;
  std::uint32_t to = fragment.offset + static_cast<std::uint32_t>(fragment.part.size());
  for (auto part = message.parts.begin(); part != message.parts.end();) {
    if (part->first > to || part->second < from) {
      ++part;
      continue;
    }
    from = std::min(from, part->first);
    to = std::max(to, part->second);
    part = message.parts.erase(part);
  }
  if (message.parts.size() >= max_parts) return fail("expected fewer parts of one handshake message");
  message.parts[from] = to;
  return {};
}

std::vector<DtlsHandshakeReader::Message> DtlsHandshakeReader::take() {
  std::vector<Message> whole;
  for (auto& [sequence, message] : messages_) {
    if (message.handed_out || message.parts.size() != 1 || message.parts.begin()->first != 0 ||
        message.parts.begin()->second != message.body.size())
      continue;
    message.handed_out = true;
    whole.push_back({message.type, sequence, std::exchange(message.body, {})});
  }
  return whole;
}

} // namespace sipvet::tlswire
