#include "ua/persistent_connection.hpp"

#include "ua/registrar_client.hpp"
#include "ua/test_person.hpp"
#include "ua/test_puppet.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

namespace {

using State = PersistentConnection::State;

// A client that keeps a connection to a puppet, and registers two accounts over it.
struct Client final : UserAgentHandler {
  net::SimNetwork network{11};
  UserAgent agent;
  std::vector<std::string> events;
  PersistentConnection connection;
  RegistrarClient registrar;
  std::unique_ptr<Puppet> server;
  std::string expires = "60";

  explicit Client(PersistentSettings settings = {})
      : agent(network, {}, *this),
        connection(network, agent.transport(), {Transport::tcp, Puppet::at(), {}, {}},
                   {IpAddress::v4(10, 0, 0, 1), 16000}, settings,
                   {[this] { note("establishing"); }, [this] { note("up"); },
                    [this](const std::string& cause) { note("down: " + cause); }}),
        registrar(network, agent, {}, [](std::size_t) {}) {
    registrar.add("sip:100@10.0.0.3", "sip:10.0.0.3");
  }
  void note(const std::string& what) { events.push_back(what); }
  void serve(StreamDeviations deviations = {}) {
    TransportTls tls;
    tls.deviations = deviations;
    server = std::make_unique<Puppet>(network, tls);
    server->transport.listen(Transport::tcp, Puppet::at()).value();
    server->act = [this](const sip::Message& request, const Hop& hop) {
      const std::string contact(request.header("Contact").value_or(""));
      const bool removes = request.header("Expires") == "0";
      server->respond(request, hop, 200, removes ? "" : contact + ";expires=" + expires);
    };
  }
  void bind() {
    sip::Uri contact;
    contact.user = "100";
    contact.host = "10.0.0.1";
    contact.port = connection.local().port;
    registrar.bind(0, connection.target(), contact);
  }
  void pass(Duration time) {
    (void)network.run_until([] { return false; }, network.now() + time);
  }
  long count(const std::string& event) const { return std::count(events.begin(), events.end(), event); }

  void on_connected(const Hop& hop, const std::optional<tls::SessionInfo>&) override {
    connection.note_up(hop);
  }
  void on_connect_failed(const Hop& hop, const ConnectFailure& failure) override {
    connection.note_lost(hop, failure.cause);
  }
  void on_closed(const Hop& hop, const Closure& closure) override {
    connection.note_lost(hop, closure.cause);
  }
  void on_pong(const Hop& hop) override { connection.note_pong(hop); }
  void on_response(RequestId id, const sip::Message& response) override {
    registrar.on_response(id, response);
  }
  void on_request_failed(RequestId id, const RequestFailure&) override { registrar.on_request_failed(id); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(persistent_connection)

BOOST_AUTO_TEST_CASE(it_is_made_from_its_port_and_messages_name_that) {
  Client client;
  client.serve();
  client.connection.open();
  client.pass(1s);
  BOOST_TEST((client.connection.state() == State::up));
  BOOST_TEST(name(client.connection.state()) == "Up");
  BOOST_TEST((client.events == std::vector<std::string>{"establishing", "up"}));
  client.bind();
  client.pass(1s);
  BOOST_TEST_REQUIRE(client.server->got.size() == 1u);
  const sip::Message& request = client.server->got[0];
  BOOST_TEST(client.server->hops[0].remote.port == 16000);
  BOOST_TEST(request.header("Via").value().starts_with("SIP/2.0/TCP 10.0.0.1:16000;branch="));
  BOOST_TEST((request.header("Contact") == "<sip:100@10.0.0.1:16000>"));
  BOOST_TEST((request.header("From").value().starts_with("<sip:100@10.0.0.3>;tag=")));
  const auto status = client.registrar.statuses()[0];
  BOOST_TEST((status.state == dialog::Registration::State::registered));
  BOOST_TEST(status.granted_s == 60u);
  BOOST_TEST(status.bindings == 1u);
}

BOOST_AUTO_TEST_CASE(the_binding_is_renewed_in_time_and_removed_at_the_end) {
  Client client;
  client.serve();
  client.connection.open();
  client.pass(1s);
  client.bind();
  client.pass(10min);
  BOOST_TEST(client.server->count("REGISTER") == 12); // one in 54 s
  BOOST_TEST((client.server->last("REGISTER")->header("CSeq") == "12 REGISTER"));
  client.registrar.unbind(0);
  client.pass(1s);
  BOOST_TEST((client.server->last("REGISTER")->header("Expires") == "0"));
  BOOST_TEST((client.registrar.statuses()[0].state == dialog::Registration::State::idle));
  client.pass(10min);
  BOOST_TEST(client.server->count("REGISTER") == 13);
}

BOOST_AUTO_TEST_CASE(attempts_come_ever_later_and_start_anew_after_success) {
  Client client({1s, 8s, {}, 10s});
  client.connection.open();
  client.pass(16s); // at 0, 1, 3, 7, 15
  BOOST_TEST(client.count("establishing") == 5);
  client.pass(16s); // at 23, 31
  BOOST_TEST(client.count("establishing") == 7);
  BOOST_TEST(client.events.back().ends_with("refused"));
  client.serve();
  client.pass(8s);
  BOOST_TEST(client.events.back() == "up");
  client.server.reset(); // the server is restarted
  client.pass(500ms);
  BOOST_TEST((client.connection.state() == State::down));
  client.serve();
  client.pass(1s);
  BOOST_TEST((client.connection.state() == State::up));
  BOOST_TEST(client.connection.local().port == 16000);
}

BOOST_AUTO_TEST_CASE(keep_alives_hold_it_and_their_silence_ends_it) {
  Client client({1s, 8s, 30s, 10s});
  client.serve();
  client.connection.open();
  client.pass(5min);
  BOOST_TEST(client.count("up") == 1);
  const auto hop = client.agent.transport().hops().at(0);
  BOOST_TEST((client.network.now() - client.agent.transport().last_activity(hop.connection).value() < 31s));

  Client other({1s, 8s, 30s, 10s});
  other.serve({.no_pong = true});
  other.connection.open();
  other.pass(39s);
  BOOST_TEST((other.connection.state() == State::up));
  other.pass(1500ms);
  BOOST_TEST(other.count("down: no answer to a keep-alive") == 1);
  other.pass(2s);
  BOOST_TEST(other.count("up") == 2);
}

BOOST_AUTO_TEST_CASE(what_is_closed_stays_closed) {
  Client client;
  client.serve();
  client.connection.open();
  client.pass(1s);
  client.connection.close();
  client.pass(1min);
  BOOST_TEST(client.count("establishing") == 1);
  BOOST_TEST(client.server->closed);
  BOOST_TEST(!client.connection.note_up({}));
  client.bind(); // without a connection a new one is made, from a port of the network's
  client.pass(1s);
  BOOST_TEST(client.server->count("REGISTER") == 1);
}

BOOST_AUTO_TEST_CASE(a_registrar_that_is_silent_is_asked_again) {
  Client client;
  client.serve();
  client.server->act = {};
  client.connection.open();
  client.pass(1s);
  client.bind();
  client.pass(33s);
  BOOST_TEST((client.registrar.statuses()[0].state == dialog::Registration::State::waiting));
  BOOST_TEST(client.registrar.statuses()[0].status == 0);
  client.pass(5s);
  BOOST_TEST(client.server->count("REGISTER") == 2);
}

BOOST_AUTO_TEST_CASE(an_alias_leads_requests_over_the_connection_it_was_given_for) {
  net::SimNetwork network{4};
  Puppet puppet(network), other(network);
  puppet.transport.listen(Transport::tcp, Puppet::at()).value();
  const Target to_puppet{Transport::tcp, Puppet::at(), {}, {}};
  other.transport.connect(to_puppet).value();
  (void)network.run_until([] { return false; }, network.now() + 1s);
  const Hop accepted = puppet.transport.hops().at(0);
  const Endpoint listening{alice_ip, 5060};
  puppet.transport.add_alias(listening, accepted.connection);
  const Target back{Transport::tcp, listening, {}, {}};
  BOOST_TEST((puppet.transport.send(sip::Message::request("OPTIONS", "sip:x"), back)->connection ==
              accepted.connection));
  other.transport.disconnect(other.transport.hops().at(0).connection);
  (void)network.run_until([] { return false; }, network.now() + 1s);
  BOOST_TEST((puppet.transport.send(sip::Message::request("OPTIONS", "sip:x"), back)->connection !=
              accepted.connection));
}

BOOST_AUTO_TEST_SUITE_END()
