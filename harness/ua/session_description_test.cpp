#include "ua/session_description.hpp"

#include "sdp/rtpmap.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using keying::Form;
using keying::OfferShape;

namespace {

SeededRandom random_source(3);
const IpAddress ip = IpAddress::v4(192, 0, 2, 1);
const std::vector<rtp::SrtpSuite> suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80};

MediaPlan plan(OfferShape shape, Form form = Form::two_sections) {
  MediaPlan made;
  made.address = ip;
  made.rtp_port = 4000;
  made.second_port = 4002;
  made.shape = shape;
  made.form = form;
  if (shape != OfferShape::rtp_only) made.crypto = keying::make_offer(suites, random_source);
  return made;
}

AnswerPlan answer_plan(std::size_t section) {
  AnswerPlan made;
  made.address = IpAddress::v4(192, 0, 2, 2);
  made.rtp_port = 6000;
  made.section = section;
  return made;
}

sdp::Session parsed(const std::string& media_lines) {
  return *sdp::parse_session("v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n" +
                             media_lines);
}

} // namespace

BOOST_AUTO_TEST_SUITE(session_description)

BOOST_AUTO_TEST_CASE(each_offer_is_of_its_shape) {
  for (const OfferShape shape : {OfferShape::srtp_only, OfferShape::srtp_and_rtp, OfferShape::rtp_only}) {
    for (const Form form : {Form::two_sections, Form::avp_with_crypto}) {
      const auto again = sdp::parse_session(sdp::serialize(make_offer(plan(shape, form))));
      BOOST_REQUIRE(again);
      const auto info = keying::classify(*again);
      BOOST_REQUIRE(info);
      BOOST_TEST((info->shape == shape));
      if (shape == OfferShape::srtp_and_rtp) BOOST_TEST((info->form == form));
    }
  }
}

// RFC 3264 §6: as many sections as offered, in order, the others with port 0.
BOOST_AUTO_TEST_CASE(sections_not_taken_come_back_with_port_0) {
  const sdp::Session offer =
      parsed("m=audio 4000 RTP/SAVP 0\r\nm=audio 4002 RTP/AVP 0 8\r\nm=video 4004 RTP/AVP 31\r\n");
  const auto answer = make_answer(offer, answer_plan(1));
  BOOST_REQUIRE(answer);
  BOOST_REQUIRE_EQUAL(answer->media.size(), 3u);
  BOOST_TEST(answer->media[0].port == 0);
  BOOST_TEST(answer->media[0].protocol == "RTP/SAVP");
  BOOST_TEST(answer->media[1].port == 6000);
  BOOST_TEST(answer->media[2].port == 0);
  BOOST_TEST(answer->media[2].type == "video");
  BOOST_TEST(answer->media[2].formats.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_offerers_numbers_and_our_order_of_codecs) {
  const sdp::Session offer = parsed("m=audio 4000 RTP/AVP 8 96 9 0\r\na=rtpmap:96 telephone-event/8000\r\n");
  const auto answer = make_answer(offer, answer_plan(0));
  BOOST_REQUIRE(answer);
  const std::vector<std::string> expected = {"0", "8", "96"};
  BOOST_TEST(answer->media[0].formats == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_codec_in_common) {
  BOOST_TEST(!make_answer(parsed("m=audio 4000 RTP/AVP 9 18\r\n"), answer_plan(0)));
  // Key presses alone are no call.
  BOOST_TEST(!make_answer(parsed("m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n"),
                          answer_plan(0)));
  BOOST_TEST(!make_answer(parsed("m=audio 4000 RTP/AVP 0\r\n"), answer_plan(1)));
}

BOOST_AUTO_TEST_CASE(directions_are_mirrored) {
  const std::pair<const char*, const char*> rows[] = {
      {"sendrecv", "sendrecv"}, {"sendonly", "recvonly"}, {"recvonly", "sendonly"}, {"inactive", "inactive"}};
  for (const auto& [offered, answered] : rows) {
    const sdp::Session offer = parsed(std::string("m=audio 4000 RTP/AVP 0\r\na=") + offered + "\r\n");
    const auto answer = make_answer(offer, answer_plan(0));
    BOOST_REQUIRE(answer);
    BOOST_TEST(direction(*answer, answer->media[0]) == answered);
    const auto agreed = agreed_as_answerer(offer, *answer, std::nullopt);
    BOOST_REQUIRE(agreed);
    const std::string_view ours = answered;
    BOOST_TEST(agreed->may_send == (ours == "sendrecv" || ours == "sendonly"));
    BOOST_TEST(agreed->may_receive == (ours == "sendrecv" || ours == "recvonly"));
  }
}

BOOST_AUTO_TEST_CASE(both_sides_agree_on_keys_and_places) {
  const sdp::Session offer = make_offer(plan(OfferShape::srtp_and_rtp));
  const auto chosen = keying::answer(keying::readable_crypto_lines(offer.media[0]), suites, random_source);
  AnswerPlan with_keys = answer_plan(0);
  with_keys.crypto = {chosen->crypto};
  const auto answer = make_answer(offer, with_keys);
  const auto caller = read_answer(offer, *answer);
  const auto callee = agreed_as_answerer(offer, *answer, chosen->keys);
  BOOST_REQUIRE(caller);
  BOOST_REQUIRE(callee);
  BOOST_TEST((caller->keys->local == callee->keys->remote));
  BOOST_TEST((caller->keys->remote == callee->keys->local));
  BOOST_TEST(to_string(caller->remote_rtp) == "192.0.2.2:6000");
  BOOST_TEST(to_string(caller->remote_rtcp) == "192.0.2.2:6001");
  BOOST_TEST(to_string(callee->remote_rtp) == "192.0.2.1:4000");
  BOOST_TEST((caller->event_payload_type == 101));
}

// RFC 4585 §6.1, RFC 5124 §3.1: offered by name; an answer repeats what was offered (RFC 3264 §6).
BOOST_AUTO_TEST_CASE(feedback_profiles) {
  MediaPlan with_feedback = plan(OfferShape::srtp_and_rtp);
  with_feedback.feedback = true;
  const sdp::Session offer = make_offer(with_feedback);
  BOOST_TEST(offer.media[0].protocol == "RTP/SAVPF");
  BOOST_TEST(offer.media[1].protocol == "RTP/AVPF");
  BOOST_TEST((keying::classify(offer)->shape == OfferShape::srtp_and_rtp));
  const auto answer = make_answer(offer, answer_plan(1));
  BOOST_TEST(answer->media[0].protocol == "RTP/SAVPF");
  BOOST_TEST(answer->media[1].protocol == "RTP/AVPF");
  BOOST_TEST(read_answer(offer, *answer).has_value());
}

// RFC 3264 §8: as many sections as before at least.
BOOST_AUTO_TEST_CASE(offers_keep_the_sections_there_were) {
  MediaPlan later = plan(OfferShape::srtp_only);
  later.least_sections = 3;
  const sdp::Session offer = make_offer(later);
  BOOST_REQUIRE_EQUAL(offer.media.size(), 3u);
  BOOST_TEST(offer.media[0].port == 4000);
  for (const std::size_t i : {1u, 2u}) {
    BOOST_TEST(offer.media[i].port == 0);
    BOOST_TEST(!offer.media[i].formats.empty());
  }
  BOOST_TEST(sdp::parse_session(sdp::serialize(offer)).has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_without_media) {
  const sdp::Session offer = parsed("m=audio 0 RTP/SAVP 0\r\nm=video 0 RTP/AVP 31\r\n");
  const sdp::Session answer = make_answer_without_media(offer, answer_plan(0));
  BOOST_REQUIRE_EQUAL(answer.media.size(), 2u);
  BOOST_TEST(answer.media[0].port == 0);
  BOOST_TEST(answer.media[1].type == "video");
}

// RFC 3264 §8.4.
BOOST_AUTO_TEST_CASE(an_address_of_zeros_holds_the_stream) {
  const sdp::Session offer = parsed("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n");
  const auto agreed = agreed_as_answerer(offer, *make_answer(offer, answer_plan(0)), std::nullopt);
  BOOST_REQUIRE(agreed);
  BOOST_TEST(!agreed->may_send);
}

BOOST_AUTO_TEST_CASE(sound_formats_of_the_answer) {
  const sdp::Session offer = parsed("m=audio 4000 RTP/AVP 96 8 0\r\na=rtpmap:96 PCMU/8000\r\n");
  const auto answer = make_answer(offer, answer_plan(0));
  BOOST_REQUIRE(answer);
  const std::vector<std::string> formats = {"0", "8"};
  BOOST_TEST(answer->media[0].formats == formats, boost::test_tools::per_element());
  const std::vector<std::uint8_t> sounds = {0, 8};
  BOOST_TEST(agreed_as_answerer(offer, *answer, std::nullopt)->sound_payload_types == sounds,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rtcp_attribute_is_followed) {
  const sdp::Session offer = parsed("m=audio 4000 RTP/AVP 0\r\na=rtcp:5555 IN IP4 192.0.2.77\r\n");
  const auto agreed = agreed_as_answerer(offer, *make_answer(offer, answer_plan(0)), std::nullopt);
  BOOST_TEST(to_string(agreed->remote_rtcp) == "192.0.2.77:5555");
}

BOOST_AUTO_TEST_CASE(answers_that_break_the_rules) {
  const sdp::Session savp = make_offer(plan(OfferShape::srtp_only));
  const sdp::Session avp = make_offer(plan(OfferShape::rtp_only));
  const sdp::Session two = make_offer(plan(OfferShape::srtp_and_rtp));
  const std::string key =
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";
  const auto complaint = [](const sdp::Session& offer, const std::string& lines) {
    const auto read = read_answer(offer, parsed(lines));
    return read ? std::string() : read.error().what;
  };
  BOOST_TEST(complaint(savp, "m=audio 6000 RTP/SAVP 0\r\n").find("without a crypto line") !=
             std::string::npos);
  BOOST_TEST(complaint(savp, "m=audio 6000 RTP/AVP 0\r\n").find("RTP/AVP") != std::string::npos);
  BOOST_TEST(complaint(savp, "m=audio 0 RTP/SAVP 0\r\n").find("no section") != std::string::npos);
  BOOST_TEST(complaint(savp, "m=audio 6000 RTP/SAVP 0\r\n" + key) == "");
  BOOST_TEST(complaint(avp, "m=audio 6000 RTP/AVP 0\r\n" + key).find("none were offered") !=
             std::string::npos);
  BOOST_TEST(complaint(two, "m=audio 6000 RTP/SAVP 0\r\n" + key).find("2 media sections") !=
             std::string::npos);
  BOOST_TEST(complaint(two, "m=audio 6000 RTP/SAVP 0\r\n" + key + "m=audio 6002 RTP/AVP 0\r\n")
                 .find("more than one") != std::string::npos);
  BOOST_TEST(complaint(avp, "m=audio 6000 RTP/AVP 18\r\n").find("PCMU") != std::string::npos);
  BOOST_TEST(complaint(avp, "m=audio 6000 RTP/AVP 0\r\nc=IN IP4 media.example\r\n").find("media.example") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(bodies) {
  BOOST_TEST(!sdp_of("application/sdp", "").session);
  BOOST_TEST((sdp_of("application/sdp", "").problem == SdpProblem::none));
  BOOST_TEST((sdp_of("text/plain", "x").problem == SdpProblem::other_type));
  BOOST_TEST((sdp_of("application/sdp", "x").problem == SdpProblem::unreadable));
  BOOST_TEST(sdp_of("Application/SDP; charset=utf-8", sdp::serialize(make_offer(plan(OfferShape::rtp_only))))
                 .session.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
