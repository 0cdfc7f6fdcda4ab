#include "analysis/sip_message.hpp"

#include "analysis/packing.hpp"

namespace sipvet::analysis {

namespace {

template <typename Message, typename Visit>
void each_field(Message& m, Visit& visit) {
  visit(m.frame, m.time, m.source, m.destination, m.transport, m.text, m.is_request, m.method, m.status,
        m.first_line, m.call_id, m.cseq, m.next_hop, m.connection);
}

} // namespace

std::string_view to_string(Transport transport) {
  switch (transport) {
  case Transport::udp:
    return "UDP";
  case Transport::tcp:
    return "TCP";
  case Transport::tls:
    return "TLS";
  case Transport::ws:
    return "WS";
  case Transport::wss:
    return "WSS";
  }
  return "";
}

bool is_encrypted(Transport transport) { return transport == Transport::tls || transport == Transport::wss; }

Bytes pack(const SipMessage& message) {
  Packer packer;
  each_field(message, packer);
  return packer.take();
}

Result<SipMessage> unpack_message(ByteView packed) {
  Unpacker unpacker(packed);
  SipMessage message;
  each_field(message, unpacker);
  if (!unpacker.good()) return fail("a packed message ends early");
  return message;
}

} // namespace sipvet::analysis
