// REFER to the gateway (RFC 3515): what is followed, what is refused, and what the other side is told.
#include "gateway/test_phone.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace sipvet::gateway::test;
using ua::Transport;

namespace {

// A phone that hears NOTIFYs, and keeps their first lines.
struct Listener final {
  Scene scene;
  std::vector<std::string> notices, states;

  explicit Listener(Config config = Scene::config()) : scene(std::move(config)) {
    scene.phone->invite(scene.gateway_at(Transport::tcp), keying::OfferShape::srtp_only);
    BOOST_REQUIRE(scene.until([&] { return scene.phone->final_status == 200; }));
    BOOST_REQUIRE(scene.both_hear());
    scene.gateway->on_traffic([this](bool sent, const ua::Hop&, const sip::Message& message) {
      if (!sent || !message.is_request() || message.method() != "NOTIFY") return;
      notices.emplace_back(message.body().substr(0, message.body().find('\r')));
      states.emplace_back(message.header("Subscription-State").value_or(""));
    });
  }
  void refer(const ua::HeaderValues& headers) {
    scene.phone->agent.request_in_call(scene.phone->call, "REFER", {}, headers).value();
  }
  long responses(const std::string& status) {
    return std::count(scene.phone->seen.begin(), scene.phone->seen.end(), "< " + status);
  }
  bool answered_with(const std::string& status) {
    return scene.until([&] { return responses(status) > 0; }, 1s);
  }
};

ua::HeaderValues to(const std::string& value) { return {{"Refer-To", value}}; }

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_transfer)

BOOST_AUTO_TEST_CASE(a_call_is_placed_and_its_end_is_told) {
  Listener lab;
  Phone third(lab.scene.network);
  third.agent.listen(Transport::tcp, {phone_ip, 5070}).value();
  std::optional<sip::Message> invite;
  lab.refer(
      to("<sip:third@10.0.0.2:5070;transport=tcp;method=INVITE?Replaces=x%40y%3Bto-tag%3D1&Subject=no>"));
  BOOST_TEST(lab.scene.until([&] { return lab.notices.size() >= 3; }, 5s));
  BOOST_TEST(lab.answered_with("202"));
  BOOST_TEST(lab.notices.front() == "SIP/2.0 100 Trying");
  BOOST_TEST(lab.notices.back() == "SIP/2.0 200 OK");
  BOOST_TEST(lab.states.front().starts_with("active"));
  BOOST_TEST(lab.states.back() == "terminated;reason=noresource");
  BOOST_TEST(lab.scene.gateway->calls().size() == 2u);
  const sip::Message* got = third.agent.invite_of(third.call);
  BOOST_TEST_REQUIRE((got != nullptr));
  BOOST_TEST((got->header("Replaces") == "x@y;to-tag=1"));
  BOOST_TEST(!got->header("Subject").has_value());
  BOOST_TEST(got->uri() == "sip:third@10.0.0.2:5070;transport=tcp");
}

BOOST_AUTO_TEST_CASE(a_call_that_nobody_takes) {
  Listener lab;
  lab.refer(to("<sip:nobody@10.0.0.2:5999;transport=tcp>"));
  BOOST_TEST(lab.scene.until([&] { return lab.notices.size() == 2; }, 5s));
  BOOST_TEST(lab.notices.back().starts_with("SIP/2.0 503"));
  BOOST_TEST(
      (lab.scene.gateway->call(lab.scene.gateway->calls().front().handle)->state == CallState::answered));
}

BOOST_AUTO_TEST_CASE(a_host_name_without_a_way_to_it) {
  Listener lab;
  lab.refer(to("tel:+15551234"));
  BOOST_TEST(lab.scene.until([&] { return lab.notices.size() == 2; }, 5s));
  BOOST_TEST(lab.notices.back().starts_with("SIP/2.0 503"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_followed) {
  for (const auto& headers : {ua::HeaderValues{}, to(""), to("<https://example.com>"), to("<sip:"),
                              to("<sip:a@10.0.0.2>, <sip:b@10.0.0.2>")}) {
    Listener lab;
    lab.refer(headers);
    BOOST_TEST(lab.answered_with("400"));
    BOOST_TEST(lab.notices.empty());
    BOOST_TEST(lab.scene.gateway->calls().size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_allowed) {
  Config config = Scene::config();
  config.transfers = false;
  Listener lab(config);
  lab.refer(to("<sip:third@10.0.0.2:5070>"));
  BOOST_TEST(lab.answered_with("603"));
  BOOST_TEST(lab.scene.gateway->calls().size() == 1u);
}

BOOST_AUTO_TEST_CASE(outside_of_a_call) {
  Scene scene;
  scene.phone->agent.request("REFER", scene.gateway_at(Transport::tcp), {}, {}, to("<sip:a@10.0.0.2>"))
      .value();
  BOOST_TEST(scene.until(
      [&] { return std::count(scene.phone->seen.begin(), scene.phone->seen.end(), "< 403") == 1; }, 2s));
}

// Whoever asked has hung up: nobody is told, and nothing breaks.
BOOST_AUTO_TEST_CASE(the_referrer_hangs_up_first) {
  Listener lab;
  Phone third(lab.scene.network);
  third.agent.listen(Transport::tcp, {phone_ip, 5070}).value();
  lab.refer(to("<sip:third@10.0.0.2:5070;transport=tcp>"));
  lab.scene.phone->agent.hang_up(lab.scene.phone->call).value();
  BOOST_TEST(lab.scene.until([&] { return third.confirmed; }, 5s));
  BOOST_TEST(lab.notices.size() <= 2u);
}

BOOST_AUTO_TEST_SUITE_END()
