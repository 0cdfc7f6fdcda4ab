// Messages that are odd, broken, huge or not meant for us, and addresses of every kind.
#include "base/text.hpp"
#include "ua/test_person.hpp"
#include "ua/test_puppet.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

namespace {

struct Stage : Two {
  Puppet puppet{network};
  Stage() {
    for (const Transport each : {Transport::udp, Transport::tcp})
      puppet.transport.listen(each, Puppet::at()).value();
  }
  void send(const std::string& text, Transport transport = Transport::udp) {
    puppet.transport.send_octets(as_bytes(text), bob_at(transport)).value();
  }
  int status_for(const std::string& text, Transport transport = Transport::udp) {
    const std::size_t before = puppet.got.size();
    send(text, transport);
    const auto final_came = [&] { return puppet.got.size() > before && puppet.got.back().status() >= 200; };
    return until(final_came, 2s) ? puppet.got.back().status() : 0;
  }
  int status_for(const Exact& request) { return status_for(request.text()); }
};

// A TCP connection to Bob that sends what it likes.
struct Raw final : net::Node {
  net::Network& network;
  net::ConnectionId connection;
  std::string got;
  bool closed = false;
  explicit Raw(net::Network& on)
      : network(on), connection(on.connect(*this, {puppet_ip, 0}, {bob_ip, 5060})) {}
  ~Raw() override { network.forget(*this); }
  void on_bytes(net::ConnectionId, ByteView octets) override { got += as_text(octets); }
  void on_closed(net::ConnectionId, net::CloseReason) override { closed = true; }
  long answers() const {
    long count = 0;
    for (std::size_t at = 0; (at = got.find("SIP/2.0 200", at)) != got.npos; ++at) ++count;
    return count;
  }
};

Exact options(int number) {
  Exact made{.method = "OPTIONS", .branch = "z9hG4bKo" + std::to_string(number)};
  made.via = "SIP/2.0/TCP 10.0.0.3:5060";
  made.call_id = "options" + std::to_string(number);
  return made;
}

IpAddress v6(std::uint8_t last) {
  IpAddress ip;
  ip.v6 = true;
  ip.octets = {0x20, 0x01, 0x0d, 0xb8};
  ip.octets[15] = last;
  return ip;
}

// The Contact that Bob answers an INVITE with.
std::string contact_for(Stage& stage, const Exact& invite) {
  BOOST_TEST(stage.status_for(invite) == 200);
  return std::string(stage.puppet.got.back().header("Contact").value_or(""));
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_hostile)

// RFC 3261 §8.1.1, §21.4.1; nothing is left without an answer.
BOOST_AUTO_TEST_CASE(requests_that_lack_something_get_400) {
  const std::pair<const char*, void (*)(Exact&)> flaws[] = {
      {"no Call-ID", [](Exact& e) { e.call_id.clear(); }},
      {"a From that cannot be read", [](Exact& e) { e.from = "\"puppet <sip:x@y>;tag=1"; }},
      {"another method in CSeq", [](Exact& e) { e.cseq_method = "OPTIONS"; }},
      {"no Contact", [](Exact& e) { e.contact.clear(); }},
      {"Contact: *", [](Exact& e) { e.contact = "*"; }},
      {"a Contact that cannot be read", [](Exact& e) { e.contact = "<sip:puppet@10.0.0.3"; }},
  };
  for (const auto& [what, spoil] : flaws) {
    BOOST_TEST_CONTEXT(what) {
      Stage stage;
      Exact request;
      spoil(request);
      stage.send(request.text());
      stage.wait(100ms);
      BOOST_TEST(!stage.bob.had("call"));
      BOOST_REQUIRE(!stage.puppet.got.empty());
      BOOST_TEST(stage.puppet.got.back().status() == 400);
    }
  }
}

BOOST_AUTO_TEST_CASE(contacts_in_odd_forms) {
  for (const char* contact :
       {"sip:puppet@10.0.0.3", "\"Puppet, the \\\"first\\\"\" <sip:10.0.0.3:5060>;expires=60;q=0.5",
        "<sip:%70uppet@10.0.0.3;transport=udp?Subject=x>", "<sip:a@10.0.0.3>, <sip:b@10.0.0.9>",
        "<SIP:puppet@10.0.0.3;lr;unknown=x>"}) {
    BOOST_TEST_CONTEXT(contact) {
      Stage stage;
      Exact request;
      request.contact = contact;
      request.body = "v=0";
      BOOST_TEST(stage.status_for(request) == 200);
      Exact ack{.method = "ACK", .branch = "z9hG4bKa", .to_tag = dialog::to_tag(stage.puppet.got.back())};
      stage.send(ack.text());
      stage.wait(10ms);
      stage.bob.agent.hang_up(stage.bob.call).value();
      BOOST_TEST(stage.until([&] { return stage.puppet.count("BYE") == 1; }, 1s));
      BOOST_TEST(stage.puppet.last("BYE")->uri().find('?') == std::string::npos); // §19.1.1: no headers
    }
  }
}

BOOST_AUTO_TEST_CASE(extensions_required_in_several_fields_and_methods) {
  Stage stage;
  Exact request;
  request.extra = "Require: a\r\nRequire: b, c\r\n";
  BOOST_TEST(stage.status_for(request) == 420);
  BOOST_TEST(stage.puppet.got.back().header("Unsupported").value_or("") == "a, b, c");
  request.method = "OPTIONS";
  request.branch = "z9hG4bK2";
  BOOST_TEST(stage.status_for(request) == 420);
  request.extra = "Require:\r\n";
  request.branch = "z9hG4bK3";
  request.cseq = 2;
  BOOST_TEST(stage.status_for(request) == 200);
}

BOOST_AUTO_TEST_CASE(sips_is_answered_with_sips) {
  const auto starts = [](const std::string& contact) { return contact.substr(0, contact.find(':')); };
  {
    Stage stage;
    Exact request{.uri = "sips:bob@10.0.0.2", .body = "v=0"};
    const std::string contact = contact_for(stage, request);
    BOOST_TEST(starts(contact) == "<sips");
    BOOST_TEST(contact.find("transport") == std::string::npos);
  }
  {
    Stage stage;
    BOOST_TEST(starts(contact_for(stage, {.contact = "<sips:puppet@10.0.0.3>", .body = "v=0"})) == "<sips");
  }
  {
    Stage stage;
    BOOST_TEST(starts(contact_for(stage, {.body = "v=0"})) == "<sip");
  }
  Stage stage;
  InviteOptions invite;
  invite.target = {Transport::udp, Puppet::at(), {}, {}};
  invite.request_uri = "sips:puppet@10.0.0.3";
  stage.alice.agent.invite(invite).value();
  BOOST_TEST(stage.until([&] { return stage.puppet.count("INVITE") == 1; }, 1s));
  BOOST_TEST(starts(std::string(*stage.puppet.got.front().header("Contact"))) == "<sips");
}

// RFC 3261 §12.2.1.1, §16.12.1.1: a loose first hop stays in Route, a strict one becomes the Request-URI.
BOOST_AUTO_TEST_CASE(record_routes_are_followed) {
  const std::tuple<const char*, const char*, std::vector<std::string>> rows[] = {
      {"<sip:10.0.0.3;lr>,<sip:10.0.0.8;lr>", "sip:far@10.9.9.9", {"<sip:10.0.0.3;lr>", "<sip:10.0.0.8;lr>"}},
      {"<sip:10.0.0.3;x=1?a=b>, <sip:10.0.0.8;lr>",
       "sip:10.0.0.3;x=1",
       {"<sip:10.0.0.8;lr>", "<sip:far@10.9.9.9>"}}};
  for (const auto& [record_route, uri, route] : rows) {
    Stage stage;
    Exact request{.contact = "<sip:far@10.9.9.9>", .body = "v=0"};
    request.extra = "Record-Route: " + std::string(record_route) + "\r\n";
    BOOST_TEST(stage.status_for(request) == 200);
    BOOST_TEST(stage.puppet.got.back().list("Record-Route").size() == 2u);
    Exact ack{.method = "ACK", .branch = "z9hG4bKa", .to_tag = dialog::to_tag(stage.puppet.got.back())};
    stage.send(ack.text());
    stage.wait(10ms);
    stage.bob.agent.hang_up(stage.bob.call).value();
    BOOST_REQUIRE(stage.until([&] { return stage.puppet.count("BYE") == 1; }, 1s));
    const sip::Message& bye = *stage.puppet.last("BYE");
    BOOST_TEST(bye.uri() == uri);
    BOOST_TEST(bye.list("Route") == route, boost::test_tools::per_element());
  }
}

// The connection that leads to a proxy is not the way to a Contact beside it.
BOOST_AUTO_TEST_CASE(a_contact_at_the_same_address_but_another_port_is_gone_to) {
  Stage stage;
  Puppet beside(stage.network);
  beside.transport.listen(Transport::tcp, Puppet::at(5070)).value();
  stage.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    if (request.method() == "INVITE")
      stage.puppet.respond(request, hop, 200, "<sip:beside@10.0.0.3:5070;transport=tcp>");
  };
  InviteOptions invite;
  invite.target = {Transport::tcp, Puppet::at(), {}, {}};
  stage.alice.agent.invite(invite).value();
  BOOST_TEST(stage.until([&] { return beside.count("ACK") == 1; }, 1s));
  BOOST_TEST(stage.puppet.count("ACK") == 0);
}

BOOST_AUTO_TEST_CASE(several_listeners_each_name_themselves) {
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    Stage stage;
    const Endpoint second{IpAddress::v4(10, 0, 0, 20), 5062};
    stage.bob.agent.listen(transport, second).value();
    Exact invite{.body = "v=0"};
    invite.via = "SIP/2.0/" + std::string(via_name(transport)) + " 10.0.0.3:5060";
    stage.puppet.transport.send_octets(as_bytes(invite.text()), {transport, second, {}, {}}).value();
    BOOST_REQUIRE(stage.until([&] { return stage.puppet.count("200 INVITE") == 1; }, 1s));
    const auto contact = stage.puppet.last("200 INVITE")->header("Contact").value_or("");
    BOOST_TEST(contact.find("@10.0.0.20:5062") != std::string_view::npos);
  }
}

BOOST_AUTO_TEST_CASE(who_only_calls_over_udp_can_be_hung_up) {
  Stage stage;
  Person caller(stage.network);
  InviteOptions invite;
  invite.target = Two::bob_at();
  invite.body = Body{"v=0", "application/sdp"};
  caller.call = *caller.agent.invite(invite);
  BOOST_TEST(stage.until([&] { return stage.bob.had("confirmed"); }, 5s));
  stage.bob.agent.hang_up(stage.bob.call).value();
  BOOST_TEST(stage.until([&] { return caller.had("ended by remote"); }, 5s));
}

BOOST_AUTO_TEST_CASE(calls_over_ipv6) {
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    net::SimNetwork network(6);
    UserAgentConfig named;
    named.host = "2001:db8::1"; // without its brackets
    Person alice(network, transport == Transport::udp ? UserAgentConfig{} : named), bob(network);
    alice.agent.listen(transport, {v6(1), 5060}).value();
    bob.agent.listen(transport, {v6(2), 5060}).value();
    InviteOptions invite;
    invite.target = {transport, {v6(2), 5060}, {}, {}};
    invite.body = Body{"v=0", "application/sdp"};
    alice.call = *alice.agent.invite(invite);
    BOOST_TEST(network.run_until([&] { return bob.had("confirmed"); }, network.now() + 5s));
    const sip::Message& got = *bob.agent.invite_of(bob.call);
    BOOST_TEST(got.uri().starts_with("sip:[2001:db8::2]:5060"));
    BOOST_TEST(std::string(*got.header("Contact")).starts_with("<sip:sipvet@[2001:db8::1]:5060"));
    BOOST_TEST(got.header("Via")->find(" [2001:db8::1]:5060;branch=") != std::string_view::npos);
    bob.agent.hang_up(bob.call).value();
    BOOST_TEST(network.run_until([&] { return alice.had("ended by remote"); }, network.now() + 5s));
  }
}

BOOST_AUTO_TEST_CASE(messages_in_one_piece_and_octet_by_octet) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1'000'000}}) {
    Two two;
    Raw raw(two.network);
    std::string all;
    for (int i = 0; i < 40; ++i) all += options(i).text() + (i % 3 == 0 ? "\r\n\r\n" : "");
    for (std::size_t at = 0; at < all.size(); at += piece)
      two.network.send(raw.connection, as_bytes(std::string_view(all).substr(at, piece)));
    BOOST_TEST(two.until([&] { return raw.answers() == 40; }, 5s));
    BOOST_TEST(!raw.closed);
  }
}

BOOST_AUTO_TEST_CASE(messages_without_bounds_end_their_connection) {
  std::string headers, nested;
  for (int i = 0; i < 10'000; ++i) headers += "X-" + std::to_string(i) + ": y\r\n";
  for (int i = 0; i < 20'000; ++i) nested += "<\"";
  Exact many = options(1), huge = options(2), endless = options(3);
  many.extra = headers;
  huge.body = std::string(300 * 1024, 'x');
  endless.extra = "Subject: " + std::string(2'000'000, 'x');
  const std::string negative = "OPTIONS sip:x SIP/2.0\r\nContent-Length: -1\r\n\r\n";
  const std::string lying = "OPTIONS sip:x SIP/2.0\r\nContent-Length: 99999999999999999999\r\n\r\n";
  for (const std::string& text : {many.text(), huge.text(), endless.text(), negative, lying,
                                  std::string("\x16\x03\x01\x02\x00\x01", 6), std::string(70'000, '\0')}) {
    Two two;
    Raw raw(two.network);
    two.network.send(raw.connection, as_bytes(text));
    BOOST_TEST(two.until([&] { return raw.closed; }, 5s));
    BOOST_TEST(two.bob.had("garbage"));
    BOOST_TEST(two.connected(Transport::tcp)); // others are served
  }
  // Long but within bounds: read and answered.
  Two two;
  Raw raw(two.network);
  Exact odd = options(4);
  odd.from = "<sip:x@y>;tag=\"" + std::string(30'000, 'z') + "\"";
  const std::string some = nested.substr(0, 10'000);
  odd.extra = "Via: " + some + "\r\nRoute: " + some + "\r\n";
  two.network.send(raw.connection, as_bytes(odd.text()));
  BOOST_TEST(two.until([&] { return !raw.got.empty(); }, 5s));
}

BOOST_AUTO_TEST_CASE(datagrams_that_are_no_sip) {
  Stage stage;
  for (const std::string& text :
       {std::string("\0\0\0\0", 4), std::string(60'000, 'A'), std::string("SIP/2.0"), std::string("\r\n\r\n"),
        std::string("INVITE sip:x SIP/2.0\r\n"),
        std::string("INVITE sip:x SIP/2.0\r\nContent-Length: 5\r\n\r\nabc")})
    stage.send(text);
  stage.wait(100ms);
  BOOST_TEST(stage.puppet.got.empty());
  BOOST_TEST(stage.connected());
}

BOOST_AUTO_TEST_CASE(responses_to_nothing) {
  Stage stage;
  for (const char* status : {"100 Trying", "180 Ringing", "200 OK", "486 Busy Here", "699 X"}) {
    stage.send("SIP/2.0 " + std::string(status) +
               "\r\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKnone\r\nFrom: <sip:a@b>;tag=1\r\n"
               "To: <sip:b@c>;tag=2\r\nCall-ID: none\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
  }
  stage.send("SIP/2.0 200 OK\r\n\r\n");
  stage.wait(1s);
  BOOST_TEST(stage.bob.stray.has_value());
  BOOST_TEST(stage.puppet.got.empty()); // no ACK, no error
  BOOST_TEST(stage.connected());
}

// A call outlives its TCP connection: BYE finds another.
BOOST_AUTO_TEST_CASE(a_connection_that_dies_in_mid_call) {
  for (const bool by_bob : {true, false}) {
    Two two;
    BOOST_TEST(two.connected(Transport::tcp));
    Person& closing = by_bob ? two.bob : two.alice;
    closing.agent.disconnect(closing.agent.hop_of(closing.call)->connection);
    two.wait(100ms);
    BOOST_TEST(two.alice.agent.transport().connections() == 0u);
    two.bob.agent.hang_up(two.bob.call).value();
    BOOST_TEST(two.until([&] { return two.bob.had("ended") && two.alice.had("ended by remote"); }, 5s));
  }
}

// RFC 3261 §18.2.2: without the connection that a request came over, its response goes where the Via says.
BOOST_AUTO_TEST_CASE(the_answer_finds_a_caller_whose_connection_died) {
  Stage stage;
  stage.bob.answers.reset();
  Exact invite;
  invite.via = "SIP/2.0/TCP 10.0.0.3:5060";
  stage.send(invite.text(), Transport::tcp);
  BOOST_TEST(stage.until([&] { return stage.puppet.count("180 INVITE") == 1; }, 1s));
  stage.puppet.transport.disconnect(stage.puppet.hops.front().connection);
  stage.wait(100ms);
  stage.bob.agent.answer(stage.bob.call, 200, Body{"v=0", "application/sdp"}).value();
  BOOST_TEST(stage.until([&] { return stage.puppet.count("200 INVITE") == 1; }, 1s));
}

BOOST_AUTO_TEST_SUITE_END()
