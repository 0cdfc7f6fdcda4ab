// What odd, broken and hostile callers do to the gateway, and holds, new keys and ended streams in mid-call.
#include "gateway/test_phone.hpp"
#include "ua/test_puppet.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace sipvet::gateway::test;
using keying::Form;
using keying::OfferShape;
using ua::Transport;

namespace {

const std::string good_key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
const std::string other_key = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

std::string session_of(const std::string& media, const std::string& address = "IP4 10.0.0.2") {
  return "v=0\r\no=- 1 1 IN " + address + "\r\ns=-\r\nc=IN " + address + "\r\nt=0 0\r\n" + media;
}
std::string savp(const std::string& crypto_lines) {
  return session_of("m=audio 40000 RTP/SAVP 0\r\n" + crypto_lines);
}

void invite_with(Scene& scene, const std::string& body, Transport transport = Transport::tcp) {
  ua::InviteOptions options;
  options.target = scene.gateway_at(transport);
  options.body = ua::Body{body, "application/sdp"};
  scene.phone->offer = sdp::parse_session(body).value();
  scene.phone->call = *scene.phone->agent.invite(options);
  BOOST_TEST(scene.until([&] { return scene.phone->final_status != 0; }));
}

// A re-INVITE with that description; gives the status it gets.
int reinvite(Scene& scene, const sdp::Session& offer) {
  scene.phone->final_status = 0;
  scene.phone->offer = offer;
  scene.phone->agent.reinvite(scene.phone->call, ua::Body{sdp::serialize(offer), "application/sdp"}).value();
  BOOST_TEST(scene.until([&] { return scene.phone->final_status != 0; }));
  return scene.phone->final_status;
}

struct InCall : Scene {
  explicit InCall(OfferShape shape = OfferShape::srtp_only, Transport transport = Transport::tls) {
    phone->invite(gateway_at(transport), shape, Form::savp);
    BOOST_TEST(both_hear());
  }
  std::uint64_t received_within(Duration time) {
    const auto before = phone->media.counters().rtp_received;
    (void)until([] { return false; }, time);
    return phone->media.counters().rtp_received - before;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_hostile)

// RFC 4568 §5.1, §6.1, §6.3, §9.1: which lines of an offer can be answered, and with which tag.
BOOST_AUTO_TEST_CASE(crypto_lines_good_and_bad) {
  const std::string inline_key = " inline:" + good_key;
  const std::tuple<std::string, int, std::string> rows[] = {
      {"a=crypto:0 AES_CM_128_HMAC_SHA1_80" + inline_key, 200, "0 AES_CM_128_HMAC_SHA1_80"},
      {"a=crypto:7 AES_CM_128_HMAC_SHA1_32" + inline_key + "\r\na=crypto:9 AES_CM_128_HMAC_SHA1_80" +
           inline_key,
       200, "9 AES_CM_128_HMAC_SHA1_80"},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80" + inline_key + "|2^20|1066:4", 200, "1 "},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80" + inline_key + "|1048576", 200, "1 "},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80" + inline_key + " UNENCRYPTED_SRTP", 488, ""},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80" + inline_key + " UNAUTHENTICATED_SRTP", 488, ""},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80" + inline_key + " WSH=128 -new=x", 200, "1 "},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80" + inline_key +
           " UNENCRYPTED_SRTCP\r\na=crypto:2 "
           "AES_CM_128_HMAC_SHA1_32" +
           inline_key,
       200, "2 AES_CM_128_HMAC_SHA1_32"},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d2hhdA==", 488, ""},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + good_key.substr(4), 488, ""},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80" + inline_key + "AAAA", 488, ""},
      {"a=crypto:1 F8_128_HMAC_SHA1_80" + inline_key, 488, ""},
      {"a=crypto:x AES_CM_128_HMAC_SHA1_80" + inline_key, 488, ""},
      {"a=crypto:1 AES_CM_128_HMAC_SHA1_80 uri:" + good_key, 488, ""},
      {"a=crypto:", 488, ""},
  };
  for (const auto& [lines, status, answered] : rows) {
    BOOST_TEST_CONTEXT(lines) {
      Scene scene;
      invite_with(scene, savp(lines + "\r\n"));
      BOOST_TEST(scene.phone->final_status == status);
      if (status != 200) {
        BOOST_TEST((scene.last_call().state == CallState::failed));
        continue;
      }
      BOOST_REQUIRE(scene.phone->answer);
      const auto values = scene.phone->answer->media[0].attributes.values("crypto");
      BOOST_REQUIRE_EQUAL(values.size(), 1u);
      BOOST_TEST(values[0].starts_with(answered));
      BOOST_TEST(values[0].find(good_key) == std::string_view::npos); // §5.1.2: a key of its own
      BOOST_TEST(scene.phone->problem == "");
      BOOST_TEST(scene.until([&] { return scene.last_call().media.rtp_sent > 5; }, 1s));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_mki_on_offer_is_expected_and_understood) {
  Scene scene;
  sdp::Session offer = ua::make_offer(scene.phone->plan(OfferShape::srtp_only, Form::savp));
  sdp::Crypto line = keying::make_crypto(3, scene.phone->suites[0], scene.network.random());
  line.keys[0].mki = sdp::Mki{1, "1", 4};
  offer.media[0].attributes.remove("crypto");
  offer.media[0].attributes.add("crypto", to_string(line));
  invite_with(scene, sdp::serialize(offer), Transport::tls);
  BOOST_TEST(scene.phone->final_status == 200);
  BOOST_TEST(scene.both_hear());
  BOOST_TEST(scene.last_call().media.dropped.empty());
}

// Nothing on the wire from a secured leg can be read as sound under its SSRC without the key.
BOOST_AUTO_TEST_CASE(a_secured_leg_never_sends_plain_media) {
  struct Listening final : net::Tap {
    std::size_t plain = 0, all = 0;
    void connected(Instant, const net::Flow&) override {}
    void refused(Instant, const net::Flow&) override {}
    void bytes(Instant, const net::Flow&, net::Direction, ByteView) override {}
    void ended(Instant, const net::Flow&, net::Direction, net::Ending) override {}
    void datagram(Instant, const Endpoint& from, const Endpoint&, ByteView octets) override {
      if (from.ip != gateway_ip || octets.size() < 100) return;
      ++all;
      plain += octets.size() == 12 + 160;
    }
    void secret(std::string_view) override {}
  } tap;
  InCall scene;
  scene.network.set_tap(&tap);
  // Hold, resume, new keys, an RTP offer that is not taken, and the end.
  scene.gateway->config();
  for (const char* direction : {"sendonly", "inactive", "sendrecv"}) {
    ua::MediaPlan plan = scene.phone->plan(OfferShape::srtp_only, Form::savp);
    plan.direction = direction;
    BOOST_TEST(reinvite(scene, ua::make_offer(plan)) == 200);
    (void)scene.until([] { return false; }, 200ms);
  }
  BOOST_TEST(scene.both_hear(600));
  scene.phone->agent.hang_up(scene.phone->call).value();
  BOOST_TEST(scene.until([&] { return scene.phone->ended; }));
  BOOST_TEST(tap.all > 10u);
  BOOST_TEST(tap.plain == 0u);
  scene.network.set_tap(nullptr);
}

BOOST_AUTO_TEST_CASE(hold_and_resume_in_every_form) {
  for (const char* how : {"sendonly", "inactive", "0.0.0.0", "port 0"}) {
    BOOST_TEST_CONTEXT(how) {
      InCall scene(OfferShape::rtp_only);
      const std::string_view wanted = how;
      ua::MediaPlan plan = scene.phone->plan(OfferShape::rtp_only, Form::avp);
      if (wanted == "sendonly" || wanted == "inactive") plan.direction = how;
      sdp::Session held = ua::make_offer(plan);
      if (wanted == "0.0.0.0") held.connection->address = "0.0.0.0";
      if (wanted == "port 0") held.media[0].port = 0;
      BOOST_TEST(reinvite(scene, held) == 200);
      (void)scene.until([] { return false; }, 50ms);
      BOOST_TEST(scene.received_within(500ms) == 0u);
      BOOST_TEST((scene.last_call().state == CallState::answered));
      if (wanted == "port 0") BOOST_TEST(scene.phone->answer->media[0].port == 0);
      const auto heard = scene.phone->media.heard_ms(scene.gateway->config().voiceprint);
      BOOST_TEST(reinvite(scene, ua::make_offer(scene.phone->plan(OfferShape::rtp_only, Form::avp))) == 200);
      BOOST_TEST(scene.both_hear(heard + 200));
    }
  }
}

// RFC 3264 §8.2 is about streams of a call: a call cannot begin without any.
BOOST_AUTO_TEST_CASE(port_0_from_the_start_is_refused) {
  Scene scene;
  invite_with(scene, session_of("m=audio 0 RTP/AVP 0\r\n"));
  BOOST_TEST(scene.phone->final_status == 488);
}

BOOST_AUTO_TEST_CASE(a_re_invite_changes_the_keys_of_both_sides) {
  InCall scene;
  const rtp::SrtpContext before = scene.phone->agreed->keys->remote;
  BOOST_TEST(reinvite(scene, ua::make_offer(scene.phone->plan(OfferShape::srtp_only, Form::savp))) == 200);
  BOOST_TEST(!(scene.phone->agreed->keys->remote == before));
  const auto heard = scene.phone->media.heard_ms(scene.gateway->config().voiceprint);
  BOOST_TEST(scene.both_hear(heard + 300));
}

// RFC 3264 §8: the offer in the 200 of a re-INVITE has as many sections as the call had.
BOOST_AUTO_TEST_CASE(a_re_invite_without_offer_keeps_the_sections) {
  Config config = Scene::config();
  config.srtp_mode = SrtpMode::always;
  Scene scene(config);
  scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::srtp_and_rtp, Form::two_sections);
  BOOST_TEST(scene.both_hear());
  scene.phone->offer.reset();
  scene.phone->final_status = 0;
  scene.phone->agent.reinvite(scene.phone->call, std::nullopt).value();
  BOOST_TEST(scene.until([&] { return scene.phone->final_status != 0; }));
  BOOST_REQUIRE(scene.phone->received_offer);
  BOOST_TEST(scene.phone->received_offer->media.size() == 2u);
  BOOST_TEST(scene.phone->received_offer->media[1].port == 0);
  const auto heard = scene.phone->media.heard_ms(scene.gateway->config().voiceprint);
  BOOST_TEST(scene.both_hear(heard + 300));
}

BOOST_AUTO_TEST_CASE(a_ringing_call_that_the_telephone_turns_down_is_over) {
  Config config = Scene::config();
  config.ring_for = 5s;
  Scene scene(config);
  scene.phone->invite(scene.gateway_at(Transport::udp), OfferShape::rtp_only);
  BOOST_TEST(scene.until([&] { return !scene.gateway->calls().empty(); }));
  scene.gateway->hang_up(scene.last_call().handle).value();
  BOOST_TEST((scene.last_call().state == CallState::ended));
  BOOST_TEST(!scene.gateway->answer(scene.last_call().handle));
  (void)scene.until([] { return false; }, 10s);
  BOOST_TEST(scene.phone->final_status == 603);
  BOOST_TEST((scene.last_call().state == CallState::ended));
}

// A hang-up that waits for the ACK (RFC 3261 §15) plays nothing when it comes.
BOOST_AUTO_TEST_CASE(hanging_up_right_after_the_answer) {
  Config config = Scene::config();
  config.auto_answer = false;
  Scene scene(config);
  scene.phone->invite(scene.gateway_at(Transport::udp), OfferShape::rtp_only);
  BOOST_TEST(scene.until([&] { return !scene.gateway->calls().empty(); }));
  const CallHandle call = scene.last_call().handle;
  scene.gateway->answer(call).value();
  scene.gateway->hang_up(call).value();
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::ended; }));
  BOOST_TEST(scene.phone->ended_by_remote);
  BOOST_TEST(scene.last_call().media.rtp_sent == 0u);
}

BOOST_AUTO_TEST_CASE(media_of_the_other_address_family_is_refused) {
  Scene scene;
  invite_with(scene, session_of("m=audio 4000 RTP/AVP 0\r\n", "IP6 2001:db8::2"));
  BOOST_TEST(scene.phone->final_status == 488);
  BOOST_TEST(scene.phone->final_response->header("Warning").value_or("").starts_with("301 "));
}

// RFC 3261 §20.43; what the caller wrote does not end the header line.
BOOST_AUTO_TEST_CASE(a_warning_holds_no_control_characters) {
  Scene scene;
  invite_with(scene, session_of("m=audio 4000 RTP/AVP 0\r\n", "IP4 ho\x01st\tX\"Y"));
  BOOST_TEST(scene.phone->final_status == 488);
  for (const char c : scene.phone->final_response->header("Warning").value_or(""))
    BOOST_TEST(static_cast<unsigned char>(c) >= ' ');
}

BOOST_AUTO_TEST_CASE(a_gateway_on_every_address_names_the_one_it_sends_from) {
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    Config config = Scene::config();
    for (auto& each : config.user_agents) each.ip = {};
    Scene scene(config);
    PlaceCall place;
    place.number = "1";
    place.target = scene.phone_at(transport);
    std::string sent;
    scene.gateway->on_traffic([&](bool out, const ua::Hop&, const sip::Message& message) {
      if (out) sent += message.serialize();
    });
    scene.gateway->place_call(place).value();
    BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::answered; }));
    BOOST_TEST(sent.find("INVITE") == 0u);
    BOOST_TEST(sent.find("c=IN IP4 127.0.0.1") != std::string::npos);
    const Endpoint at{IpAddress::v4(127, 0, 0, 1), scene.gateway->endpoint(transport)->port};
    scene.phone->invite({transport, at, {}, {}}, OfferShape::rtp_only);
    BOOST_TEST(scene.until([&] { return scene.phone->final_status == 200; }));
    BOOST_TEST(sent.find("0.0.0.0") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(calls_over_ipv6_with_media) {
  IpAddress v6;
  v6.v6 = true;
  v6.octets[15] = 1;
  Config config = Scene::config();
  config.user_agents = {{v6, 5066, Transport::udp}, {v6, 5066, Transport::tcp}, {v6, 5067, Transport::tls}};
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    net::SimNetwork network(9);
    MemoryLog log;
    Gateway gateway(network, config, log);
    gateway.start().value();
    Phone phone(network);
    phone.media.close();
    phone.media.open(v6).value();
    ua::MediaPlan plan = phone.plan(OfferShape::srtp_only, Form::savp);
    plan.address = v6;
    phone.offer = ua::make_offer(plan);
    ua::InviteOptions options;
    options.target = {transport, *gateway.endpoint(transport), {}, {}};
    options.body = ua::Body{sdp::serialize(*phone.offer), "application/sdp"};
    phone.call = *phone.agent.invite(options);
    const auto heard = [&] {
      return phone.media.heard_ms(gateway.config().voiceprint) > 200 && !gateway.calls()[0].heard_ms.empty();
    };
    BOOST_TEST(network.run_until(heard, network.now() + 5s));
    BOOST_TEST(phone.answer->connection->address_type == "IP6");
    BOOST_TEST(phone.final_response->header("Contact").value_or("").find("@[::1]:506") !=
               std::string_view::npos);
    phone.agent.hang_up(phone.call).value();
    BOOST_TEST(network.run_until([&] { return phone.ended; }, network.now() + 5s));
  }
}

// Many messages in one record, and one message in many.
BOOST_AUTO_TEST_CASE(tls_records_and_messages_have_nothing_to_do_with_each_other) {
  for (const std::size_t piece : {std::size_t{3}, std::size_t{100'000}}) {
    Scene scene;
    ua::test::Puppet puppet(scene.network, phone_tls());
    std::string all;
    constexpr int messages = 30;
    for (int i = 0; i < messages; ++i) {
      ua::test::Exact options{.method = "OPTIONS", .branch = "z9hG4bK" + std::to_string(i)};
      options.via = "SIP/2.0/TLS 10.0.0.3:5061";
      options.call_id = std::to_string(i);
      all += options.text();
    }
    const ua::Target target = scene.gateway_at(Transport::tls);
    puppet.transport.connect(target).value();
    (void)scene.until([] { return false; }, 100ms);
    for (std::size_t at = 0; at < all.size(); at += piece)
      puppet.transport.send_octets(as_bytes(std::string_view(all).substr(at, piece)), target).value();
    BOOST_TEST(scene.until([&] { return puppet.count("200 OPTIONS") == messages; }, 5s));
  }
}

// A TLS handshake that stops half-way holds its connection for 20 s and nothing else.
BOOST_AUTO_TEST_CASE(half_open_tls) {
  Scene scene;
  struct Silent final : net::Node {
    bool closed = false;
    void on_closed(net::ConnectionId, net::CloseReason) override { closed = true; }
  } silent[20];
  for (Silent& each : silent) {
    const auto id = scene.network.connect(each, {phone_ip, 0}, *scene.gateway->endpoint(Transport::tls));
    scene.network.send(id, as_bytes(std::string_view("\x16\x03\x01\x02\x00", 5)));
  }
  scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::srtp_only);
  BOOST_TEST(scene.both_hear());
  BOOST_TEST(scene.until(
      [&] {
        return std::all_of(std::begin(silent), std::end(silent),
                           [](const Silent& each) { return each.closed; });
      },
      25s));
  BOOST_TEST(scene.gateway->user_agent().transport().connections() == 1u);
}

// The TLS connection dies in mid-call: media goes on, and the BYE of either side arrives.
BOOST_AUTO_TEST_CASE(a_tls_connection_that_dies_in_mid_call) {
  for (const bool gateway_hangs_up : {true, false}) {
    InCall scene;
    scene.phone->agent.disconnect(scene.phone->agent.hop_of(scene.phone->call)->connection);
    BOOST_TEST(scene.received_within(200ms) > 5u);
    if (gateway_hangs_up) {
      scene.gateway->hang_up(scene.last_call().handle).value();
    } else {
      scene.phone->agent.hang_up(scene.phone->call).value();
    }
    BOOST_TEST(
        scene.until([&] { return scene.phone->ended && scene.last_call().state == CallState::ended; }));
  }
}

BOOST_AUTO_TEST_SUITE_END()
