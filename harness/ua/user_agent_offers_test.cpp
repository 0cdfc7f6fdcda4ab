// Offers outside of INVITE and its 2xx: in UPDATE (RFC 3311) and in PRACK (RFC 3262 §5), against exact
// messages.
#include "ua/test_person.hpp"
#include "ua/test_puppet.hpp"

using namespace sipvet;
using namespace sipvet::ua;
using namespace sipvet::ua::test;

namespace {

UserAgentConfig able() {
  UserAgentConfig config;
  config.updates = true;
  config.reliable_provisional = ReliableProvisional::supported;
  return config;
}

// Bob, who says what he is told to of each offer.
struct Bob final : UserAgentHandler {
  UserAgent agent;
  CallId call = CallId::none;
  std::vector<std::string> events;
  std::optional<OfferReply> reply = OfferReply{200, Body{"v=0 answer", "application/sdp"}, {}};
  std::optional<Body> prack;
  explicit Bob(net::Network& network, UserAgentConfig config) : agent(network, std::move(config), *this) {
    agent.listen(Transport::udp, {bob_ip, 5060}).value();
  }
  void on_incoming_call(CallId id, const Hop&, const sip::Message&) override { call = id; }
  std::optional<OfferReply> on_offer(CallId, const sip::Message& request) override {
    events.push_back("offer in " + request.method());
    return reply;
  }
  void on_offer_answered(CallId, const sip::Message& message) override {
    events.push_back(Puppet::what(message) + " answers");
  }
  void on_offer_refused(CallId id, const sip::Message* response) override {
    const auto after = response ? agent.offer_again_after(id, *response) : std::nullopt;
    events.push_back((response ? Puppet::what(*response) : std::string("silence")) + " refuses" +
                     (after ? ", for a while" : ""));
  }
  std::optional<Body> prack_body(CallId, const sip::Message&) override { return prack; }
};

const Body offer{"v=0 offer", "application/sdp"};

struct Lab {
  net::SimNetwork network{5};
  Bob bob;
  Puppet puppet{network};
  std::string tag;
  int cseq = 1;
  explicit Lab(UserAgentConfig config = able()) : bob(network, std::move(config)) {
    puppet.transport.listen(Transport::udp, Puppet::at()).value();
  }
  void wait(Duration time = 100ms) {
    network.run_until([] { return false; }, network.now() + time);
  }
  const sip::Message& send(const std::string& method, const std::string& body, const std::string& extra = {},
                           int number = 0) {
    Exact exact;
    exact.method = method;
    exact.cseq = number != 0 ? number : ++cseq;
    exact.branch = "z9hG4bK" + method + std::to_string(exact.cseq);
    exact.to_tag = tag;
    exact.body = body;
    exact.extra = extra + "Allow: INVITE, UPDATE, PRACK\r\n";
    puppet.got.clear();
    puppet.transport.send_octets(as_bytes(exact.text()), {Transport::udp, {bob_ip, 5060}, {}, {}}).value();
    wait();
    static const sip::Message nothing = sip::Message::response(0, "nothing");
    return puppet.got.empty() ? nothing : puppet.got.back();
  }
  // The puppet calls, and Bob has answered.
  void answered() {
    send("INVITE", "v=0", {}, 1);
    bob.agent.answer(bob.call, 200, Body{"v=0", "application/sdp"}).value();
    wait();
    tag = dialog::to_tag(puppet.got.back());
    send("ACK", {}, {}, 1);
  }
  // The puppet calls, and Bob rings reliably with this body; gives the RAck that is due.
  std::string rings(const std::string& invite_body, std::optional<Body> body) {
    send("INVITE", invite_body, "Supported: 100rel\r\n", 1);
    bob.agent.provisional(bob.call, 183, std::move(body)).value();
    wait();
    tag = dialog::to_tag(puppet.got.back());
    return "RAck: " + std::string(puppet.got.back().header("RSeq").value_or("0")) + " 1 INVITE\r\n";
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent_offers)

BOOST_AUTO_TEST_CASE(an_offer_in_an_update_is_answered) {
  Lab lab;
  lab.answered();
  const sip::Message& ok = lab.send("UPDATE", "v=0");
  BOOST_TEST(ok.status() == 200);
  BOOST_TEST(ok.body() == "v=0 answer");
  BOOST_TEST(ok.header("Contact").has_value()); // RFC 3311 §5.2
  lab.bob.reply = OfferReply{488, {}, {{"Warning", "304 bob \"no\""}}};
  const sip::Message& refused = lab.send("UPDATE", "v=0");
  BOOST_TEST(refused.status() == 488);
  BOOST_TEST(refused.header("Warning").has_value());
  BOOST_TEST(lab.send("UPDATE", {}).status() == 200);
  BOOST_TEST(lab.bob.events.size() == 2u); // the last one has no offer
}

BOOST_AUTO_TEST_CASE(updates_while_something_is_open) {
  Lab lab;
  lab.answered();
  lab.bob.reply.reset();
  BOOST_TEST(lab.send("UPDATE", "v=0").status() == 0); // left open
  const sip::Message& second = lab.send("UPDATE", {});
  BOOST_TEST(second.status() == 500);
  BOOST_TEST(second.header("Retry-After").has_value());
  BOOST_TEST(lab.send("INVITE", "v=0").status() == 500); // RFC 3261 §14.2
  lab.bob.agent.answer_offer(lab.bob.call, {200, offer, {}}).value();
  BOOST_TEST(!lab.bob.agent.answer_offer(lab.bob.call, {200, offer, {}})); // nothing waits
  lab.wait();
  lab.bob.agent.update(lab.bob.call, offer).value();
  BOOST_TEST(!lab.bob.agent.update(lab.bob.call, offer)); // one at a time
  lab.wait();
  BOOST_TEST(lab.send("UPDATE", "v=0").status() == 491); // it crosses
  BOOST_TEST(lab.send("INVITE", "v=0").status() == 491);
  BOOST_TEST(lab.send("UPDATE", {}).status() == 200); // no offer, no crossing
}

BOOST_AUTO_TEST_CASE(what_becomes_of_our_update) {
  for (const auto& [status, event] :
       std::vector<std::pair<int, std::string>>{{200, "200 UPDATE answers"},
                                                {491, "491 UPDATE refuses, for a while"},
                                                {500, "500 UPDATE refuses, for a while"},
                                                {504, "504 UPDATE refuses"},
                                                {481, "481 UPDATE refuses"}}) {
    Lab lab;
    lab.answered();
    BOOST_TEST(lab.bob.agent.takes_updates(lab.bob.call));
    lab.puppet.act = [&, code = status](const sip::Message& request, const Hop& hop) {
      if (request.method() == "UPDATE")
        lab.puppet.respond(request, hop, code, "<sip:puppet@10.0.0.3>", {{"Retry-After", "2"}});
      if (request.method() == "BYE") lab.puppet.respond(request, hop, 200, "");
    };
    lab.bob.agent.update(lab.bob.call, offer).value();
    lab.wait();
    BOOST_TEST_REQUIRE(!lab.bob.events.empty());
    BOOST_TEST(lab.bob.events.back() == event);
    const bool ended = lab.puppet.last("BYE") != nullptr;
    BOOST_TEST(ended == (status == 481)); // RFC 3261 §12.2.1.2
  }
}

BOOST_AUTO_TEST_CASE(before_the_call_is_answered) {
  Lab lab;
  const std::string rack = lab.rings("v=0", Body{"v=0", "application/sdp"});
  BOOST_TEST((lab.puppet.got.back().header("Allow").value_or("").find("UPDATE") != std::string::npos));
  BOOST_TEST(lab.bob.agent.reliable(lab.bob.call));
  BOOST_TEST(lab.send("PRACK", {}, rack).status() == 200);
  BOOST_TEST(lab.send("UPDATE", "v=0").body() == "v=0 answer");
  lab.bob.agent.update(lab.bob.call, offer).value();
  lab.wait();
  BOOST_TEST((lab.puppet.last("UPDATE") != nullptr));

  Lab early; // the answer was not given for certain yet
  early.send("INVITE", "v=0", {}, 1);
  early.bob.agent.provisional(early.bob.call, 180).value();
  early.wait();
  early.tag = dialog::to_tag(early.puppet.got.back());
  BOOST_TEST(early.send("UPDATE", "v=0").status() == 500); // RFC 3311 §5.2
  BOOST_TEST(!early.bob.agent.update(early.bob.call, offer));
}

BOOST_AUTO_TEST_CASE(what_a_prack_may_bring) {
  {
    Lab lab; // a new offer
    const std::string rack = lab.rings("v=0", Body{"v=0", "application/sdp"});
    const sip::Message& ok = lab.send("PRACK", "v=0", rack);
    BOOST_TEST(ok.status() == 200);
    BOOST_TEST(ok.body() == "v=0 answer");
  }
  {
    Lab lab; // the answer, which must be there
    const std::string rack = lab.rings({}, offer);
    BOOST_TEST(lab.send("PRACK", "v=0", rack).status() == 200);
    BOOST_TEST(lab.bob.events == std::vector<std::string>{"PRACK answers"}, boost::test_tools::per_element());
  }
  {
    Lab lab;
    const std::string rack = lab.rings({}, offer);
    BOOST_TEST(lab.send("PRACK", {}, rack).status() == 400);
  }
  {
    Lab lab; // an offer before the answer
    const std::string rack = lab.rings("v=0", std::nullopt);
    BOOST_TEST(lab.send("PRACK", "v=0", rack).status() == 400);
  }
}

// Bob calls the puppet: the PRACK is challenged, has an offer, and its 200 the answer.
BOOST_AUTO_TEST_CASE(a_prack_that_is_challenged) {
  UserAgentConfig config = able();
  config.accounts = {{"", "bob", "secret"}};
  Lab lab(config);
  lab.bob.prack = offer;
  std::optional<std::pair<sip::Message, Hop>> invite;
  std::vector<sip::Message> pracks;
  lab.puppet.act = [&](const sip::Message& request, const Hop& hop) {
    if (request.method() == "INVITE") invite = {request, hop};
    if (request.method() != "PRACK") return;
    pracks.push_back(request);
    if (pracks.size() == 1)
      return lab.puppet.respond(request, hop, 401, "",
                                {{"WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""}});
    sip::Message ok = dialog::make_response(request, 200, {}, "puppet-tag");
    ok.set_body("v=0", "application/sdp");
    lab.puppet.transport.send_response(ok, hop).value();
  };
  InviteOptions options;
  options.target = {Transport::udp, Puppet::at(), {}, {}};
  options.body = Body{"v=0", "application/sdp"};
  lab.bob.call = lab.bob.agent.invite(options).value();
  lab.wait();
  BOOST_TEST_REQUIRE(invite.has_value());
  sip::Message ringing = dialog::make_response(invite->first, 183, {}, "puppet-tag");
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"Contact", "<sip:puppet@10.0.0.3>"}, {"Require", "100rel"}, {"RSeq", "7"}, {"Allow", "UPDATE"}})
    ringing.add(name, value);
  ringing.set_body("v=0", "application/sdp");
  lab.puppet.transport.send_response(ringing, invite->second).value();
  lab.wait();
  BOOST_TEST_REQUIRE(pracks.size() == 2u);
  BOOST_TEST(pracks[1].header("Authorization").has_value());
  BOOST_TEST((pracks[1].header("RAck") == "7 1 INVITE"));
  BOOST_TEST((pracks[0].header("CSeq") == "2 PRACK"));
  BOOST_TEST((pracks[1].header("CSeq") == "3 PRACK"));
  BOOST_TEST(pracks[1].body() == offer.text);
  BOOST_TEST(lab.bob.events == std::vector<std::string>{"200 PRACK answers"},
             boost::test_tools::per_element());
  lab.bob.agent.update(lab.bob.call, offer).value(); // the next number of the early dialog
  lab.wait();
  BOOST_TEST((lab.puppet.last("UPDATE")->header("CSeq") == "4 UPDATE"));
}

// RFC 3261 §12.2.1.1: the name in a Contact is looked up, and its host may be another than the INVITE's.
BOOST_AUTO_TEST_CASE(the_host_of_a_contact_is_looked_up) {
  for (const bool found : {true, false}) {
    UserAgentConfig config = able();
    std::vector<std::string> asked;
    std::vector<Located> waiting;
    config.locate = [&](const LocationWish& wish, Located done) {
      asked.push_back(to_string(wish.uri));
      waiting.push_back(std::move(done));
    };
    Lab lab(config);
    lab.answered(); // by address: nobody asked
    BOOST_TEST(asked.empty());
    Puppet other{lab.network};
    const Endpoint elsewhere{IpAddress::v4(10, 0, 0, 7), 5070};
    other.transport.listen(Transport::udp, elsewhere).value();
    Exact moved;
    moved.method = "UPDATE";
    moved.cseq = 9;
    moved.branch = "z9hG4bKmoved";
    moved.to_tag = lab.tag;
    moved.contact = "<sip:puppet@moved.example.test>";
    lab.puppet.transport.send_octets(as_bytes(moved.text()), {Transport::udp, {bob_ip, 5060}, {}, {}})
        .value();
    lab.wait();
    lab.puppet.got.clear();
    lab.bob.agent.hang_up(lab.bob.call).value();
    lab.wait();
    BOOST_TEST_REQUIRE(waiting.size() == 1u);
    BOOST_TEST(asked.front() == "sip:puppet@moved.example.test");
    BOOST_TEST(lab.puppet.count("BYE") + other.count("BYE") == 0); // until it is known where to
    if (found)
      waiting.front()(std::vector<Target>{{Transport::udp, elsewhere}});
    else
      waiting.front()(fail("there is no such name"));
    lab.wait();
    BOOST_TEST(other.count("BYE") == (found ? 1 : 0));
    BOOST_TEST(lab.puppet.count("BYE") == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
