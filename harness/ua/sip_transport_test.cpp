// Connections as a transport reports them: TLS handshakes that fail, alerts, pings, endings.
#include "base/hex.hpp"
#include "crypto/lab_ca.hpp"
#include "net/sim_network.hpp"
#include "ua/test_puppet.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using namespace std::chrono_literals;

namespace {

const IpAddress server_ip = IpAddress::v4(10, 0, 0, 1);
const IpAddress client_ip = IpAddress::v4(10, 0, 0, 2);
constexpr std::uint16_t tls_port = 5061;
constexpr std::uint16_t tcp_port = 5060;

struct Certificates {
  SeededRandom random{21};
  crypto::LabCa ca = crypto::LabCa::create(random, net::sim_start).value();
  crypto::Identity identity =
      ca.issue({.common_name = "x", .uris = {"sip:server.example"}, .ips = {"10.0.0.1", "10.0.0.2"}}).value();
};
Certificates& certificates() {
  static Certificates made;
  return made;
}

TransportTls settings() {
  tls::Config config;
  config.certificate_pem = certificates().identity.certificate_pem;
  config.private_key_pem = certificates().identity.private_key_pem;
  config.trusted_roots_pem = certificates().ca.root_pem();
  config.verify = tls::Verify::chain_required;
  TransportTls out;
  out.server = out.client = config;
  return out;
}

// What a transport said, one line each.
struct Listener final : TransportUser {
  SipTransport transport;
  std::vector<std::string> lines;
  std::optional<ConnectFailure> failure;
  std::optional<Closure> closure;
  std::optional<Hop> hop;

  Listener(net::Network& network, TransportTls tls) : transport(network, *this, std::move(tls)) {}
  void on_message(const Hop&, const sip::Message& message) override { lines.push_back(message.method()); }
  void on_connected(const Hop& made, const std::optional<tls::SessionInfo>&) override {
    hop = made;
    lines.emplace_back(made.accepted ? "accepted" : "connected");
  }
  void on_connect_failed(const Hop& at, const ConnectFailure& why) override {
    hop = at;
    failure = why;
    lines.emplace_back("failed");
  }
  void on_closed(const Hop&, const Closure& how) override {
    closure = how;
    lines.emplace_back("closed");
  }
  void on_alert(const Hop&, const tls::Alert& alert, bool sent) override {
    lines.push_back((sent ? "sends " : "gets ") + to_string(alert));
  }
  void on_pong(const Hop&) override { lines.emplace_back("pong"); }
  void on_garbage(const Hop&, const Error&) override { lines.emplace_back("garbage"); }
  bool said(const std::string& line) const { return std::ranges::find(lines, line) != lines.end(); }
};

struct Ends {
  net::SimNetwork network{4};
  Listener server, client;
  explicit Ends(TransportTls server_tls = settings(), TransportTls client_tls = settings())
      : server(network, std::move(server_tls)), client(network, std::move(client_tls)) {
    server.transport.listen(Transport::tls, {server_ip, tls_port}).value();
    server.transport.listen(Transport::tcp, {server_ip, tcp_port}).value();
    client.transport.listen(Transport::tcp, {client_ip, tcp_port}).value();
  }
  static Target target(Transport transport = Transport::tls) {
    return {transport, {server_ip, transport == Transport::tls ? tls_port : tcp_port}, {}, {}};
  }
  Hop connect(const Target& to = target()) {
    const Hop hop = client.transport.connect(to).value();
    wait();
    return hop;
  }
  void wait(Duration time = 1s) {
    (void)network.run_until([] { return false; }, network.now() + time);
  }
};

constexpr const char* options = "OPTIONS sip:a@10.0.0.1 SIP/2.0\r\n"
                                "Via: SIP/2.0/TLS 10.0.0.2;branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(sip_transport)

BOOST_AUTO_TEST_CASE(a_certificate_for_another_domain_is_told_with_what_was_wanted) {
  TransportTls client = settings();
  client.client->verify_identity = true;
  Ends ends(settings(), client);
  Target to = Ends::target();
  to.domain = "other.example";
  ends.connect(to);
  BOOST_TEST_REQUIRE(ends.client.failure.has_value());
  BOOST_TEST_REQUIRE(ends.client.failure->rejection.has_value());
  BOOST_TEST((ends.client.failure->rejection->kind == tls::PeerRejection::Kind::identity));
  BOOST_TEST(ends.client.failure->rejection->expected_identity == "other.example");
  BOOST_TEST_REQUIRE(ends.client.failure->alert.has_value());
  BOOST_TEST(ends.client.said("sends " + to_string(*ends.client.failure->alert)));
  BOOST_TEST(ends.server.said("gets " + to_string(*ends.client.failure->alert)));
  BOOST_TEST(!ends.server.failure->rejection.has_value());
  BOOST_TEST(ends.server.hop->accepted);
  BOOST_TEST(!ends.client.hop->accepted);

  Ends right(settings(), client);
  to.domain = "server.example";
  to.server_name = "other.example"; // asked for, not checked
  right.connect(to);
  BOOST_TEST(right.client.said("connected"));
  BOOST_TEST(right.server.said("accepted"));
}

BOOST_AUTO_TEST_CASE(the_domain_is_the_server_name_or_else_the_address) {
  TransportTls client = settings();
  client.client->verify_identity = true;
  for (const auto& [name, good] : {std::pair{"server.example", true}, {"other.example", false}}) {
    Ends ends(settings(), client);
    Target to = Ends::target();
    to.server_name = name;
    ends.connect(to);
    BOOST_TEST(ends.client.said("connected") == good);
  }
  Ends ends(settings(), client);
  ends.connect();
  BOOST_TEST(ends.client.said("connected"));
}

BOOST_AUTO_TEST_CASE(a_clock_of_its_own_judges_certificates) {
  for (const auto& [offset, good] :
       {std::pair{Duration(-36h), false}, {Duration(-1h), true}, {Duration(9600h), false}}) {
    TransportTls client = settings();
    client.clock_offset = offset;
    Ends ends(settings(), client);
    ends.connect();
    BOOST_TEST(ends.client.said("connected") == good);
    if (!good) BOOST_TEST((ends.client.failure->rejection->kind == tls::PeerRejection::Kind::dates));
  }
}

BOOST_AUTO_TEST_CASE(who_ended_a_connection) {
  Ends ends;
  const Hop hop = ends.connect();
  BOOST_TEST(ends.client.transport.is_up(hop.connection));
  BOOST_TEST(ends.client.transport.hops().size() == 1u);
  BOOST_TEST_REQUIRE(ends.server.transport.hops().size() == 1u);
  BOOST_TEST(ends.server.transport.hops()[0].accepted);
  ends.server.transport.disconnect(ends.server.transport.hops()[0].connection);
  ends.wait();
  BOOST_TEST_REQUIRE(ends.client.closure.has_value());
  BOOST_TEST(ends.client.closure->by_remote);
  BOOST_TEST(!ends.client.closure->alert.has_value());
  BOOST_TEST(ends.client.said("gets warning close_notify(0)"));
  BOOST_TEST(ends.client.transport.hops().empty());
  BOOST_TEST(!ends.server.closure.has_value()); // it knows
  BOOST_TEST(!ends.client.transport.is_up(hop.connection));

  // Octets that are no SIP: the server ends it, and the client sees that.
  Ends rude;
  rude.connect(Ends::target(Transport::tcp));
  rude.client.transport.send_octets(as_bytes("hello\r\n\r\n"), Ends::target(Transport::tcp)).value();
  rude.wait();
  BOOST_TEST(rude.server.said("garbage"));
  BOOST_TEST_REQUIRE(rude.server.closure.has_value());
  BOOST_TEST(!rude.server.closure->by_remote);
  BOOST_TEST(rude.client.closure.value().by_remote);
}

// RFC 5626 §4.4.1.
BOOST_AUTO_TEST_CASE(pings_are_answered_and_pongs_are_told) {
  for (const Transport transport : {Transport::tls, Transport::tcp}) {
    Ends ends;
    const Target to = Ends::target(transport);
    const Hop hop = ends.connect(to);
    ends.client.transport.ping(hop.connection).value();
    ends.wait();
    BOOST_TEST(ends.client.said("pong"));
    BOOST_TEST(!ends.server.said("pong"));
    // In both directions, and messages go on.
    ends.server.transport.ping(ends.server.transport.hops()[0].connection).value();
    ends.client.transport.send_octets(as_bytes(options), to).value();
    ends.wait();
    BOOST_TEST(ends.server.said("pong"));
    BOOST_TEST(ends.server.said("OPTIONS"));
    BOOST_TEST(ends.client.closure.has_value() == false);
  }
  Ends ends;
  BOOST_TEST(!ends.client.transport.ping(net::ConnectionId{77}));
}

BOOST_AUTO_TEST_CASE(without_tls_settings_what_comes_in_is_refused) {
  TransportTls none = settings();
  none.server.reset();
  Ends ends(none);
  ends.connect();
  BOOST_TEST(ends.server.failure.value().cause == "no TLS settings for connections that come in");
  BOOST_TEST(ends.client.failure.has_value());
}

// The Mediation Server of OCS takes both on one port.
BOOST_AUTO_TEST_CASE(tcp_and_tls_on_one_port) {
  Ends ends;
  const Endpoint both{server_ip, 5070};
  ends.server.transport.listen(Transport::tls, both, {.context = {}, .tcp_beside_tls = true}).value();
  for (const Transport transport : {Transport::tls, Transport::tcp}) {
    ends.server.lines.clear();
    const Target to{transport, both};
    ends.client.transport.send_octets(as_bytes(options), to).value();
    ends.wait();
    BOOST_TEST(ends.server.said("OPTIONS"));
    BOOST_TEST_REQUIRE(ends.server.hop.has_value());
    BOOST_TEST((ends.server.hop->transport == transport));
  }
}

BOOST_AUTO_TEST_CASE(garbage_and_silence_where_both_are_taken) {
  Ends ends;
  const Endpoint both{server_ip, 5070};
  ends.server.transport.listen(Transport::tls, both, {.context = {}, .tcp_beside_tls = true}).value();
  const Target tcp{Transport::tcp, both};
  ends.client.transport.send_octets(*from_hex("16ffff00"), tcp).value();
  ends.wait();
  BOOST_TEST(ends.server.said("failed"));
  ends.server.lines.clear();
  ends.connect(tcp);
  ends.wait(TransportLimits{}.handshake_time);
  BOOST_TEST(ends.server.said("failed"));
}

// Two interfaces with a certificate each; connections made from one use its own.
BOOST_AUTO_TEST_CASE(contexts_of_listeners) {
  const auto second = certificates().ca.issue({.common_name = "y", .uris = {"sip:second.example"}}).value();
  TransportTls server = settings();
  TlsSides& other = server.contexts["second"];
  other = server;
  for (auto* side : {&other.server, &other.client}) {
    (*side)->certificate_pem = second.certificate_pem;
    (*side)->private_key_pem = second.private_key_pem;
  }
  Ends ends(server);
  const Endpoint at{server_ip, 5071};
  ends.server.transport.listen(Transport::tls, at, {.context = "second", .tcp_beside_tls = false}).value();
  const auto presented = [&](const Endpoint& to) {
    const Hop hop = ends.connect({Transport::tls, to});
    return ends.client.transport.session(hop.connection).value().peer_chain_der.at(0);
  };
  BOOST_TEST((presented({server_ip, tls_port}) != presented(at)));
  BOOST_TEST((presented(at) == crypto::parse_certificates_pem(second.certificate_pem)->front().der));

  ends.client.transport.listen(Transport::tls, {client_ip, tls_port}).value();
  Target back{Transport::tls, {client_ip, tls_port}};
  back.local = at;
  ends.server.transport.connect(back).value();
  ends.wait();
  const auto& hop = ends.client.hop;
  BOOST_TEST((ends.client.transport.session(hop->connection)->peer_chain_der.at(0) == presented(at)));
}

BOOST_AUTO_TEST_SUITE_END()
