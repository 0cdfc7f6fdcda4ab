// What every engine, gateway and peer runs on: a Node gets connections, octets, datagrams and timer expiries
// from a Network, and asks it to listen, connect, send and wake it. No node touches a socket, a thread or a
// clock.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "base/random.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace sipvet::net {

// Handles, unique within one network for its whole life; 0 is none.
enum class ListenerId : std::uint64_t { none = 0 };
enum class ConnectionId : std::uint64_t { none = 0 };
enum class SocketId : std::uint64_t { none = 0 };
enum class TimerId : std::uint64_t { none = 0 };

enum class CloseReason { by_peer, reset, refused, unreachable, timed_out };
std::string_view to_string(CloseReason reason);

// A delay that can be added to a point in time: not negative, and not beyond a hundred years.
Duration bounded_delay(Duration delay);

// All calls come from inside Network::run_until(), never from inside a call the node itself makes to the
// network.
class Node {
 public:
  virtual ~Node() = default;
  virtual void on_accepted(ListenerId, ConnectionId, const Endpoint& /*local*/, const Endpoint& /*remote*/) {}
  virtual void on_connected(ConnectionId, const Endpoint& /*local*/) {}
  virtual void on_bytes(ConnectionId, ByteView) {}
  // The peer has ended its direction. True: the node has more to say, and closes the connection itself; the
  // octets that it still sends may reach nobody. False: the connection is closed, as on_closed() tells.
  virtual bool on_finished(ConnectionId) { return false; }
  // The connection is gone, or never came about (refused, unreachable, timed_out); its id is dead. Not called
  // after the node's own close().
  virtual void on_closed(ConnectionId, CloseReason) {}
  virtual void on_datagram(SocketId, const Endpoint& /*from*/, ByteView) {}
  virtual void on_timer(TimerId) {}
};

// A node must outlive what it opened, or call forget() first.
class Network {
 public:
  virtual ~Network() = default;

  // Port 0 asks for a free one; local_endpoint() tells which. Fails when the address is taken or not this
  // host's.
  virtual Result<ListenerId> listen(Node& node, const Endpoint& local) = 0;
  virtual Result<SocketId> open_datagram(Node& node, const Endpoint& local) = 0;
  // A TCP connection from `local` (unspecified address and port 0: the network chooses). Answered by
  // on_connected or on_closed.
  virtual ConnectionId connect(Node& node, const Endpoint& local, const Endpoint& remote) = 0;

  virtual void send(ConnectionId connection,
                    ByteView octets) = 0; // queued until connected; ignored on a dead id
  virtual void send_to(SocketId socket, const Endpoint& to, ByteView datagram) = 0;

  // Ends our direction after what was sent before it; octets of the peer still come, until it closes.
  virtual void finish(ConnectionId connection) = 0;
  virtual void close(ConnectionId connection) = 0; // after what was sent before it
  virtual void abort(ConnectionId connection) = 0; // at once, with a reset
  virtual void close(ListenerId listener) = 0;
  virtual void close(SocketId socket) = 0;

  virtual Endpoint local_endpoint(ListenerId listener) const = 0;
  virtual Endpoint local_endpoint(SocketId socket) const = 0;
  // The address that what goes to `remote` leaves from, where a socket is bound to every address. Fails when
  // there is no way there.
  virtual Result<IpAddress> source_address(const IpAddress& remote) const = 0;

  virtual TimerId wake_after(Node& node, Duration delay) = 0;
  virtual void cancel(TimerId timer) = 0; // ignored when it has fired
  // Ends everything the node opened, without telling it.
  virtual void forget(Node& node) = 0;

  virtual Instant now() const = 0;
  virtual Random& random() = 0;

  // Delivers events until done() is true or `deadline` has come; says whether done() was. done() is asked
  // after each event. Real time passes in the socket network, virtual time in the simulated one.
  virtual bool run_until(const std::function<bool()>& done, Instant deadline) = 0;
};

} // namespace sipvet::net
