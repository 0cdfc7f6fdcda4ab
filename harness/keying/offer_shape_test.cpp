#include "keying/offer_shape.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>

using namespace sipvet;
using namespace sipvet::keying;

namespace {

const std::string crypto =
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";

Result<ShapeInfo> shape_of(const std::string& media, const std::string& session_attributes = "") {
  return classify(
      sdp::parse_session("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" +
                         session_attributes + media)
          .value());
}

struct Expected {
  OfferShape shape;
  Form form;
  std::optional<std::size_t> srtp, rtp;
};

void check(const Result<ShapeInfo>& found, const Expected& expected) {
  BOOST_REQUIRE(found);
  BOOST_TEST(name(found->shape) == name(expected.shape));
  BOOST_TEST(name(found->form) == name(expected.form));
  BOOST_TEST((found->srtp_section == expected.srtp));
  BOOST_TEST((found->rtp_section == expected.rtp));
}

} // namespace

BOOST_AUTO_TEST_SUITE(offer_shape)

BOOST_AUTO_TEST_CASE(one_section) {
  check(shape_of("m=audio 1 RTP/SAVP 0\r\n" + crypto), {OfferShape::srtp_only, Form::savp, 0, {}});
  check(shape_of("m=audio 1 RTP/SAVPF 0\r\n" + crypto), {OfferShape::srtp_only, Form::savp, 0, {}});
  check(shape_of("m=audio 1 RTP/AVP 0\r\n"), {OfferShape::rtp_only, Form::avp, {}, 0});
  check(shape_of("m=audio 1 RTP/AVP 0\r\n" + crypto),
        {OfferShape::srtp_and_rtp, Form::avp_with_crypto, 0, 0});
  check(shape_of("m=audio 1 RTP/AVPF 0\r\n" + crypto),
        {OfferShape::srtp_and_rtp, Form::avp_with_crypto, 0, 0});
}

BOOST_AUTO_TEST_CASE(two_sections) {
  const std::string secure = "m=audio 1 RTP/SAVP 0\r\n" + crypto, plain = "m=audio 2 RTP/AVP 0\r\n";
  check(shape_of(secure + plain), {OfferShape::srtp_and_rtp, Form::two_sections, 0, 1});
  check(shape_of(plain + secure), {OfferShape::srtp_and_rtp, Form::two_sections, 1, 0});
  check(shape_of(plain + plain + crypto), {OfferShape::srtp_and_rtp, Form::two_sections, 1, 0});
  check(shape_of(secure + plain + crypto), {OfferShape::srtp_and_rtp, Form::two_sections, 0, 1});
  check(shape_of(secure + secure), {OfferShape::srtp_only, Form::savp, 0, {}});
}

BOOST_AUTO_TEST_CASE(what_does_not_count) {
  const std::string secure = "m=audio 1 RTP/SAVP 0\r\n" + crypto;
  check(shape_of("m=video 1 RTP/AVP 0\r\n" + secure), {OfferShape::srtp_only, Form::savp, 1, {}});
  check(shape_of("m=audio 0 RTP/AVP 0\r\n" + secure), {OfferShape::srtp_only, Form::savp, 1, {}});
  check(shape_of("m=audio 0 RTP/SAVP 0\r\n" + crypto + "m=audio 1 RTP/AVP 0\r\n"),
        {OfferShape::rtp_only, Form::avp, {}, 1});
  check(shape_of("m=audio 1 RTP/SAVP 0\r\nm=audio 1 RTP/AVP 0\r\n"),
        {OfferShape::rtp_only, Form::avp, {}, 1});
}

BOOST_AUTO_TEST_CASE(key_management_counts_as_keys) {
  const std::string mikey = "a=key-mgmt:mikey AAAA\r\n";
  check(shape_of("m=audio 1 RTP/SAVP 0\r\n" + mikey), {OfferShape::srtp_only, Form::savp, 0, {}});
  check(shape_of("m=audio 1 RTP/SAVP 0\r\n", mikey), {OfferShape::srtp_only, Form::savp, 0, {}});
}

// [MS-SDP] §3.1.5.5, [MS-SDPEXT] §3.1.5.8.
BOOST_AUTO_TEST_CASE(encryption_attribute) {
  const std::string avp = "m=audio 1 RTP/AVP 0\r\n", optional = "a=encryption:optional\r\n",
                    required = "a=encryption:required\r\n", rejected = "a=encryption:rejected\r\n";
  check(shape_of(avp + crypto + optional), {OfferShape::srtp_and_rtp, Form::avp_with_encryption, 0, 0});
  check(shape_of(avp + crypto + required), {OfferShape::srtp_only, Form::avp_with_encryption, 0, {}});
  check(shape_of(avp + crypto + rejected), {OfferShape::rtp_only, Form::avp, {}, 0});
  check(shape_of(avp + optional), {OfferShape::rtp_only, Form::avp, {}, 0});
  BOOST_TEST(!shape_of(avp + required));
}

BOOST_AUTO_TEST_CASE(the_profile_changes_where_srtp_is_answered) {
  const auto parsed = [](const std::string& lines) {
    return sdp::parse_session("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n" + lines).value();
  };
  const sdp::Session offer = parsed("m=audio 1 RTP/AVP 0\r\n" + crypto + "a=encryption:optional\r\n");
  const auto info = classify(offer).value();
  BOOST_TEST(offer_as_taken(offer, info, true).media[0].protocol == "RTP/SAVP");
  BOOST_TEST(offer_as_taken(offer, info, false).media[0].protocol == "RTP/AVP");
  BOOST_TEST(*answer_attributes(info, true).value("encryption") == "optional");
  BOOST_TEST(*answer_attributes(info, false).value("encryption") == "rejected");
  const sdp::Session savp = parsed("m=audio 1 RTP/SAVP 0\r\n" + crypto),
                     avp = parsed("m=audio 1 RTP/AVP 0\r\n");
  BOOST_TEST(offer_as_answered(offer, savp)->media[0].protocol == "RTP/SAVP");
  BOOST_TEST(offer_as_answered(offer, avp)->media[0].protocol == "RTP/AVP");
  const sdp::Session without = parsed("m=audio 1 RTP/AVP 0\r\n" + crypto);
  BOOST_TEST(offer_as_answered(without, savp)->media[0].protocol == "RTP/AVP");
  BOOST_TEST(secure_profile_of("RTP/AVPF") == "RTP/SAVPF");
  BOOST_TEST(secure_profile_of("udptl") == "udptl");
}

BOOST_AUTO_TEST_CASE(forms_that_are_not_understood) {
  const auto shape_without = [](Form unknown, const std::string& media) {
    ShapeRules rules;
    std::erase(rules.understood, unknown);
    return classify(sdp::parse_session("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n" + media).value(),
                    rules);
  };
  const std::string secure = "m=audio 1 RTP/SAVP 0\r\n" + crypto, plain = "m=audio 2 RTP/AVP 0\r\n";
  check(shape_without(Form::two_sections, secure + plain), {OfferShape::srtp_only, Form::savp, 0, {}});
  check(shape_without(Form::two_sections, plain + secure), {OfferShape::rtp_only, Form::avp, {}, 0});
  check(shape_without(Form::avp_with_crypto, plain + crypto), {OfferShape::rtp_only, Form::avp, {}, 0});
  check(shape_without(Form::avp_with_encryption, plain + crypto + "a=encryption:optional\r\n"),
        {OfferShape::srtp_and_rtp, Form::avp_with_crypto, 0, 0});
  for (const Form form : choice_forms()) BOOST_TEST((find_choice_form(name(form)) == form));
  BOOST_TEST(!find_choice_form("savp"));
}

BOOST_AUTO_TEST_CASE(nothing_to_classify) {
  BOOST_TEST(!shape_of(""));
  BOOST_TEST(!shape_of("m=audio 0 RTP/AVP 0\r\n"));
  BOOST_TEST(!shape_of("m=audio 1 RTP/SAVP 0\r\n"));
  BOOST_TEST(!shape_of("m=image 1 udptl t38\r\n"));
  BOOST_TEST(!shape_of("m=audio 1 UDP/TLS/RTP/SAVPF 0\r\n" + crypto));
}

// RFC 5763 §6.11, in the manner of RFC 5939 §4.2.
BOOST_AUTO_TEST_CASE(configurations_over_dtls) {
  const sdp::Session offer =
      sdp::parse_session("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                         "a=acap:1 setup:actpass\r\na=acap:2 fingerprint:SHA-1 "
                         "4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB\r\n"
                         "a=tcap:1 UDP/TLS/RTP/SAVP RTP/SAVP\r\n"
                         "m=audio 59000 RTP/AVP 0\r\n"
                         "a=acap:3 crypto:1 AES_CM_128_HMAC_SHA1_32 "
                         "inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj\r\n"
                         "a=pcfg:1 t=1 a=1,2\r\na=pcfg:2 t=2 a=3\r\na=pcfg:3 t=1 a=1\r\n")
          .value();
  const ShapeInfo info = classify(offer).value();
  BOOST_TEST((info.shape == OfferShape::srtp_and_rtp));
  BOOST_TEST((info.form == Form::capability_negotiation));
  const std::vector<ShapeInfo> readings = readings_of(info); // the third has no fingerprint
  BOOST_REQUIRE(readings.size() == 2u);
  BOOST_TEST((is_dtls_configuration(readings[0]) && readings[0].dtls_section == 0u));
  BOOST_TEST((!is_dtls_configuration(readings[1]) && !readings[1].dtls_section));
  const sdp::Session over_dtls = offer_as_taken(offer, readings[0], true);
  BOOST_TEST(over_dtls.media[0].protocol == "UDP/TLS/RTP/SAVP");
  BOOST_TEST(*over_dtls.attributes.value("setup") == "actpass");
  BOOST_TEST(offer_as_taken(offer, readings[1], true).media[0].protocol == "RTP/SAVP");
}

BOOST_AUTO_TEST_SUITE_END()
