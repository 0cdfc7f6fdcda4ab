// Each deviation shows on the wire or in what the other side hears; without it the same call is in order.
#include "gateway/test_phone.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace sipvet::gateway::test;
using keying::Form;
using keying::OfferShape;
using ua::Transport;

namespace {

Config with(const std::function<void(Config&)>& change) {
  Config config = Scene::config();
  change(config);
  return config;
}

// A call from the phone with an SRTP-only offer, up to the final response.
struct SecureCall : Scene {
  explicit SecureCall(const std::function<void(Config&)>& change, OfferShape shape = OfferShape::srtp_only)
      : Scene(with(change)) {
    phone->invite(gateway_at(Transport::tls), shape, Form::two_sections);
    BOOST_TEST(until([&] { return phone->final_status != 0; }));
  }
  std::uint64_t phone_hears() {
    (void)until([] { return false; }, 1s);
    return phone->used().heard_ms(gateway->config().voiceprint);
  }
  const ua::MediaCounters& phone_counters() { return phone->used().counters(); }
};

void honest(Config&) {}

} // namespace

BOOST_AUTO_TEST_SUITE(deviations)

BOOST_AUTO_TEST_CASE(none_by_default) {
  SecureCall call(honest);
  BOOST_TEST(call.phone_hears() >= 900u);
  BOOST_TEST(call.phone_counters().dropped.empty());
}

BOOST_AUTO_TEST_CASE(a_changed_answer_entry_changes_that_entry_only) {
  const auto change = [](Config& config) {
    config.srtp_mode = SrtpMode::always;
    config.deviations.srtp_answer = AnswerOverride{SrtpMode::always, OfferShape::rtp_only, Treatment::rtp};
  };
  SecureCall changed(change, OfferShape::rtp_only);
  BOOST_TEST(changed.phone->final_status == 200);
  SecureCall same(change, OfferShape::srtp_only);
  BOOST_TEST(same.phone->agreed.value().srtp());
}

BOOST_AUTO_TEST_CASE(every_answer_entry_can_be_changed_to_anything) {
  for (const SrtpMode mode : {SrtpMode::always, SrtpMode::as_needed, SrtpMode::never}) {
    for (const OfferShape shape : {OfferShape::srtp_only, OfferShape::srtp_and_rtp, OfferShape::rtp_only}) {
      for (const Treatment treatment : {Treatment::srtp, Treatment::rtp, Treatment::reject_488}) {
        SecureCall call(
            [&](Config& config) {
              config.srtp_mode = mode;
              config.deviations.srtp_answer = AnswerOverride{mode, shape, treatment};
            },
            shape);
        BOOST_TEST(call.phone->final_status == (treatment == Treatment::reject_488 ? 488 : 200));
        if (treatment == Treatment::reject_488) continue;
        BOOST_REQUIRE(call.until([&] { return call.last_call().srtp.has_value(); }, 2s));
        BOOST_TEST(call.last_call().srtp.value() == (treatment == Treatment::srtp));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_changed_offer_entry) {
  Scene scene(with([](Config& config) {
    config.srtp_mode = SrtpMode::never;
    config.deviations.srtp_offer = OfferOverride{SrtpMode::never, OfferShape::srtp_only};
  }));
  PlaceCall place;
  place.number = "1";
  place.target = scene.phone_at(Transport::tls);
  scene.gateway->place_call(place).value();
  BOOST_TEST(scene.until([&] { return scene.phone->received_offer.has_value(); }));
  BOOST_TEST((keying::classify(*scene.phone->received_offer)->shape == OfferShape::srtp_only));
}

BOOST_AUTO_TEST_CASE(another_status_than_488) {
  SecureCall call([](Config& config) {
    config.srtp_mode = SrtpMode::never;
    config.deviations.status_instead_of_488 = 406;
  });
  BOOST_TEST(call.phone->final_status == 406);
}

BOOST_AUTO_TEST_CASE(plain_media_on_a_secured_leg) {
  SecureCall call([](Config& config) { config.deviations.plain_media_on_secured_leg = true; });
  BOOST_TEST(call.phone_hears() == 0u);
  BOOST_TEST(call.phone_counters().dropped_for(ua::MediaDrop::plain_on_secured) > 10u);
}

BOOST_AUTO_TEST_CASE(one_key_for_both_directions) {
  const auto same_key = [](SecureCall& call) {
    const auto& keys = call.phone->agreed.value().keys.value();
    return keys.local.first_key().master_key == keys.remote.first_key().master_key &&
           keys.local.first_key().master_salt == keys.remote.first_key().master_salt;
  };
  SecureCall good(honest);
  BOOST_TEST(!same_key(good));
  SecureCall call([](Config& config) { config.deviations.reuse_key_both_directions = true; });
  BOOST_TEST(same_key(call));
  BOOST_TEST(call.phone_hears() > 0u);
}

BOOST_AUTO_TEST_CASE(the_wrong_suite_in_the_answer) {
  SecureCall call([](Config& config) { config.deviations.wrong_suite_in_answer = true; });
  const auto lines = keying::crypto_lines(call.phone->answer->media.front());
  BOOST_TEST(lines.front()->suite == "AES_CM_128_HMAC_SHA1_32");
  BOOST_TEST(call.phone_hears() == 0u);
}

BOOST_AUTO_TEST_CASE(a_tag_that_was_not_offered) {
  SecureCall call([](Config& config) { config.deviations.answer_tag_changed = true; });
  BOOST_TEST(!call.phone->agreed);
  BOOST_TEST(call.phone->problem.find("tag") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_offerers_order_instead_of_its_own) {
  for (const bool deviant : {false, true}) {
    Scene scene(with([&](Config& config) { config.deviations.answer_picks_offerers_order = deviant; }));
    std::reverse(scene.phone->suites.begin(), scene.phone->suites.end()); // _32 first
    scene.phone->invite(scene.gateway_at(Transport::tls), OfferShape::srtp_only);
    BOOST_TEST(scene.until([&] { return scene.phone->agreed.has_value(); }));
    const auto suite = scene.phone->agreed->keys->remote.suite();
    BOOST_TEST((suite == (deviant ? rtp::SrtpSuite::aes_cm_128_hmac_sha1_32
                                  : rtp::SrtpSuite::aes_cm_128_hmac_sha1_80)));
  }
}

BOOST_AUTO_TEST_CASE(suites_offered_last_first) {
  for (const bool deviant : {false, true}) {
    Scene scene(with([&](Config& config) { config.deviations.offer_suites_reversed = deviant; }));
    scene.phone->invite(scene.gateway_at(Transport::tls), std::nullopt);
    BOOST_TEST(scene.until([&] { return scene.phone->received_offer.has_value(); }));
    const auto lines = keying::crypto_lines(scene.phone->received_offer->media.front());
    BOOST_TEST(lines.front()->suite == (deviant ? "AES_CM_128_HMAC_SHA1_32" : "AES_CM_128_HMAC_SHA1_80"));
  }
}

BOOST_AUTO_TEST_CASE(silence_echo_and_nothing) {
  SecureCall silent([](Config& config) { config.deviations.silent_media = true; });
  BOOST_TEST(silent.phone_hears() == 0u);
  BOOST_TEST(silent.phone_counters().rtp_accepted > 10u);

  SecureCall echo([](Config& config) { config.deviations.wrong_voiceprint = true; });
  BOOST_TEST(echo.phone_hears() == 0u);
  BOOST_TEST(echo.phone->used().heard_ms(echo.phone->voice) > 400u);

  SecureCall nothing([](Config& config) { config.deviations.one_way_media = true; });
  BOOST_TEST(nothing.phone_hears() == 0u);
  BOOST_TEST(nothing.phone_counters().rtp_received == 0u);
  BOOST_TEST(nothing.last_call().heard_ms.at(5) > 400u);
}

BOOST_AUTO_TEST_CASE(no_ack) {
  for (const bool deviant : {false, true}) {
    Scene scene(with([&](Config& config) { config.deviations.no_ack = deviant; }));
    PlaceCall place;
    place.number = "1";
    place.target = scene.phone_at(Transport::tcp);
    scene.gateway->place_call(place).value();
    BOOST_TEST(scene.until([&] { return scene.phone->confirmed; }, 5s) == !deviant);
    if (!deviant) continue;
    // RFC 3261 §13.3.1.4: 2xx at 0, 0.5, 1.5, 3.5 s, …; BYE after 32 s.
    BOOST_TEST(std::count(scene.phone->seen.begin(), scene.phone->seen.end(), "> 200") == 4);
    BOOST_TEST(scene.until([&] { return !scene.phone->failure.empty(); }, 40s));
    BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::ended; }, 1s));
  }
}

BOOST_AUTO_TEST_CASE(no_answer_to_bye) {
  SecureCall call([](Config& config) { config.deviations.no_bye_response = true; });
  BOOST_TEST(call.both_hear());
  call.phone->agent.hang_up(call.phone->call).value();
  BOOST_TEST(!call.until([&] { return call.phone->ended; }, 10s));
  BOOST_TEST((call.last_call().state == CallState::ended));
}

BOOST_AUTO_TEST_SUITE_END()
