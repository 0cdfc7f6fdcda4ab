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

BOOST_AUTO_TEST_CASE(nothing_to_classify) {
  BOOST_TEST(!shape_of(""));
  BOOST_TEST(!shape_of("m=audio 0 RTP/AVP 0\r\n"));
  BOOST_TEST(!shape_of("m=audio 1 RTP/SAVP 0\r\n"));
  BOOST_TEST(!shape_of("m=image 1 udptl t38\r\n"));
  BOOST_TEST(!shape_of("m=audio 1 UDP/TLS/RTP/SAVPF 0\r\n" + crypto));
}

BOOST_AUTO_TEST_SUITE_END()
