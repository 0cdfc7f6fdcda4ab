#include "gateway/negotiation.hpp"

#include "keying/sdes.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;
using keying::KeyExchange;
using keying::OfferShape;
using keying::Setup;

namespace {

struct Side {
  SeededRandom random{5};
  ua::DtlsIdentity identity = ua::make_dtls_identity(random, Instant(std::chrono::hours(500'000))).value();
  Config config;
  LocalMedia local;

  explicit Side(std::vector<KeyExchange> exchanges, SrtpMode mode = SrtpMode::always) {
    config.key_exchanges = std::move(exchanges);
    config.srtp_mode = mode;
    local.address = IpAddress::v4(192, 0, 2, 1);
    local.rtp_port = 4000;
    local.second_port = 4002;
    local.dtls_identity = &identity;
  }
  Offer offer() { return make_own_offer(config, local, random); }
  Answer answer(const sdp::Session& offer) { return answer_offer(config, offer, local, {}, random); }
};

std::string protocols(const sdp::Session& session) {
  std::string text;
  for (const sdp::Media& media : session.media) text += (text.empty() ? "" : " ") + media.protocol;
  return text;
}

constexpr auto sdes = KeyExchange::sdes, dtls = KeyExchange::dtls_srtp;

} // namespace

BOOST_AUTO_TEST_SUITE(negotiation_dtls)

BOOST_AUTO_TEST_CASE(offers_have_what_is_configured_in_its_order) {
  const auto text = [](std::vector<KeyExchange> exchanges, SrtpMode mode, bool feedback = false) {
    Side side(std::move(exchanges), mode);
    side.config.feedback_profile = feedback;
    return protocols(side.offer().sdp);
  };
  BOOST_TEST(text({dtls}, SrtpMode::always) == "UDP/TLS/RTP/SAVP");
  BOOST_TEST(text({dtls}, SrtpMode::always, true) == "UDP/TLS/RTP/SAVPF");
  BOOST_TEST(text({sdes, dtls}, SrtpMode::always) == "RTP/SAVP UDP/TLS/RTP/SAVP");
  BOOST_TEST(text({dtls, sdes}, SrtpMode::as_needed) == "UDP/TLS/RTP/SAVP RTP/SAVP RTP/AVP");
  BOOST_TEST(text({dtls}, SrtpMode::never) == "RTP/AVP");
}

BOOST_AUTO_TEST_CASE(the_first_configured_exchange_that_was_offered_is_answered) {
  for (const auto& [ours, theirs, wanted] :
       {std::tuple{std::vector{sdes, dtls}, std::vector{dtls, sdes}, sdes},
        std::tuple{std::vector{dtls, sdes}, std::vector{sdes, dtls}, dtls},
        std::tuple{std::vector{sdes, dtls}, std::vector{dtls}, dtls},
        std::tuple{std::vector{dtls, sdes}, std::vector{sdes}, sdes}}) {
    Side far(theirs), gateway(ours);
    const Offer offer = far.offer();
    const Answer answer = gateway.answer(offer.sdp);
    BOOST_REQUIRE(!answer.refusal);
    BOOST_TEST(answer.agreed.dtls.has_value() == (wanted == dtls));
    BOOST_TEST(answer.agreed.keys.has_value() == (wanted == sdes));
    const auto read = ua::read_answer(offer.sdp, answer.sdp, offer.dtls).value();
    BOOST_TEST(read.dtls.has_value() == (wanted == dtls));
    if (wanted == dtls) {
      BOOST_TEST((read.dtls->role == keying::other(answer.agreed.dtls->role)));
      BOOST_TEST((answer.agreed.dtls->role == keying::DtlsRole::client)); // active where it may choose
      BOOST_TEST(
          !keying::fingerprint_mismatch(read.dtls->remote_fingerprints, gateway.identity.certificate_der));
    }
  }
}

BOOST_AUTO_TEST_CASE(without_an_exchange_in_common_rtp_remains_where_both_allow_it) {
  Side far({dtls}, SrtpMode::as_needed), gateway({sdes}, SrtpMode::as_needed);
  const Answer plain = gateway.answer(far.offer().sdp);
  BOOST_REQUIRE(!plain.refusal);
  BOOST_TEST(!plain.agreed.srtp());
  gateway.config.srtp_mode = SrtpMode::always;
  const Answer refused = gateway.answer(far.offer().sdp);
  BOOST_REQUIRE(refused.refusal.has_value());
  BOOST_TEST(refused.refusal->status == 488);
  BOOST_TEST(refused.refusal->text == "no key exchange in common: the offer has DTLS-SRTP");
}

BOOST_AUTO_TEST_CASE(an_offer_that_holds_the_association_back_is_refused) {
  Side far({dtls}), gateway({dtls});
  far.config.dtls.offer_setup = Setup::holdconn;
  const Answer answer = gateway.answer(far.offer().sdp);
  BOOST_REQUIRE(answer.refusal.has_value());
  BOOST_TEST(answer.refusal->text.find("holdconn") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(attributes_that_cannot_be_read_are_refused_with_their_reason) {
  Side far({dtls}), gateway({dtls});
  sdp::Session offer = far.offer().sdp;
  offer.media.front().attributes.remove("setup");
  offer.media.front().attributes.add("setup", "first");
  const Answer answer = gateway.answer(offer);
  BOOST_REQUIRE(answer.refusal.has_value());
  BOOST_TEST(answer.refusal->text.find("a=setup") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
