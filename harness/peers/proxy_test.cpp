// A proxy between exact messages: what it registers, where it sends requests, and what it answers itself.
#include "peers/proxy.hpp"

#include "dialog/dialog.hpp"
#include "net/sim_network.hpp"
#include "sip/via.hpp"
#include "ua/digest_client.hpp"
#include "ua/test_puppet.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::peers;
using namespace std::chrono_literals;
using ua::test::Exact;
using ua::test::Puppet;

namespace {

const IpAddress proxy_ip = IpAddress::v4(10, 0, 0, 9);
const Endpoint proxy_at{proxy_ip, 5062};

Settings proxy_settings() {
  Settings settings;
  settings.transport = ua::Transport::tcp;
  settings.proxy.acts = true;
  settings.proxy.accounts = {{"100", "secret"}, {"101", "secret"}};
  return settings;
}

// A proxy with a caller and a callee, both puppets: the callee listens, the caller only connects.
struct Lab {
  net::SimNetwork network{21};
  SeededRandom random{3};
  Settings settings;
  Proxy proxy;
  Puppet caller{network}, callee{network};
  ua::Target to_proxy{ua::Transport::tcp, proxy_at, {}, {}};
  int sent = 0;

  explicit Lab(Settings given = proxy_settings())
      : settings(std::move(given)),
        proxy("proxy", settings,
              {network,
               proxy_ip,
               proxy_at.port,
               {},
               {},
               {},
               rtp::Voiceprint(2),
               20ms,
               [](ua::Transport, std::optional<std::uint16_t>) -> Result<ua::Target> {
                 return ua::Target{ua::Transport::tcp, {ua::test::puppet_ip, 5060}, {}, {}};
               },
               {},
               {},
               {}}) {
    proxy.listen().value();
    callee.transport.listen(ua::Transport::tcp, Puppet::at()).value();
    callee.act = [this](const sip::Message& request, const ua::Hop& hop) {
      if (request.method() == "INVITE" || request.method() == "BYE")
        callee.respond(request, hop, 200, "<sip:100@10.0.0.3;transport=tcp>");
    };
  }
  Exact exact(const std::string& method, const std::string& uri = "sip:100@10.0.0.9:5062") {
    Exact out;
    out.method = method;
    out.uri = uri;
    out.via = "SIP/2.0/TCP 10.0.0.3:40000";
    out.branch = "z9hG4bKp" + std::to_string(++sent);
    out.cseq = sent;
    return out;
  }
  void send(const std::string& text) {
    caller.transport.send_octets(as_bytes(text), to_proxy).value();
    pass(1s);
  }
  void pass(Duration time) {
    (void)network.run_until([] { return false; }, network.now() + time);
  }
  // Registers 100 as the callee, credentials and all.
  std::string register_callee(const std::string& contact, const std::string& password = "secret",
                              const std::string& user = "100") {
    ua::DigestClient digest({{"", user, password}}, random);
    Exact exact_request = exact("REGISTER", "sip:10.0.0.9:5062");
    exact_request.contact = contact;
    std::string text = exact_request.text();
    text.replace(text.find("<sip:bob@10.0.0.2>"), 18, "<sip:100@10.0.0.9:5062>");
    send(text);
    sip::Message request = sip::parse_message(text).value();
    digest.answer(request, *caller.last("401 REGISTER"), 0).value();
    request.set("CSeq", std::to_string(++sent) + " REGISTER");
    request.set("Via", "SIP/2.0/TCP 10.0.0.3:40000;branch=z9hG4bKr" + std::to_string(sent));
    send(request.serialize());
    return Puppet::what(caller.got.back());
  }
};

const std::string reachable = "<sip:100@10.0.0.3:5060;transport=tcp>";

} // namespace

BOOST_AUTO_TEST_SUITE(proxy)

BOOST_AUTO_TEST_CASE(it_registers_whom_it_knows) {
  Lab lab;
  BOOST_TEST(lab.register_callee(reachable) == "200 REGISTER");
  BOOST_TEST(lab.proxy.bindings("100") == 1u);
  BOOST_TEST((lab.caller.got.back().header("Contact") == reachable + ";expires=3600"));
  BOOST_TEST(lab.register_callee(reachable, "guess") == "401 REGISTER");
  BOOST_TEST(lab.register_callee(reachable, "secret", "101") == "403 REGISTER"); // somebody else's address
}

BOOST_AUTO_TEST_CASE(a_call_goes_to_the_binding_and_later_requests_along_its_route) {
  Lab lab;
  (void)lab.register_callee(reachable);
  lab.send(lab.exact("INVITE").text());
  BOOST_TEST(lab.caller.count("100 INVITE") == 1);
  BOOST_TEST_REQUIRE(lab.callee.count("INVITE") == 1);
  const sip::Message& invite = *lab.callee.last("INVITE");
  BOOST_TEST(invite.uri() == "sip:100@10.0.0.3:5060;transport=tcp");
  BOOST_TEST((invite.header("Max-Forwards") == "69"));
  BOOST_TEST((invite.header("Record-Route") == "<sip:10.0.0.9:5062;transport=tcp;lr>"));
  BOOST_TEST(invite.list("Via").size() == 2u);
  BOOST_TEST_REQUIRE(lab.caller.count("200 INVITE") == 1);
  BOOST_TEST(lab.caller.last("200 INVITE")->list("Via").size() == 1u);
  for (const char* method : {"ACK", "BYE"}) {
    Exact later = lab.exact(method, "sip:100@10.0.0.3:5060;transport=tcp");
    later.to_tag = "puppet-tag";
    later.extra = "Route: <sip:10.0.0.9:5062;transport=tcp;lr>\r\n";
    lab.send(later.text());
    BOOST_TEST_REQUIRE(lab.callee.count(method) == 1, method);
    BOOST_TEST(!lab.callee.last(method)->header("Route").has_value());
  }
  BOOST_TEST(lab.caller.count("200 BYE") == 1);
  BOOST_TEST(lab.proxy.idle());
  lab.pass(40s);
  BOOST_TEST(lab.caller.count("200 INVITE") == 1); // the callee alone repeats its 2xx
}

BOOST_AUTO_TEST_CASE(it_says_why_it_does_not_forward) {
  Lab lab;
  const auto status = [&](const std::string& text) {
    lab.send(text);
    return lab.caller.got.back().status();
  };
  BOOST_TEST(status(lab.exact("INVITE").text()) == 404); // nobody is registered
  (void)lab.register_callee("<sip:100@10.0.0.3:5060>");  // by UDP, which the proxy lacks
  BOOST_TEST(status(lab.exact("INVITE").text()) == 500);
  BOOST_TEST(status(lab.exact("INVITE", "sip:100@192.0.2.1").text()) == 403);
  std::string last_hop = lab.exact("OPTIONS").text();
  last_hop.replace(last_hop.find("Max-Forwards: 70"), 16, "Max-Forwards: 0");
  BOOST_TEST(status(last_hop) == 483);
  BOOST_TEST(status(lab.exact("OPTIONS", "sip:10.0.0.9:5062").text()) == 200);
  BOOST_TEST(status(lab.exact("CANCEL").text()) == 481);
  BOOST_TEST(lab.callee.got.empty());
}

BOOST_AUTO_TEST_CASE(what_the_callee_does_not_answer_is_408_and_what_cannot_be_sent_5xx) {
  Lab lab;
  (void)lab.register_callee(reachable);
  lab.callee.act = {};
  lab.send(lab.exact("OPTIONS").text());
  lab.pass(40s);
  BOOST_TEST(lab.caller.got.back().status() == 408);
  Lab other;
  (void)other.register_callee("<sip:100@10.0.0.77:5060;transport=tcp>"); // nobody listens there
  other.send(other.exact("INVITE").text());
  BOOST_TEST(other.caller.got.back().status() == 500);
}

BOOST_AUTO_TEST_CASE(a_cancel_is_passed_on) {
  Lab lab;
  (void)lab.register_callee(reachable);
  lab.callee.act = [&](const sip::Message& request, const ua::Hop& hop) {
    if (request.method() == "INVITE") lab.callee.respond(request, hop, 180);
    if (request.method() == "CANCEL") lab.callee.respond(request, hop, 200);
  };
  const Exact invite = lab.exact("INVITE");
  lab.send(invite.text());
  Exact cancel = invite;
  cancel.method = "CANCEL";
  lab.send(cancel.text());
  BOOST_TEST(lab.caller.count("180 INVITE") == 1);
  BOOST_TEST(lab.caller.count("200 CANCEL") == 1);
  BOOST_TEST_REQUIRE(lab.callee.count("CANCEL") == 1);
  BOOST_TEST((sip::parse_via(lab.callee.last("CANCEL")->header("Via").value())->branch() ==
              sip::parse_via(lab.callee.last("INVITE")->header("Via").value())->branch()));
}

BOOST_AUTO_TEST_CASE(the_transport_changes_with_two_record_routes) {
  Settings settings = proxy_settings();
  settings.proxy.also_listens = {ua::Transport::udp};
  Lab lab(settings);
  lab.callee.transport.listen(ua::Transport::udp, Puppet::at()).value();
  (void)lab.register_callee("<sip:100@10.0.0.3:5060>");
  lab.send(lab.exact("INVITE").text());
  BOOST_TEST_REQUIRE(lab.callee.count("INVITE") >= 1);
  BOOST_TEST((lab.callee.last("INVITE")->list("Record-Route") ==
              std::vector<std::string>{"<sip:10.0.0.9:5062;r2=on;lr>",
                                       "<sip:10.0.0.9:5062;transport=tcp;r2=on;lr>"}));
  BOOST_TEST((lab.callee.hops.back().transport == ua::Transport::udp));
}

BOOST_AUTO_TEST_CASE(it_asks_for_credentials_of_calls_where_it_is_told_to) {
  Settings settings = proxy_settings();
  settings.proxy.challenge_calls = true;
  settings.proxy.algorithms = {"SHA-256", "MD5"};
  Lab lab(settings);
  lab.send(lab.exact("INVITE").text());
  BOOST_TEST_REQUIRE(lab.caller.count("407 INVITE") == 1);
  BOOST_TEST(lab.caller.last("407 INVITE")->headers("Proxy-Authenticate").size() == 2u);
}

BOOST_AUTO_TEST_CASE(idle_connections_are_closed_and_others_are_not) {
  Lab lab;
  lab.send(lab.exact("OPTIONS", "sip:10.0.0.9:5062").text());
  lab.pass(90s);
  lab.send("\r\n\r\n"); // a keep-alive counts
  lab.pass(100s);
  BOOST_TEST(!lab.caller.closed);
  lab.pass(30s);
  BOOST_TEST(lab.caller.closed);
  BOOST_TEST(lab.proxy.open_connections().empty());
  BOOST_TEST(lab.proxy.connections().at(0).closed_by_us);
}

BOOST_AUTO_TEST_CASE(requests_come_back_over_the_connection_that_an_alias_names) {
  Lab lab;
  // The caller says that it is reached at a port where nobody listens.
  Exact options = lab.exact("OPTIONS", "sip:10.0.0.9:5062");
  options.via = "SIP/2.0/TCP 10.0.0.3:7777;alias";
  lab.caller.transport.connect_from({ua::test::puppet_ip, 0}, lab.to_proxy).value();
  lab.pass(1s);
  lab.send(options.text());
  (void)lab.register_callee("<sip:100@10.0.0.3:7777;transport=tcp>");
  lab.send(lab.exact("OPTIONS").text());
  BOOST_TEST(lab.caller.count("OPTIONS") == 1);
}

BOOST_AUTO_TEST_CASE(a_step_ends_its_connections_with_the_gateway) {
  Lab lab;
  const script::Step step{"proxy", "disconnect", {}, {}, "", {}, {}};
  BOOST_TEST(lab.proxy.begin(step).poll()->size() == 1u); // there is none
  lab.caller.transport.connect_from({ua::test::puppet_ip, 0}, lab.to_proxy).value();
  lab.pass(1s);
  BOOST_TEST(lab.proxy.begin(step).poll()->empty());
  lab.pass(1s);
  BOOST_TEST(lab.caller.closed);
}

BOOST_AUTO_TEST_SUITE_END()
