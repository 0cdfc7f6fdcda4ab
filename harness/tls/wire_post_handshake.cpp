#include "tls/wire_post_handshake.hpp"

#include "tlswire/client_hello.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/key_update.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

using tlswire::HandshakeType;

tlswire::ProtectionParameters next_keys(const WireLink& link, Bytes& traffic_secret) {
  traffic_secret = tlswire::next_traffic_secret(*link.suite, traffic_secret);
  tlswire::ProtectionParameters parameters;
  parameters.version = link.version;
  parameters.suite = link.suite;
  parameters.keys = tlswire::traffic_keys(*link.suite, traffic_secret);
  return parameters;
}

// RFC 8446 §4.6.3: an update that asks for one is answered with one that does not.
Verdict take_key_update(WireLink& link, ByteView body) {
  const auto update = tlswire::parse_key_update(body);
  if (!update) return fault(alert::illegal_parameter, "the peer's KeyUpdate: " + update.error().what);
  if (auto problem = link.records.protect_reading(next_keys(link, link.read_traffic_secret))) return problem;
  if (!update->update_requested || link.write_closed) return std::nullopt;
  Bytes raw;
  tlswire::append_handshake(raw, HandshakeType::key_update, tlswire::write_key_update({false}));
  link.records.write_handshake(raw);
  return link.records.protect_writing(next_keys(link, link.write_traffic_secret));
}

} // namespace

Verdict take_after_13(WireLink& link, Handshake& handshake, const tlswire::HandshakeMessage& message) {
  if (message.type == HandshakeType::key_update) return take_key_update(link, message.body);
  if (message.type == HandshakeType::new_session_ticket && !link.server())
    return handshake.take_ticket_13(message.body);
  const bool hello =
      message.type == HandshakeType::client_hello || message.type == HandshakeType::hello_request;
  if (hello && link.deviations().accept_late_hello) return std::nullopt;
  return fault(alert::unexpected_message, "the peer sent " + tlswire::handshake_type_name(message.type) +
                                              " inside an established TLS 1.3 connection");
}

void send_hello_request(WireLink& link) {
  Bytes raw;
  tlswire::append_handshake(raw, HandshakeType::hello_request, {});
  link.records.write_handshake(raw);
}

void send_late_hello(WireLink& link) {
  tlswire::ClientHello hello;
  std::ranges::copy(link.random.bytes(hello.random.size()), hello.random.begin());
  for (const tlswire::Suite* suite : link.context->suites()) hello.suites.push_back(suite->code);
  Bytes raw;
  tlswire::append_handshake(raw, HandshakeType::client_hello, tlswire::write_client_hello(hello));
  link.records.write_handshake(raw);
}

} // namespace sipvet::tls
