#include "gateway/test_phone.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace sipvet::gateway::test;
using keying::Form;
using keying::OfferShape;
using ua::Transport;

namespace {

enum class Wanted { srtp, rtp, refused };
struct Cell {
  SrtpMode mode;
  OfferShape offer;
  Wanted wanted;
};
// The guide's table, written out once more: the code's own must not be its judge.
const Cell inbound_cells[] = {
    {SrtpMode::always, OfferShape::srtp_only, Wanted::srtp},
    {SrtpMode::always, OfferShape::srtp_and_rtp, Wanted::srtp},
    {SrtpMode::always, OfferShape::rtp_only, Wanted::refused},
    {SrtpMode::as_needed, OfferShape::srtp_only, Wanted::srtp},
    {SrtpMode::as_needed, OfferShape::srtp_and_rtp, Wanted::srtp},
    {SrtpMode::as_needed, OfferShape::rtp_only, Wanted::rtp},
    {SrtpMode::never, OfferShape::srtp_only, Wanted::refused},
    {SrtpMode::never, OfferShape::srtp_and_rtp, Wanted::rtp},
    {SrtpMode::never, OfferShape::rtp_only, Wanted::rtp},
};

void check_inbound(const Cell& cell, Transport transport, Form form) {
  BOOST_TEST_CONTEXT(name(cell.mode) << " " << keying::name(cell.offer) << " " << keying::name(form) << " "
                                     << ua::name(transport)) {
    Config config = Scene::config();
    config.srtp_mode = cell.mode;
    Scene scene(config);
    scene.phone->invite(scene.gateway_at(transport), cell.offer, form);
    BOOST_TEST(scene.until([&] { return scene.phone->final_status != 0; }));
    BOOST_TEST(scene.phone->problem == "");
    if (cell.wanted == Wanted::refused) {
      BOOST_TEST(scene.phone->final_status == 488);
      BOOST_TEST(scene.phone->final_response->header("Warning").value_or("").find("302") == 0u);
      BOOST_TEST((scene.last_call().state == CallState::failed));
      return;
    }
    BOOST_TEST(scene.phone->final_status == 200);
    BOOST_REQUIRE(scene.phone->agreed);
    BOOST_TEST(scene.phone->agreed->srtp() == (cell.wanted == Wanted::srtp));
    BOOST_TEST(scene.both_hear());
    const bool in_the_clear = cell.wanted == Wanted::srtp && transport != Transport::tls;
    BOOST_TEST(scene.log.contains("the SRTP keys came and went in the clear") == in_the_clear);
    BOOST_TEST(scene.last_call().srtp.value() == (cell.wanted == Wanted::srtp));
    BOOST_TEST(scene.last_call().media.dropped.empty());
    scene.phone->agent.hang_up(scene.phone->call).value();
    BOOST_TEST(scene.until([&] { return scene.phone->ended; }));
    BOOST_TEST((scene.last_call().state == CallState::ended));
    BOOST_TEST(scene.last_call().ended_by_remote);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_calls)

BOOST_AUTO_TEST_CASE(the_nine_inbound_cells_over_tls) {
  for (const Cell& cell : inbound_cells) check_inbound(cell, Transport::tls, Form::two_sections);
}

BOOST_AUTO_TEST_CASE(the_nine_inbound_cells_with_keys_on_avp) {
  for (const Cell& cell : inbound_cells) check_inbound(cell, Transport::tcp, Form::avp_with_crypto);
}

BOOST_AUTO_TEST_CASE(the_nine_inbound_cells_over_udp) {
  for (const Cell& cell : inbound_cells) check_inbound(cell, Transport::udp, Form::two_sections);
}

BOOST_AUTO_TEST_CASE(the_three_outbound_cells) {
  const std::pair<SrtpMode, OfferShape> cells[] = {{SrtpMode::always, OfferShape::srtp_only},
                                                   {SrtpMode::as_needed, OfferShape::srtp_and_rtp},
                                                   {SrtpMode::never, OfferShape::rtp_only}};
  for (const auto& [mode, shape] : cells) {
    for (const Form form : {Form::two_sections, Form::avp_with_crypto}) {
      Config config = Scene::config();
      config.srtp_mode = mode;
      config.srtp_and_rtp_form = form;
      Scene scene(config);
      PlaceCall place;
      place.number = "555";
      place.target = scene.phone_at(Transport::tls);
      scene.gateway->place_call(place).value();
      BOOST_TEST(scene.until([&] { return scene.last_call().state != CallState::ringing; }));
      BOOST_REQUIRE(scene.phone->received_offer);
      BOOST_TEST((keying::classify(*scene.phone->received_offer)->shape == shape));
      BOOST_TEST((scene.last_call().state == CallState::answered));
      BOOST_TEST(scene.both_hear());
      scene.gateway->hang_up(scene.last_call().handle).value();
      BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::ended; }));
      BOOST_TEST(scene.phone->ended_by_remote);
    }
  }
}

// RFC 5124 §3.1.
BOOST_AUTO_TEST_CASE(offers_with_feedback_profiles) {
  for (const SrtpMode mode : {SrtpMode::always, SrtpMode::as_needed, SrtpMode::never}) {
    Config config = Scene::config();
    config.srtp_mode = mode;
    config.feedback_profile = true;
    Scene scene(config);
    PlaceCall place;
    place.number = "555";
    place.target = scene.phone_at(Transport::tls);
    scene.gateway->place_call(place).value();
    BOOST_TEST(scene.both_hear());
    for (const sdp::Media& media : scene.phone->received_offer->media)
      BOOST_TEST(media.protocol.ends_with("F"));
    BOOST_TEST(scene.last_call().srtp.value() == (mode != SrtpMode::never));
  }
}

BOOST_AUTO_TEST_CASE(as_needed_goes_on_in_rtp_when_the_other_side_chooses_it) {
  for (const Form form : {Form::two_sections, Form::avp_with_crypto}) {
    Config config = Scene::config();
    config.srtp_and_rtp_form = form;
    Scene scene(config);
    scene.phone->prefer_srtp = false;
    PlaceCall place;
    place.number = "555";
    place.target = scene.phone_at(Transport::tcp);
    scene.gateway->place_call(place).value();
    BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::answered; }));
    BOOST_TEST(!scene.last_call().srtp.value());
    BOOST_TEST(scene.both_hear());
  }
}

BOOST_AUTO_TEST_CASE(as_needed_is_the_default) { BOOST_TEST((Config{}.srtp_mode == SrtpMode::as_needed)); }

BOOST_AUTO_TEST_CASE(the_gateways_own_order_of_suites_decides) {
  Scene scene;
  std::reverse(scene.phone->suites.begin(), scene.phone->suites.end());
  scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::srtp_only);
  BOOST_TEST(scene.until([&] { return scene.phone->final_status != 0; }));
  BOOST_TEST((scene.phone->agreed.value().keys->remote.suite() == rtp::SrtpSuite::aes_cm_128_hmac_sha1_80));
  BOOST_TEST(scene.both_hear());
}

BOOST_AUTO_TEST_CASE(no_suite_in_common_is_488_or_rtp_where_that_is_on_offer) {
  Config config = Scene::config();
  config.srtp_suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_32};
  for (const auto& [mode, shape, status] : {std::tuple{SrtpMode::as_needed, OfferShape::srtp_only, 488},
                                            {SrtpMode::as_needed, OfferShape::srtp_and_rtp, 200},
                                            {SrtpMode::always, OfferShape::srtp_and_rtp, 488}}) {
    config.srtp_mode = mode;
    Scene scene(config);
    scene.phone->suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80};
    scene.phone->invite(scene.gateway_at(Transport::tcp), shape);
    BOOST_TEST(scene.until([&] { return scene.phone->final_status != 0; }));
    BOOST_TEST(scene.phone->final_status == status);
    if (status == 200) BOOST_TEST(!scene.phone->agreed.value().srtp());
    if (status == 488)
      BOOST_TEST(scene.phone->final_response->header("Warning").value_or("").find("306") == 0u);
  }
}

BOOST_AUTO_TEST_CASE(an_invite_without_offer_gets_one_in_the_200) {
  for (const Transport transport : {Transport::udp, Transport::tls}) {
    Scene scene;
    scene.phone->invite(scene.gateway_at(transport), std::nullopt);
    BOOST_TEST(scene.until([&] { return scene.phone->final_status != 0; }));
    BOOST_TEST(scene.phone->final_status == 200);
    BOOST_REQUIRE(scene.phone->received_offer);
    BOOST_TEST((keying::classify(*scene.phone->received_offer)->shape == OfferShape::srtp_and_rtp));
    BOOST_TEST(scene.both_hear());
    BOOST_TEST(scene.last_call().srtp.value());
  }
}

BOOST_AUTO_TEST_CASE(a_re_invite_changes_from_rtp_to_srtp) {
  Scene scene;
  scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::rtp_only);
  BOOST_TEST(scene.both_hear());
  const std::string first_version = scene.phone->answer->origin.version;
  scene.phone->offer = ua::make_offer(scene.phone->plan(OfferShape::srtp_only, Form::savp));
  scene.phone->agent
      .reinvite(scene.phone->call, ua::Body{sdp::serialize(*scene.phone->offer), "application/sdp"})
      .value();
  BOOST_TEST(scene.until([&] { return scene.phone->agreed->srtp(); }));
  BOOST_TEST(std::stoi(scene.phone->answer->origin.version) == std::stoi(first_version) + 1);
  const std::uint64_t before = scene.phone->media.heard_ms(scene.gateway->config().voiceprint);
  BOOST_TEST(scene.both_hear(before + 200));
  BOOST_TEST(scene.gateway->calls().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_re_invite_leaves_the_call_as_it_was) {
  Config config = Scene::config();
  config.srtp_mode = SrtpMode::always;
  Scene scene(config);
  scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::srtp_only);
  BOOST_TEST(scene.both_hear());
  const auto offer = ua::make_offer(scene.phone->plan(OfferShape::rtp_only, Form::avp));
  scene.phone->agent.reinvite(scene.phone->call, ua::Body{sdp::serialize(offer), "application/sdp"}).value();
  BOOST_TEST(scene.until([&] { return scene.phone->final_status == 488; }));
  BOOST_TEST((scene.last_call().state == CallState::answered));
  BOOST_TEST(scene.last_call().srtp.value());
  BOOST_TEST(scene.both_hear(600));
}

BOOST_AUTO_TEST_CASE(the_caller_cancels_while_it_rings) {
  Config config = Scene::config();
  config.ring_for = 10s;
  Scene scene(config);
  scene.phone->invite(scene.gateway_at(Transport::udp), OfferShape::rtp_only);
  BOOST_TEST(scene.until([&] { return !scene.gateway->calls().empty(); }));
  scene.phone->agent.cancel(scene.phone->call).value();
  BOOST_TEST(scene.until([&] { return scene.phone->final_status != 0; }, 5s));
  BOOST_TEST(scene.phone->final_status == 487);
  BOOST_TEST((scene.last_call().state == CallState::ended));
}

BOOST_AUTO_TEST_CASE(it_rings_before_it_answers) {
  Config config = Scene::config();
  config.ring_for = 2s;
  Scene scene(config);
  scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::rtp_only);
  BOOST_TEST(!scene.until([&] { return scene.phone->final_status != 0; }, 1900ms));
  BOOST_TEST((std::count(scene.phone->seen.begin(), scene.phone->seen.end(), "< 180") == 1));
  BOOST_TEST(scene.until([&] { return scene.phone->final_status == 200; }, 200ms));
}

BOOST_AUTO_TEST_CASE(calls_survive_a_lossy_udp) {
  int completed = 0;
  for (int round = 0; round < 10; ++round) {
    Scene scene;
    scene.network.set_conditions({.latency = 5ms, .datagram_loss = 0.3});
    for (int skip = 0; skip < round; ++skip) (void)scene.network.random().u64();
    scene.phone->invite(scene.gateway_at(Transport::udp), OfferShape::srtp_only);
    BOOST_TEST(scene.until([&] { return scene.phone->final_status == 200; }));
    BOOST_TEST(scene.until([&] { return scene.last_call().srtp.has_value(); }));
    scene.phone->agent.hang_up(scene.phone->call).value();
    BOOST_TEST(
        scene.until([&] { return scene.phone->ended && scene.last_call().state == CallState::ended; }));
    ++completed;
  }
  BOOST_TEST(completed == 10);
}

BOOST_AUTO_TEST_CASE(options_says_what_there_is) {
  Scene scene;
  struct Asker final : ua::UserAgentHandler {
    std::optional<sip::Message> response;
    void on_response(ua::RequestId, const sip::Message& message) override { response = message; }
  } asker;
  ua::UserAgent agent(scene.network, phone_config(), asker);
  agent.request("OPTIONS", scene.gateway_at(Transport::tls)).value();
  BOOST_TEST(scene.until([&] { return asker.response.has_value(); }));
  BOOST_TEST(asker.response->status() == 200);
  BOOST_TEST(asker.response->header("Accept").value_or("") == "application/sdp");
  BOOST_TEST(asker.response->header("Allow").value_or("").find("INVITE") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(bodies_that_are_no_session_description) {
  const std::tuple<const char*, const char*, int> cases[] = {
      {"text/plain", "hello", 415},
      {"application/sdp", "hello", 400},
      {"application/sdp", "v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\nt=0 0\r\n", 488}};
  for (const auto& [type, body, status] : cases) {
    Scene scene;
    ua::InviteOptions options;
    options.target = scene.gateway_at(Transport::tcp);
    options.body = ua::Body{body, type};
    scene.phone->call = *scene.phone->agent.invite(options);
    BOOST_TEST(scene.until([&] { return scene.phone->final_status != 0; }));
    BOOST_TEST(scene.phone->final_status == status);
    if (status == 415)
      BOOST_TEST(scene.phone->final_response->header("Accept").value_or("") == "application/sdp");
  }
}

BOOST_AUTO_TEST_CASE(tls_authenticates_both_sides) {
  Scene scene;
  ua::UserAgentConfig stranger = phone_config();
  stranger.tls.client->certificate_pem.clear();
  stranger.tls.client->private_key_pem.clear();
  struct Watcher final : ua::UserAgentHandler {
    std::string failure;
    void on_call_failed(ua::CallId, const ua::RequestFailure& why) override { failure = why.cause; }
  } watcher;
  ua::UserAgent agent(scene.network, stranger, watcher);
  ua::InviteOptions options;
  options.target = scene.gateway_at(Transport::tls);
  agent.invite(options).value();
  BOOST_TEST(scene.until([&] { return !watcher.failure.empty(); }, 10s));
  BOOST_TEST(scene.gateway->calls().empty());
}

BOOST_AUTO_TEST_CASE(dtmf_arrives) {
  Scene scene;
  scene.phone->invite(scene.gateway_at(Transport::tcp), OfferShape::srtp_only);
  BOOST_TEST(scene.both_hear());
  scene.phone->media.send_dtmf("12#A").value();
  BOOST_TEST(scene.until([&] { return scene.last_call().dtmf == "12#A"; }, 3s));
  BOOST_TEST(scene.last_call().media.dropped.empty());
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_stops_the_start) {
  Scene scene;
  MemoryLog log;
  Gateway second(scene.network, Scene::config(), log);
  const auto started = second.start();
  BOOST_REQUIRE(!started);
  BOOST_TEST(started.error().what.find("10.0.0.1:5066/udp") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_of_another_certificate_stops_the_start) {
  net::SimNetwork network(1);
  MemoryLog log;
  Config config = Scene::config();
  config.tls.private_key_pem = certificates().phone.private_key_pem;
  config.tls.private_key_file = "/etc/gw/key.pem";
  Gateway gateway(network, config, log);
  const auto started = gateway.start();
  BOOST_REQUIRE(!started);
  BOOST_TEST(started.error().what.find("serverCertificatePrivateKeyFile (/etc/gw/key.pem)") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
