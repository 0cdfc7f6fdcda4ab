#include "tlswire/new_session_ticket.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "tlswire/version.hpp"

namespace sipvet::tlswire {

Result<NewSessionTicket> parse_new_session_ticket(ByteView body, std::uint16_t version) {
  const bool tls13 = version >= tls1_3;
  Reader reader(body);
  NewSessionTicket out;
  SIPVET_TRY(out.lifetime_s, reader.u32("ticket lifetime"));
  if (tls13) {
    SIPVET_TRY(out.age_add, reader.u32("ticket age add"));
    SIPVET_TRY(Reader nonce, reader.sub_prefixed8("ticket nonce"));
    out.nonce = to_bytes(nonce.rest());
  }
  SIPVET_TRY(Reader ticket, reader.sub_prefixed16("ticket"));
  // RFC 5077 §3.3: an empty ticket is a server's change of mind; TLS 1.3 has no such thing.
  if (tls13 && ticket.empty()) return fail("expected a ticket of 1 octet or more", ticket.offset());
  out.ticket = to_bytes(ticket.rest());
  if (tls13) {
    SIPVET_TRY(out.extensions, parse_required_extensions(reader));
  }
  SIPVET_CHECK(reader.expect_end("NewSessionTicket"));
  return out;
}

Bytes write_new_session_ticket(const NewSessionTicket& ticket, std::uint16_t version) {
  const bool tls13 = version >= tls1_3;
  Writer writer;
  writer.u32(ticket.lifetime_s);
  if (tls13) {
    writer.u32(ticket.age_add);
    const auto nonce = writer.prefixed8();
    writer.bytes(ticket.nonce);
  }
  {
    const auto octets = writer.prefixed16();
    writer.bytes(ticket.ticket);
  }
  if (tls13) write_extensions(writer, ticket.extensions);
  return writer.take();
}

} // namespace sipvet::tlswire
