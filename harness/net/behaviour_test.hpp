// What nodes may rely on, whichever network they run on: one suite of checks for the simulated and the socket
// network.
#pragma once

#include "net/network.hpp"
#include "net/tap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace sipvet::net::behaviour {

using namespace std::chrono_literals;

inline Endpoint loopback(std::uint16_t port = 0) { return {IpAddress::v4(127, 0, 0, 1), port}; }
inline Endpoint loopback_v6(std::uint16_t port = 0) {
  Endpoint endpoint{{}, port};
  endpoint.ip.v6 = true;
  endpoint.ip.octets[15] = 1;
  return endpoint;
}

// Writes down what happens to it, in words.
struct Recorder : Node {
  std::vector<std::string> log;
  std::string received;
  ConnectionId accepted = ConnectionId::none;
  std::vector<TimerId> fired;
  Endpoint local;
  Endpoint remote;
  std::optional<CloseReason> closed;

  void on_accepted(ListenerId, ConnectionId id, const Endpoint& at, const Endpoint& from) override {
    accepted = id;
    local = at;
    remote = from;
    log.push_back("accepted");
  }
  void on_connected(ConnectionId, const Endpoint& at) override {
    local = at;
    log.push_back("connected");
  }
  void on_bytes(ConnectionId, ByteView octets) override { received += as_text(octets); }
  void on_closed(ConnectionId, CloseReason why) override {
    closed = why;
    log.push_back(std::string(to_string(why)));
  }
  void on_datagram(SocketId, const Endpoint& from, ByteView octets) override {
    remote = from;
    log.push_back("datagram " + std::string(as_text(octets)));
  }
  void on_timer(TimerId id) override { fired.push_back(id); }
};

struct Echo : Recorder {
  explicit Echo(Network& on) : network(on) {}
  Network& network;
  void on_bytes(ConnectionId id, ByteView octets) override { network.send(id, octets); }
  void on_datagram(SocketId id, const Endpoint& from, ByteView octets) override {
    network.send_to(id, from, octets);
  }
};

template <typename Done>
void run(Network& network, Done done, Duration within = 5s) {
  BOOST_TEST_REQUIRE(network.run_until(done, network.now() + within));
}
inline void settle(Network& network) {
  network.run_until([] { return false; }, network.now() + 30ms);
}

// Two ends of one connection.
struct Pair {
  explicit Pair(Network& on) : network(on) {
    const auto listener = network.listen(server, loopback());
    BOOST_TEST_REQUIRE(listener.has_value());
    at = network.local_endpoint(*listener);
    connection = network.connect(client, {}, at);
    run(network, [&] { return !client.log.empty() && server.accepted != ConnectionId::none; });
  }
  ~Pair() {
    network.forget(client);
    network.forget(server);
  }
  Network& network;
  Recorder client;
  Recorder server;
  Endpoint at;
  ConnectionId connection{};
};

inline void echo_over_tcp(Network& network, const Endpoint& local) {
  Echo server(network);
  Recorder client;
  const auto listener = network.listen(server, local);
  BOOST_TEST_REQUIRE(listener.has_value());
  const Endpoint at = network.local_endpoint(*listener);
  BOOST_TEST(at.port != 0);
  const ConnectionId connection = network.connect(client, {}, at);
  BOOST_TEST(client.log.empty()); // never from within the call
  network.send(connection, as_bytes("early "));
  run(network, [&] { return !client.log.empty(); });
  network.send(connection, as_bytes("late"));
  run(network, [&] { return client.received == "early late"; });
  BOOST_TEST((server.remote == client.local));
  // Nobody is at 0.0.0.0: who connects there reaches this host.
  BOOST_TEST((server.local == (at.ip.is_unspecified() ? loopback(at.port) : at)));
  network.forget(server);
  network.forget(client);
}

inline void echo_over_udp(Network& network, const Endpoint& local) {
  Echo server(network);
  Recorder client;
  const auto there = network.open_datagram(server, local);
  const auto here = network.open_datagram(client, local);
  BOOST_TEST_REQUIRE(there.has_value());
  BOOST_TEST_REQUIRE(here.has_value());
  network.send_to(*here, network.local_endpoint(*there), as_bytes("one"));
  network.send_to(*here, network.local_endpoint(*there), as_bytes(""));
  run(network, [&] { return client.log.size() == 2; });
  BOOST_TEST(client.log == (std::vector<std::string>{"datagram one", "datagram "}),
             boost::test_tools::per_element());
  BOOST_TEST((client.remote == network.local_endpoint(*there)));
  network.forget(server);
  network.forget(client);
}

// What a socket bound to every address sends comes from source_address().
inline void source_of_unbound(Network& network, const Endpoint& local) {
  Recorder node;
  const auto there = network.open_datagram(node, local);
  const auto here = network.open_datagram(node, {{local.ip.v6, {}}, 0});
  BOOST_TEST_REQUIRE(there.has_value());
  BOOST_TEST_REQUIRE(here.has_value());
  network.send_to(*here, network.local_endpoint(*there), as_bytes("whence"));
  run(network, [&] { return !node.log.empty(); });
  BOOST_TEST((node.remote.ip == network.source_address(local.ip).value()));
  BOOST_TEST(!node.remote.ip.is_unspecified());
  network.forget(node);
}

// Nobody at the other end of a datagram is nobody's trouble.
inline void datagram_to_nobody(Network& network) {
  Recorder node;
  const auto gone = network.open_datagram(node, loopback());
  const Endpoint nobody = network.local_endpoint(*gone);
  network.close(*gone);
  const auto socket = network.open_datagram(node, loopback());
  network.send_to(*socket, nobody, as_bytes("hello"));
  settle(network);
  network.send_to(*socket, network.local_endpoint(*socket), as_bytes("to myself"));
  run(network, [&] { return !node.log.empty(); });
  BOOST_TEST(node.log.front() == "datagram to myself");
  network.forget(node);
}

inline void refused(Network& network) {
  Recorder node;
  const auto listener = network.listen(node, loopback());
  const Endpoint at = network.local_endpoint(*listener);
  network.close(*listener);
  network.connect(node, {}, at);
  BOOST_TEST(node.log.empty());
  run(network, [&] { return !node.log.empty(); });
  BOOST_TEST((node.closed == CloseReason::refused));
}

inline void taken(Network& network) {
  Recorder node;
  const auto first = network.listen(node, loopback());
  BOOST_TEST(!network.listen(node, network.local_endpoint(*first)).has_value());
  const auto socket = network.open_datagram(node, loopback());
  BOOST_TEST(!network.open_datagram(node, network.local_endpoint(*socket)).has_value());
  network.forget(node);
}

// What was sent before close() arrives, then the end; the closing node hears nothing.
inline void close_after_octets(Network& network) {
  Pair pair(network);
  const std::string much(3'000'000, 'x'); // more than socket buffers take at once
  network.send(pair.connection, as_bytes(much));
  network.close(pair.connection);
  network.send(pair.connection, as_bytes("too late"));
  run(network, [&] { return pair.server.closed.has_value(); });
  BOOST_TEST((pair.server.closed == CloseReason::by_peer));
  BOOST_TEST(pair.server.received.size() == much.size());
  network.send(pair.server.accepted, as_bytes("dead"));
  settle(network);
  BOOST_TEST(pair.client.received.empty());
  BOOST_TEST(!pair.client.closed.has_value());
}

inline void close_before_connected(Network& network) {
  Recorder server;
  Recorder client;
  const auto listener = network.listen(server, loopback());
  const ConnectionId connection = network.connect(client, {}, network.local_endpoint(*listener));
  network.send(connection, as_bytes("last words"));
  network.close(connection);
  run(network, [&] { return server.closed.has_value(); });
  BOOST_TEST(server.received == "last words");
  BOOST_TEST(client.log.empty());
  network.forget(server);
}

// One direction ends, and the other side still says what it has to.
inline void half_closed(Network& network) {
  struct Late : Recorder {
    bool on_finished(ConnectionId) override {
      log.push_back("finished");
      return true;
    }
  } server;
  Recorder client;
  const auto listener = network.listen(server, loopback());
  const ConnectionId connection = network.connect(client, {}, network.local_endpoint(*listener));
  run(network, [&] { return !client.log.empty() && !server.log.empty(); });
  network.send(connection, as_bytes("question"));
  network.finish(connection);
  network.send(connection, as_bytes("too late"));
  run(network, [&] { return server.log.back() == "finished"; });
  BOOST_TEST(server.received == "question");
  network.send(server.accepted, as_bytes("answer"));
  run(network, [&] { return client.received == "answer"; });
  BOOST_TEST(!client.closed.has_value());
  network.close(server.accepted);
  run(network, [&] { return client.closed.has_value(); });
  BOOST_TEST((client.closed == CloseReason::by_peer));
  settle(network);
  BOOST_TEST(server.received == "question");
  BOOST_TEST(!server.closed.has_value());
  network.forget(server);
  network.forget(client);
}

// A node that has no use for one direction loses both.
inline void half_closed_and_unwanted(Network& network) {
  Pair pair(network);
  network.finish(pair.connection);
  run(network, [&] { return pair.server.closed && pair.client.closed; });
  BOOST_TEST((pair.server.closed == CloseReason::by_peer));
  BOOST_TEST((pair.client.closed == CloseReason::by_peer));
}

inline void abort_resets(Network& network) {
  Pair pair(network);
  network.abort(pair.connection);
  run(network, [&] { return pair.server.closed.has_value(); });
  BOOST_TEST((pair.server.closed == CloseReason::reset));
  BOOST_TEST(!pair.client.closed.has_value());
}

// A node that closes inside every callback, and sends to itself, is called back later, not within.
inline void close_within_callback(Network& network) {
  struct Closer : Recorder {
    explicit Closer(Network& on) : network(on) {}
    Network& network;
    void on_accepted(ListenerId, ConnectionId id, const Endpoint&, const Endpoint&) override {
      network.send(id, as_bytes("bye"));
      network.close(id);
    }
  } server(network);
  Recorder client;
  const auto listener = network.listen(server, loopback());
  network.connect(client, {}, network.local_endpoint(*listener));
  run(network, [&] { return client.closed.has_value(); });
  BOOST_TEST(client.received == "bye");
  BOOST_TEST((client.closed == CloseReason::by_peer));
  network.forget(server);
}

inline void timers_in_order(Network& network) {
  Recorder node;
  const Instant start = network.now();
  const TimerId third = network.wake_after(node, 30ms);
  const TimerId first = network.wake_after(node, 0ms);
  const TimerId second = network.wake_after(node, 10ms);
  const TimerId never = network.wake_after(node, 20ms);
  network.cancel(never);
  run(network, [&] { return node.fired.size() == 3; });
  BOOST_TEST((node.fired == std::vector<TimerId>{first, second, third}));
  BOOST_TEST((network.now() - start >= 30ms));
  network.cancel(third);
  network.cancel(network.wake_after(node, Duration::max()));
  settle(network);
  BOOST_TEST(node.fired.size() == 3u);
}

inline void forget_is_silent(Network& network) {
  Pair pair(network);
  network.wake_after(pair.client, 1ms);
  network.send(pair.server.accepted, as_bytes("for nobody"));
  network.forget(pair.client);
  run(network, [&] { return pair.server.closed.has_value(); });
  settle(network);
  BOOST_TEST(pair.client.received.empty());
  BOOST_TEST(pair.client.fired.empty());
  BOOST_TEST(!pair.client.closed.has_value());
}

inline void run_until_ends(Network& network) {
  const Instant deadline = network.now() + 20ms;
  BOOST_TEST(!network.run_until([] { return false; }, deadline));
  BOOST_TEST((network.now() >= deadline));
  BOOST_TEST(network.run_until([] { return true; }, deadline));
}

// One line for each thing that a tap hears, without times and ports.
struct TapLog : Tap {
  std::vector<std::string> log;
  std::string to_server;
  std::string to_client;
  void connected(Instant, const Flow&) override { log.push_back("connected"); }
  void refused(Instant, const Flow&) override { log.push_back("refused"); }
  void bytes(Instant, const Flow&, Direction direction, ByteView octets) override {
    (direction == Direction::to_server ? to_server : to_client) += as_text(octets);
  }
  void ended(Instant, const Flow&, Direction direction, Ending how) override {
    log.push_back((direction == Direction::to_server ? "client " : "server ") +
                  std::string(how == Ending::finished ? "finished" : "reset"));
  }
  void datagram(Instant, const Endpoint&, const Endpoint&, ByteView octets) override {
    log.push_back("datagram " + std::string(as_text(octets)));
  }
  void secret(std::string_view) override {}
};

template <typename TappedNetwork>
void tap_hears_once(TappedNetwork& network) {
  TapLog tap;
  network.set_tap(&tap);
  {
    Pair pair(network);
    network.send(pair.connection, as_bytes("question"));
    run(network, [&] { return pair.server.received == "question"; });
    network.send(pair.server.accepted, as_bytes("answer"));
    run(network, [&] { return pair.client.received == "answer"; });
    network.close(pair.connection);
    run(network, [&] { return pair.server.closed.has_value(); });
    settle(network);
  }
  Recorder node;
  const auto a = network.open_datagram(node, loopback());
  const auto b = network.open_datagram(node, loopback());
  network.send_to(*a, network.local_endpoint(*b), as_bytes("x"));
  network.close(*a);
  run(network, [&] { return !node.log.empty(); });
  BOOST_TEST(tap.to_server == "question");
  BOOST_TEST(tap.to_client == "answer");
  BOOST_TEST(tap.log ==
                 (std::vector<std::string>{"connected", "client finished", "server finished", "datagram x"}),
             boost::test_tools::per_element());
  network.forget(node);
  network.set_tap(nullptr);
}

template <typename TappedNetwork>
void tap_hears_resets(TappedNetwork& network) {
  TapLog tap;
  network.set_tap(&tap);
  refused(network);
  abort_resets(network);
  settle(network);
  BOOST_TEST(tap.log == (std::vector<std::string>{"refused", "connected", "client reset"}),
             boost::test_tools::per_element());
  network.set_tap(nullptr);
}

template <typename TappedNetwork>
void all(TappedNetwork& network) {
  echo_over_tcp(network, loopback());
  echo_over_tcp(network, loopback_v6());
  echo_over_tcp(network, Endpoint{}); // 0.0.0.0
  echo_over_udp(network, loopback());
  echo_over_udp(network, loopback_v6());
  source_of_unbound(network, loopback());
  source_of_unbound(network, loopback_v6());
  datagram_to_nobody(network);
  refused(network);
  taken(network);
  close_after_octets(network);
  close_before_connected(network);
  abort_resets(network);
  half_closed(network);
  half_closed_and_unwanted(network);
  close_within_callback(network);
  timers_in_order(network);
  forget_is_silent(network);
  run_until_ends(network);
  tap_hears_once(network);
  tap_hears_resets(network);
}

} // namespace sipvet::net::behaviour
