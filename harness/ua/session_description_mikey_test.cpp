// Offers and answers with MIKEY in session descriptions: where the attribute stands, and what an answer may
// say.
#include "ua/session_description.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(session_description_mikey)

using namespace sipvet;
using namespace sipvet::ua;

namespace {

const Instant noon(std::chrono::seconds(1'700'000'000));

struct Exchange {
  SeededRandom random{2};
  keying::MikeySettings settings = [] {
    keying::MikeySettings out;
    out.psk = to_bytes("secret");
    return out;
  }();
  std::optional<keying::MikeyParty> caller, callee;
  std::optional<keying::MikeyExchange> offered;
  sdp::Session offer;

  void make_offer_of(keying::OfferShape shape, bool with_sdes = false,
                     keying::Form form = keying::Form::two_sections) {
    caller.emplace(settings);
    offered = caller->offer(0xAAAA, random, noon).value();
    MediaPlan plan;
    plan.address = IpAddress::v4(192, 0, 2, 1);
    plan.rtp_port = 4000;
    plan.shape = shape;
    plan.form = form;
    if (with_sdes) plan.crypto = {keying::make_crypto(1, rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, random)};
    plan.key_mgmt = {offered->level(), offered->attributes()};
    offer = make_offer(plan);
  }

  // The honest answer of the section with keys.
  sdp::Session answer(keying::MikeySettings own) {
    callee.emplace(std::move(own));
    const auto keys =
        callee->answer(keying::key_mgmt_lines(offer, offer.media[0]), 0xBBBB, random, noon).value();
    AnswerPlan plan;
    plan.address = IpAddress::v4(192, 0, 2, 2);
    plan.rtp_port = 5000;
    plan.key_mgmt = {keys.level, keys.attributes};
    sdp::Session made = make_answer(offer, plan).value();
    agreed = agreed_as_answerer(offer, made, keys.keys).value();
    return made;
  }
  AgreedMedia agreed;

  std::string refusal(const sdp::Session& answer) const {
    const auto read = read_answer(offer, answer, {}, {}, offered ? &*offered : nullptr);
    return read ? "none" : read.error().what;
  }
};

std::size_t count(const sdp::AttributeList& attributes) { return attributes.values("key-mgmt").size(); }

} // namespace

BOOST_AUTO_TEST_CASE(both_sides_agree_at_session_level) {
  Exchange exchange;
  exchange.make_offer_of(keying::OfferShape::srtp_only);
  BOOST_TEST(exchange.offer.media.size() == 1u);
  BOOST_TEST(exchange.offer.media[0].protocol == "RTP/SAVP");
  BOOST_TEST(count(exchange.offer.attributes) == 1u);
  BOOST_TEST(count(exchange.offer.media[0].attributes) == 0u);
  const sdp::Session answer = exchange.answer(exchange.settings);
  BOOST_TEST(count(answer.attributes) == 1u);
  const auto read = read_answer(exchange.offer, answer, {}, {}, &*exchange.offered);
  BOOST_REQUIRE_MESSAGE(read.has_value(), read.error().what);
  BOOST_REQUIRE(read->keys.has_value());
  BOOST_TEST((read->keys->exchange == keying::KeyExchange::mikey));
  BOOST_TEST((read->keys->local == exchange.agreed.keys->remote));
  BOOST_TEST((read->keys->remote == exchange.agreed.keys->local));
}

BOOST_AUTO_TEST_CASE(both_sides_agree_at_media_level) {
  Exchange exchange;
  exchange.settings.deviations.other_level = true;
  exchange.make_offer_of(keying::OfferShape::srtp_only);
  BOOST_TEST(count(exchange.offer.attributes) == 0u);
  BOOST_TEST(count(exchange.offer.media[0].attributes) == 1u);
  keying::MikeySettings honest = exchange.settings;
  honest.deviations = {};
  const sdp::Session answer = exchange.answer(honest);
  BOOST_TEST(count(answer.media[0].attributes) == 1u);
  BOOST_TEST(exchange.refusal(answer) == "none");
}

BOOST_AUTO_TEST_CASE(in_every_shape_it_is_srtp_with_keys) {
  using keying::Form;
  for (const Form form : {Form::two_sections, Form::avp_with_crypto}) {
    Exchange exchange;
    exchange.make_offer_of(keying::OfferShape::srtp_and_rtp, true, form);
    const auto shape = keying::classify(exchange.offer);
    BOOST_REQUIRE(shape.has_value());
    BOOST_TEST((shape->shape == keying::OfferShape::srtp_and_rtp));
    BOOST_TEST((shape->form == form));
    BOOST_TEST(exchange.refusal(exchange.answer(exchange.settings)) == "none");
  }
}

BOOST_AUTO_TEST_CASE(answers_with_other_keys_than_offered) {
  Exchange exchange;
  exchange.make_offer_of(keying::OfferShape::srtp_only);
  const sdp::Session good = exchange.answer(exchange.settings);
  sdp::Session none = good;
  none.attributes = {};
  BOOST_TEST(exchange.refusal(none) ==
             "the answer has no MIKEY message though one was asked for (RFC 3830 §3)");
  const std::string line =
      to_string(keying::make_crypto(1, rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, exchange.random));
  sdp::Session sdes = none;
  sdes.media[0].attributes.add("crypto", line);
  BOOST_TEST(exchange.refusal(sdes) == "the answer has SDES keys where MIKEY was offered");
  sdp::Session both = good;
  both.media[0].attributes.add("crypto", line);
  BOOST_TEST(exchange.refusal(both) == "the answer has crypto lines and key-mgmt attributes both");
  exchange.offered.reset();
  BOOST_TEST(exchange.refusal(good) == "the answer has key-mgmt attributes where none were offered");
}

BOOST_AUTO_TEST_CASE(of_both_on_offer_either_is_answered) {
  Exchange exchange;
  exchange.make_offer_of(keying::OfferShape::srtp_only, true);
  BOOST_TEST(exchange.offer.media[0].attributes.value("crypto").has_value());
  sdp::Session answer = exchange.answer(exchange.settings);
  BOOST_TEST(exchange.refusal(answer) == "none");
  answer.attributes = {};
  answer.media[0].attributes.add(
      "crypto", to_string(keying::make_crypto(1, rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, exchange.random)));
  const auto read = read_answer(exchange.offer, answer, {}, {}, &*exchange.offered);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((read->keys->exchange == keying::KeyExchange::sdes));
}

BOOST_AUTO_TEST_SUITE_END()
