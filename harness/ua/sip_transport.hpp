// Carries SIP messages over UDP, TCP and TLS (RFC 3261 §18): listening, connections made on demand and used
// again, framing, the response address of a request. A node of the network; what arrives goes to its
// TransportUser.
#pragma once

#include "net/network.hpp"
#include "sip/message.hpp"
#include "tls/engine.hpp"
#include "ua/connection_end.hpp"
#include "ua/stream_link.hpp"
#include "ua/transport.hpp"
#include "ua/transport_limits.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::ua {

// Octets kept for a connection that is not up yet.
inline constexpr std::size_t max_queued_octets = 1024 * 1024;

// All calls come from inside Network::run_until(), except on_sent() and those that follow directly from the
// user's own call.
class TransportUser {
 public:
  virtual ~TransportUser() = default;
  virtual void on_message(const Hop& hop, const sip::Message& message) = 0;
  // A message left (or was queued for a connection that is being made).
  virtual void on_sent(const Hop&, const sip::Message&) {}
  // TCP: the connection is up; TLS: the handshake is done too. For accepted connections as well.
  virtual void on_connected(const Hop&, const std::optional<tls::SessionInfo>&) {}
  // What was queued on it is lost.
  virtual void on_connect_failed(const Hop&, const ConnectFailure&) {}
  // Not called after the user's own disconnect().
  virtual void on_closed(const Hop&, const Closure&) {}
  // Each TLS alert, close_notify included, in front of what follows from it.
  virtual void on_alert(const Hop&, const tls::Alert&, bool /*sent*/) {}
  // The answer to ping().
  virtual void on_pong(const Hop&) {}
  // Octets that are no SIP message: the connection is closed after this; a datagram is dropped.
  virtual void on_garbage(const Hop&, const Error&) {}
  // In front of what follows from it.
  virtual void on_limit(const Hop&, const LimitHit&) {}
};

// `server` is used for accepted connections, `client` for made ones; without them there is no TLS.
struct TlsSides {
  std::optional<tls::Config> server;
  std::optional<tls::Config> client;
};
struct TransportTls : TlsSides {
  std::map<std::string, TlsSides> contexts;     // by name, for the listeners that name one
  std::function<void(std::string_view)> keylog; // one NSS key log line each, without line end
  StreamDeviations deviations;
  TransportLimits limits;
  Duration clock_offset{}; // of the clock that certificates are checked against, from the network's
};

struct ListenOptions {
  // Of TransportTls, used for what is accepted here, and for connections to targets that are to be answered
  // here; empty: the sides without a name.
  std::string context;
  // TLS and TCP on the one port: the first octet of a connection tells which it is.
  bool tcp_beside_tls = false;
};

class SipTransport final : public net::Node {
 public:
  SipTransport(net::Network& network, TransportUser& user, TransportTls tls = {});
  ~SipTransport() override;

  // The endpoint it listens on (port 0 asks for a free one). Several may be listened on for one transport.
  Result<Endpoint> listen(Transport transport, const Endpoint& local, const ListenOptions& options = {});
  // Nobody is at any of its endpoints any more; connections stay.
  void stop_listening();
  // The first endpoint listened on for that transport.
  std::optional<Endpoint> listening(Transport transport) const;

  // Sends to the target over a connection that exists (target.connection, or any to the same remote) or is
  // made for it; UDP goes out of the listening socket of that transport, or of one opened for the purpose.
  // Fails only for what is known at once; a connection that fails later is reported by on_connect_failed().
  Result<Hop> send(const sip::Message& message, const Target& target);
  // Exact octets, as they are. On a TLS connection that is up they are one record, or more when they are too
  // many.
  Result<Hop> send_octets(ByteView octets, const Target& target);
  // A response: to where RFC 3261 §18.2.2 and RFC 3581 §4 say, from the topmost Via and the hop the request
  // came over.
  Result<Hop> send_response(const sip::Message& response, const Hop& request_hop);

  // Opens the connection (and TLS) without sending anything; an existing one to that remote is not used.
  Result<Hop> connect(const Target& target);
  // The same from a chosen end of ours (port 0: a free one), which Via and Contact name from then on in what
  // goes over it: the other side is to come back on this connection and on no other.
  Result<Hop> connect_from(const Endpoint& local, const Target& target);
  // Requests to `remote` go over this connection, although its own remote end is another (RFC 5923 §5).
  void add_alias(const Endpoint& remote, net::ConnectionId connection);
  void disconnect(net::ConnectionId connection); // TLS: with close_notify
  // Ends our direction only: responses may still come.
  void finish(net::ConnectionId connection);
  std::optional<Hop> hop(net::ConnectionId connection) const; // none when it is gone
  std::vector<Hop> hops() const;                              // of all connections, up or being made
  bool is_up(net::ConnectionId connection) const;
  // CRLF CRLF on a connection that is up (RFC 5626 §3.5.1).
  Result<void> ping(net::ConnectionId connection);
  std::optional<tls::SessionInfo> session(net::ConnectionId connection) const;
  std::size_t connections() const;
  // When octets last came or went, keep-alives included; none when the connection is gone.
  std::optional<Instant> last_activity(net::ConnectionId connection) const;

  // Whether the other side made that connection: then nobody listens at its remote endpoint.
  bool is_accepted(net::ConnectionId connection) const;

  // The endpoint to tell `target` to answer to: the listening one of that transport (target.local, or else
  // the one that packets to the target leave from), an unspecified address replaced by that which the
  // connection or the network uses towards it.
  Endpoint reachable_at(const Target& target) const;

  void on_accepted(net::ListenerId, net::ConnectionId, const Endpoint& local,
                   const Endpoint& remote) override;
  void on_connected(net::ConnectionId, const Endpoint& local) override;
  void on_bytes(net::ConnectionId, ByteView) override;
  bool on_finished(net::ConnectionId) override;
  void on_closed(net::ConnectionId, net::CloseReason) override;
  void on_datagram(net::SocketId, const Endpoint& from, ByteView) override;
  void on_timer(net::TimerId) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::ua
