#include "io/socket_network.hpp"

#include "net/behaviour_test.hpp"

#include <thread>

namespace sipvet::io {

using namespace net::behaviour;

BOOST_AUTO_TEST_SUITE(socket_network)

BOOST_AUTO_TEST_CASE(nodes_may_rely_on_it) {
  SocketNetwork network;
  all(network);
}

BOOST_AUTO_TEST_CASE(timers_are_precise) {
  SocketNetwork network;
  Recorder node;
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 1; i <= 20; ++i) {
    network.wake_after(node, 2ms);
    run(network, [&] { return node.fired.size() == i; });
  }
  const auto took = std::chrono::steady_clock::now() - start;
  BOOST_TEST((took >= 40ms));
  BOOST_TEST(
      (took < 400ms)); // a loaded machine is late; one that sleeps in steps of 50 ms would be much later
}

BOOST_AUTO_TEST_CASE(waiting_takes_no_processor_time) {
  SocketNetwork network;
  Recorder node;
  network.wake_after(node, 150ms);
  std::size_t asked = 0;
  run(network, [&] { return ++asked > 1000 || !node.fired.empty(); });
  BOOST_TEST(!node.fired.empty());
}

BOOST_AUTO_TEST_CASE(interrupt_ends_the_wait) {
  SocketNetwork network;
  const auto start = std::chrono::steady_clock::now();
  std::thread other([&] {
    std::this_thread::sleep_for(20ms);
    network.interrupt();
  });
  BOOST_TEST(!network.run_until([] { return false; }, network.now() + 10s));
  other.join();
  BOOST_TEST((std::chrono::steady_clock::now() - start < 5s));
  // The next wait is a new one.
  Recorder node;
  network.wake_after(node, 5ms);
  run(network, [&] { return !node.fired.empty(); });
}

BOOST_AUTO_TEST_CASE(says_what_cannot_be_bound) {
  SocketNetwork network;
  Recorder node;
  const auto foreign = network.listen(node, *parse_endpoint("192.0.2.1:0"));
  BOOST_TEST_REQUIRE(!foreign.has_value());
  BOOST_TEST(foreign.error().what.find("192.0.2.1") != std::string::npos);
  BOOST_TEST(!network.open_datagram(node, *parse_endpoint("192.0.2.1:0")).has_value());
  network.connect(node, *parse_endpoint("192.0.2.1:0"), loopback(9));
  run(network, [&] { return node.closed.has_value(); });
  BOOST_TEST((node.closed == net::CloseReason::unreachable));
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_octets) {
  BOOST_TEST(SocketNetwork(5).random().u64() == SocketNetwork(5).random().u64());
  BOOST_TEST(SocketNetwork().random().u64() != SocketNetwork().random().u64());
}

// Two networks in one process are strangers: each end of a connection reports both directions.
BOOST_AUTO_TEST_CASE(octets_from_strangers_are_reported) {
  SocketNetwork ours;
  SocketNetwork theirs;
  TapLog tap;
  ours.set_tap(&tap);
  Recorder server;
  Echo client(theirs);
  const auto both = [&](auto done) {
    for (int i = 0; i < 500 && !done(); ++i) {
      theirs.run_until(done, theirs.now() + 2ms);
      ours.run_until(done, ours.now() + 2ms);
    }
    BOOST_TEST_REQUIRE(done());
  };
  const auto listener = ours.listen(server, loopback());
  const auto connection = theirs.connect(client, {}, ours.local_endpoint(*listener));
  theirs.send(connection, as_bytes("ping"));
  both([&] { return server.received == "ping"; });
  ours.send(server.accepted, as_bytes("pong"));
  both([&] { return server.received == "pingpong"; }); // the echo of it
  theirs.close(connection);
  both([&] { return server.closed.has_value(); });

  const auto here = ours.open_datagram(server, Endpoint{});
  const auto there = theirs.open_datagram(client, loopback());
  ours.send_to(*here, theirs.local_endpoint(*there), as_bytes("x"));
  both([&] { return server.log.back() == "datagram x"; });
  BOOST_TEST(tap.to_server == "pingpong");
  BOOST_TEST(tap.to_client == "pong");
  BOOST_TEST(tap.log == (std::vector<std::string>{"connected", "client finished", "server finished",
                                                  "datagram x", "datagram x"}),
             boost::test_tools::per_element());
  ours.forget(server);
  theirs.forget(client);
}

BOOST_AUTO_TEST_CASE(many_connections_at_once) {
  SocketNetwork network;
  Echo server(network);
  const auto listener = network.listen(server, loopback());
  std::vector<std::unique_ptr<Recorder>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<Recorder>());
    const auto id = network.connect(*clients.back(), {}, network.local_endpoint(*listener));
    network.send(id, as_bytes(std::to_string(i)));
  }
  run(network, [&] {
    return std::all_of(clients.begin(), clients.end(), [](auto& c) { return !c->received.empty(); });
  });
  for (std::size_t i = 0; i < clients.size(); ++i) BOOST_TEST(clients[i]->received == std::to_string(i));
  for (auto& client : clients) network.forget(*client);
  network.forget(server);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::io
