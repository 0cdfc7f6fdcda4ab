// The inside of the simulated network: who is where, and what is on its way.
#pragma once

#include "net/address_book.hpp"
#include "net/event_queue.hpp"
#include "net/sim_network.hpp"

#include <map>
#include <set>

namespace sipvet::net {

struct SimNetwork::State {
  State(std::uint64_t seed, const SimConditions& conditions_now, Instant start)
      : conditions(conditions_now), now(start), for_nodes(seed), for_the_wire(~seed) {}

  // One end of a TCP connection.
  struct Half {
    Node* node = nullptr; // none after the node's close() of a connection that still has octets to send
    Flow flow;
    Direction sends = Direction::to_server;
    ConnectionId peer = ConnectionId::none; // none until the other end has accepted
    bool established = false;
    bool finish_wanted = false; // by its node
    bool finished = false;
    Bytes queued;         // sent before it was established
    Instant last_arrival; // of what this end sent: later octets do not overtake earlier ones
  };
  struct Bound {
    Node* node = nullptr;
    Endpoint local;
  };
  // Two streams, so that a change of the loss does not change the keys that nodes draw.
  SimConditions conditions;
  Instant now;
  SeededRandom for_nodes;
  SeededRandom for_the_wire;
  Tap* tap = nullptr;
  EventQueue queue;
  DynamicPorts ports;
  AddressBook<ListenerId> listening;
  AddressBook<SocketId> bound;
  std::map<ListenerId, Bound> listeners;
  std::map<SocketId, Bound> sockets;
  std::map<ConnectionId, Half> connections;
  std::set<Flow> flows; // of connections, so that no port pair is used twice at once
  std::map<TimerId, Node*> timers;
  std::uint64_t last_id = 0;

  template <typename Id>
  Id new_id() {
    return Id{++last_id};
  }

  Half* find(ConnectionId id) {
    const auto found = connections.find(id);
    return found == connections.end() ? nullptr : &found->second;
  }

  ConnectionId connect(Node& node, Endpoint local, Endpoint remote);
  void syn_arrives(ConnectionId client);
  void established(ConnectionId client);
  void send(Half& from, ByteView octets);
  void send_to(const Bound& from, Endpoint to, ByteView octets);
  void datagram_arrives(const Endpoint& from, const Endpoint& to, const Bytes& octets);
  void finish(ConnectionId id);
  void close(ConnectionId id);
  void abort(ConnectionId id);
  void end(ConnectionId id, Ending how);
  void end_arrives(ConnectionId at, CloseReason why);
  void erase(ConnectionId id);
  Instant arrival(Half& from);
};

} // namespace sipvet::net
