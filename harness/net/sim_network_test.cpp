#include "net/sim_network.hpp"

#include "net/behaviour_test.hpp"

namespace sipvet::net {

using namespace behaviour;

BOOST_AUTO_TEST_SUITE(sim_network)

BOOST_AUTO_TEST_CASE(nodes_may_rely_on_it) {
  SimNetwork network(1);
  echo_over_tcp(network, *parse_endpoint("192.0.2.7:5060")); // every address exists
  all(network);
}

BOOST_AUTO_TEST_CASE(nodes_may_rely_on_it_whatever_the_latency) {
  for (const Duration latency : {Duration(0), Duration(5ms)}) {
    SimNetwork network(1, {latency, 0.0, {}});
    all(network);
  }
}

BOOST_AUTO_TEST_CASE(latency_is_one_way) {
  SimNetwork network(1, {20ms, 0.0, {}});
  const Instant start = network.now();
  Pair pair(network);
  BOOST_TEST(((network.now() - start) == 40ms)); // there and back
  network.send(pair.connection, as_bytes("x"));
  const Instant sent = network.now();
  run(network, [&] { return !pair.server.received.empty(); });
  BOOST_TEST(((network.now() - sent) == 20ms));
}

BOOST_AUTO_TEST_CASE(octets_keep_their_order_when_the_latency_falls) {
  SimNetwork network(1, {50ms, 0.0, {}});
  Pair pair(network);
  network.send(pair.connection, as_bytes("slow "));
  network.set_conditions({1ms, 0.0, {}});
  network.send(pair.connection, as_bytes("fast"));
  network.close(pair.connection);
  run(network, [&] { return pair.server.closed.has_value(); });
  BOOST_TEST(pair.server.received == "slow fast");
}

BOOST_AUTO_TEST_CASE(two_hours_of_silence_take_no_time) {
  SimNetwork network(1);
  Recorder node;
  const Instant start = network.now();
  const auto real_start = std::chrono::steady_clock::now();
  network.wake_after(node, 120min);
  BOOST_TEST(network.run_until([&] { return !node.fired.empty(); }, start + 121min));
  BOOST_TEST(((network.now() - start) == 120min));
  BOOST_TEST((std::chrono::steady_clock::now() - real_start < 100ms));
  BOOST_TEST(!network.run_until([] { return false; }, Instant::max())); // nothing left: returns
}

BOOST_AUTO_TEST_CASE(ports_are_given_out_from_49152_up) {
  SimNetwork network(1);
  Recorder node;
  const auto first = network.open_datagram(node, loopback());
  const auto second = network.open_datagram(node, loopback());
  BOOST_TEST(network.local_endpoint(*first).port == 49152);
  BOOST_TEST(network.local_endpoint(*second).port == 49153);
}

struct Loss {
  std::vector<std::string> received;
  std::size_t sent = 0;
};

Loss send_with_loss(std::uint64_t seed, double loss, Duration jitter) {
  SimNetwork network(seed, {1ms, loss, jitter});
  TapLog tap;
  network.set_tap(&tap);
  Recorder node;
  const auto a = network.open_datagram(node, loopback());
  const auto b = network.open_datagram(node, loopback());
  for (int i = 0; i < 1000; ++i) network.send_to(*a, network.local_endpoint(*b), as_bytes(std::to_string(i)));
  settle(network);
  return {node.log, tap.log.size()};
}

BOOST_AUTO_TEST_CASE(datagrams_are_lost_by_the_seed) {
  const Loss once = send_with_loss(1, 0.3, {});
  BOOST_TEST(once.sent == 1000u); // the tap is at the sender
  BOOST_TEST(once.received.size() > 600u);
  BOOST_TEST(once.received.size() < 800u);
  BOOST_TEST((once.received == send_with_loss(1, 0.3, {}).received));
  BOOST_TEST((once.received != send_with_loss(2, 0.3, {}).received));
  BOOST_TEST(send_with_loss(1, 0.0, {}).received.size() == 1000u);
  BOOST_TEST(send_with_loss(1, 1.0, {}).received.empty());
}

BOOST_AUTO_TEST_CASE(jitter_reorders_datagrams) {
  const auto straight = send_with_loss(1, 0.0, {}).received;
  const auto shuffled = send_with_loss(1, 0.0, 5ms).received;
  BOOST_TEST((straight != shuffled));
  BOOST_TEST((std::is_permutation(straight.begin(), straight.end(), shuffled.begin(), shuffled.end())));
}

BOOST_AUTO_TEST_CASE(a_port_pair_is_used_once_at_a_time) {
  SimNetwork network(1);
  Recorder server;
  Recorder client;
  const auto listener = network.listen(server, loopback(5060));
  const Endpoint from = loopback(40000);
  network.connect(client, from, loopback(5060));
  run(network, [&] { return !client.log.empty(); });
  Recorder second;
  network.connect(second, from, loopback(5060));
  run(network, [&] { return !second.log.empty(); });
  BOOST_TEST((second.closed == CloseReason::unreachable));
  network.forget(client);
  run(network, [&] { return server.closed.has_value(); });
  Recorder third;
  network.connect(third, from, network.local_endpoint(*listener));
  run(network, [&] { return !third.log.empty(); });
  BOOST_TEST(third.log.front() == "connected");
}

BOOST_AUTO_TEST_CASE(what_nodes_draw_does_not_depend_on_the_loss) {
  SimNetwork a(7, {1ms, 0.5, {}});
  SimNetwork b(7);
  Recorder node;
  const auto socket = a.open_datagram(node, loopback());
  a.send_to(*socket, a.local_endpoint(*socket), as_bytes("x"));
  BOOST_TEST(a.random().u64() == b.random().u64());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::net
