// Sees to it that a tap hears of every octet once: of those between two sockets of this network from the
// sender, of those from and to others from the one end there is.
#pragma once

#include "net/tap.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <unordered_set>
#include <utility>

namespace sipvet::io {

class WireLedger {
 public:
  void set_tap(net::Tap* tap) { tap_ = tap; }

  void listening(const Endpoint& local) { listeners_.insert(local); }
  void not_listening(const Endpoint& local);
  void bound(const Endpoint& local) { sockets_.insert(local); }
  void not_bound(const Endpoint& local);

  // Called when the connect begins, so that an accept can tell that the client is one of us.
  void connecting(const net::Flow& flow);
  void accepted(const net::Flow& flow);
  void refused(const net::Flow& flow);
  // Tells the tap of the handshake, the first time.
  void established(const net::Flow& flow);
  void sent(const net::Flow& flow, net::Direction direction, ByteView octets);
  void received(const net::Flow& flow, net::Direction direction, ByteView octets);
  void ended_here(const net::Flow& flow, net::Direction direction, net::Ending how);
  void ended_there(const net::Flow& flow, net::Direction direction, net::Ending how);
  // This network's end that sends in `direction` exists no more.
  void gone(const net::Flow& flow, net::Direction direction);

  void datagram_sent(const Endpoint& from, const Endpoint& to, ByteView octets);
  void datagram_received(const Endpoint& from, const Endpoint& to, ByteView octets);

 private:
  using Endpoints = std::unordered_multiset<Endpoint>;
  struct Ends {
    bool client_ours = false;
    bool server_ours = false; // accepted, or expected to be, by a listener of ours
    bool accepted = false;
    bool client_gone = false;
    bool server_gone = false;
    bool established = false;
  };
  bool sender_is_ours(const net::Flow& flow, net::Direction direction) const;
  bool covers(const Endpoints& ours, const Endpoint& endpoint);
  bool is_local(const IpAddress& ip);
  Endpoint with_source(Endpoint local, const IpAddress& peer);

  net::Tap* tap_ = nullptr;
  Endpoints listeners_;
  Endpoints sockets_;
  // Closed a moment ago: what they sent may still be on its way to another of our sockets.
  std::deque<std::pair<std::chrono::steady_clock::time_point, Endpoint>> departed_;
  std::map<net::Flow, Ends> flows_;
  std::map<IpAddress, bool> local_;       // answers of the kernel, remembered
  std::map<IpAddress, IpAddress> source_; // by peer
};

} // namespace sipvet::io
