// What a SipTransport puts up with on its connections: how many, how slow, how large (RFC 3261 §18.3,
// §21.4.11).
#include "dialog/dialog.hpp"
#include "dialog/request_builder.hpp"
#include "ua/sip_transport_state.hpp"

#include <algorithm>

namespace sipvet::ua {

std::optional<Limit> SipTransport::State::exceeded_by(const Listener& listener,
                                                      const Endpoint& remote) const {
  const TransportLimits& limits = tls.limits;
  std::size_t all = 0, same = 0, unfinished = 0;
  for (const auto& [id, each] : connections) {
    if (!each->hop.accepted) continue;
    ++all;
    same += each->hop.remote.ip == remote.ip;
    unfinished += !each->link.up();
  }
  const auto full = [](std::size_t count, std::size_t limit) { return limit != 0 && count >= limit; };
  if (full(same, limits.connections_per_address)) return Limit::connections_per_address;
  if (full(all, limits.connections)) return Limit::connections;
  const bool handshakes = listener.transport == Transport::tls;
  return handshakes && full(unfinished, limits.handshakes) ? std::optional(Limit::handshakes) : std::nullopt;
}

sip::FramerLimits SipTransport::State::framer_limits() const {
  const auto within = [](std::size_t limit) {
    return limit == 0 ? sip::max_message_octets : std::min(limit, sip::max_message_octets);
  };
  return {within(tls.limits.head_octets), within(tls.limits.body_octets)};
}

// The time runs from the first octet: who sends one at a time wins none by it.
void SipTransport::State::watch_message(const ConnectionPtr& connection) {
  if (!alive(connection) || !connection->link.up() || connection->half_closed) return;
  // So few may be line ends, of a keep-alive that is not complete or not told from a pong yet.
  constexpr std::size_t undecided_octets = 3;
  const bool begun = connection->link.pending_octets() > undecided_octets;
  const bool another = std::exchange(connection->message_came, false);
  if (!begun) return stop_watching(connection);
  if (another || connection->deadline == net::TimerId::none)
    watch(connection, tls.limits.message_time, Limit::message_time);
}

// §21.4.11: the connection may be closed, and here must be, for the rest would be taken for a message.
void SipTransport::State::refuse_body(const ConnectionPtr& connection, const sip::Message& head) {
  if (!head.is_request() || head.method() == "ACK") return;
  const sip::Message response = dialog::make_response(head, 413, {}, dialog::new_tag(network.random()));
  connection->link.send(as_bytes(response.serialize()));
  pump(connection);
  user.on_sent(connection->hop, response);
}

// The last response that a half-closed connection was kept for ends it.
void SipTransport::State::note_answered(const ConnectionPtr& connection) {
  if (connection->unanswered > 0) --connection->unanswered;
  if (connection->half_closed && connection->unanswered == 0)
    give_up(connection, {"the other side had finished, and has its responses", {}, {}, true}, false);
}

} // namespace sipvet::ua
