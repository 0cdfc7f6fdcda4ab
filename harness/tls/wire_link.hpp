// What one connection of the wire engine keeps from handshake to handshake.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "tls/engine.hpp"
#include "tls/handshake_trace.hpp"
#include "tls/wire_context.hpp"
#include "tls/wire_records.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace sipvet::tls {

struct WireLink {
  WireLink(std::shared_ptr<const WireContext> ctx, const Clock& clk, Random& rnd, PeerName name)
      : context(std::move(ctx)), clock(clk), random(rnd), peer(std::move(name)),
        records(context->deviations(), rnd) {}

  std::shared_ptr<const WireContext> context;
  const Clock& clock;
  Random& random;
  PeerName peer;
  WireRecords records;
  HandshakeTrace trace;
  std::vector<Event> events;

  // RFC 5746 §3.1.
  bool secure_renegotiation = false;
  Bytes client_verify_data, server_verify_data;
  int handshakes_done = 0;
  bool write_closed = false; // close_notify is sent, and nothing may follow

  // Of the last handshake that was done.
  std::uint16_t version = 0;
  const tlswire::Suite* suite = nullptr;
  Bytes read_traffic_secret, write_traffic_secret; // TLS 1.3
  Bytes session_key; // under which a server keeps the session; empty: it does not

  const Deviations& deviations() const { return context->deviations(); }
  const Config& config() const { return context->config(); }
  bool server() const { return context->server(); }
  const std::string& server_name() const {
    return peer.server_name.empty() ? config().server_name : peer.server_name;
  }
};

} // namespace sipvet::tls
