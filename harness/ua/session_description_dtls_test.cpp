#include "keying/sdes.hpp"
#include "ua/dtls_settings.hpp"
#include "ua/session_description.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using keying::Form;
using keying::OfferShape;
using keying::Setup;

namespace {

SeededRandom random_source(3);
const std::vector<rtp::SrtpSuite> suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80};

keying::DtlsDescription description(Setup setup) {
  return {{keying::fingerprint_of("sha-256", Bytes{1, 2, 3}).value()}, setup, "0123456789abcdef0123", false};
}

sdp::Session offer(OfferShape shape, Form form, bool sdes, bool dtls_first = true) {
  MediaPlan made;
  made.address = IpAddress::v4(192, 0, 2, 1);
  made.rtp_port = 4000;
  made.second_port = 4002;
  made.shape = shape;
  made.form = form;
  if (sdes) made.crypto = keying::make_offer(suites, random_source);
  made.dtls = description(Setup::actpass);
  made.dtls_first = dtls_first;
  return sdp::parse_session(sdp::serialize(make_offer(made))).value();
}

AnswerPlan answer_plan(std::size_t section) {
  AnswerPlan made;
  made.address = IpAddress::v4(192, 0, 2, 2);
  made.rtp_port = 6000;
  made.section = section;
  made.dtls = description(Setup::active);
  return made;
}

std::string protocols(const sdp::Session& session) {
  std::string text;
  for (const sdp::Media& media : session.media) text += (text.empty() ? "" : " ") + media.protocol;
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(session_description_dtls)

BOOST_AUTO_TEST_CASE(an_offer_has_a_section_for_each_way_to_make_keys) {
  const auto text = [](OfferShape shape, Form form, bool sdes, bool dtls_first = true) {
    return protocols(offer(shape, form, sdes, dtls_first));
  };
  BOOST_TEST(text(OfferShape::srtp_only, Form::two_sections, false) == "UDP/TLS/RTP/SAVP");
  BOOST_TEST(text(OfferShape::srtp_only, Form::two_sections, true) == "UDP/TLS/RTP/SAVP RTP/SAVP");
  BOOST_TEST(text(OfferShape::srtp_only, Form::two_sections, true, false) == "RTP/SAVP UDP/TLS/RTP/SAVP");
  BOOST_TEST(text(OfferShape::srtp_and_rtp, Form::two_sections, true) == "UDP/TLS/RTP/SAVP RTP/SAVP RTP/AVP");
  BOOST_TEST(text(OfferShape::srtp_and_rtp, Form::avp_with_crypto, true) == "RTP/AVP");
  const sdp::Session together = offer(OfferShape::srtp_and_rtp, Form::avp_with_crypto, true);
  for (const char* name : {"crypto", "fingerprint", "setup", "tls-id"})
    BOOST_TEST(together.media.front().attributes.value(name).has_value());
}

BOOST_AUTO_TEST_CASE(the_shape_of_an_offer_says_where_its_fingerprint_is) {
  const auto info = [](OfferShape shape, Form form, bool sdes) {
    return keying::classify(offer(shape, form, sdes)).value();
  };
  const auto only = info(OfferShape::srtp_only, Form::two_sections, false);
  BOOST_TEST((only.shape == OfferShape::srtp_only && only.dtls_section == 0u && !only.srtp_section));
  const auto both = info(OfferShape::srtp_only, Form::two_sections, true);
  BOOST_TEST((both.shape == OfferShape::srtp_only && both.dtls_section == 0u && both.srtp_section == 1u));
  const auto three = info(OfferShape::srtp_and_rtp, Form::two_sections, true);
  BOOST_TEST((three.shape == OfferShape::srtp_and_rtp && three.form == Form::two_sections));
  BOOST_TEST((three.dtls_section == 0u && three.srtp_section == 1u && three.rtp_section == 2u));
  for (const bool sdes : {true, false}) {
    const auto one = info(OfferShape::srtp_and_rtp, Form::avp_with_crypto, sdes);
    BOOST_TEST((one.shape == OfferShape::srtp_and_rtp && one.form == Form::avp_with_crypto));
    BOOST_TEST((one.dtls_section == 0u && one.rtp_section == 0u && one.srtp_section.has_value() == sdes));
  }
  sdp::Session old = offer(OfferShape::srtp_only, Form::two_sections, false);
  old.media.front().protocol = "RTP/SAVPF"; // browsers before RFC 5764's names were settled
  BOOST_TEST((keying::classify(old).value().dtls_section == 0u));
  old.media.front().protocol = "UDP/TLS/RTP/SAVP";
  old.media.front().attributes.remove("fingerprint");
  BOOST_TEST(!keying::classify(old)); // nobody could be sure who is at the other end
}

BOOST_AUTO_TEST_CASE(both_sides_agree_on_the_handshake) {
  for (const Form form : {Form::two_sections, Form::avp_with_crypto}) {
    const sdp::Session offered = offer(OfferShape::srtp_and_rtp, form, true);
    const sdp::Session answer = make_answer(offered, answer_plan(0)).value();
    const auto mine = description(Setup::actpass);
    const AgreedMedia offerer = read_answer(offered, answer, mine).value();
    const AgreedMedia answerer = agreed_as_answerer(offered, answer, {}, description(Setup::active)).value();
    BOOST_TEST((offerer.srtp() && answerer.srtp() && !offerer.keys && !answerer.keys));
    BOOST_TEST((offerer.dtls.value().role == keying::DtlsRole::server));
    BOOST_TEST((answerer.dtls.value().role == keying::DtlsRole::client));
    BOOST_TEST((offerer.section == 0 && answerer.section == 0));
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_fit_is_refused_with_a_reason) {
  const sdp::Session offered = offer(OfferShape::srtp_only, Form::two_sections, false);
  const auto mine = description(Setup::actpass);
  const auto problem = [&](const AnswerPlan& plan) {
    const auto read = read_answer(offered, make_answer(offered, plan).value(), mine);
    return read ? std::string() : read.error().what;
  };
  AnswerPlan bare = answer_plan(0);
  bare.dtls->fingerprints.clear();
  BOOST_TEST(problem(bare) == "expected a=fingerprint with UDP/TLS/RTP/SAVP (RFC 5763 §5)");
  AnswerPlan both = answer_plan(0);
  both.dtls->setup = Setup::actpass;
  BOOST_TEST(problem(both).starts_with("a=setup:actpass is no answer to a=setup:actpass"));
  AnswerPlan held = answer_plan(0);
  held.dtls->setup = Setup::holdconn;
  BOOST_TEST(problem(held).find("holdconn") != std::string::npos);
  sdp::Session unasked = offer(OfferShape::srtp_only, Form::two_sections, true);
  AnswerPlan sdes = answer_plan(1);
  sdes.dtls.reset();
  BOOST_TEST(read_answer(unasked, make_answer(unasked, sdes).value(), mine).error().what.find("crypto") !=
             std::string::npos);
}

// RFC 8842 §5.3: the roles of an association stay while it goes on.
BOOST_AUTO_TEST_CASE(a_later_answer_keeps_the_role) {
  const DtlsIdentity identity = make_dtls_identity(random_source, Instant{}).value();
  DtlsSettings passive;
  passive.answer_setup = Setup::passive;
  DtlsLeg leg;
  const auto offered = description(Setup::actpass);
  const OwnDtls first = answer_dtls(passive, identity, leg, offered, random_source);
  BOOST_TEST((first.written.setup == Setup::passive && first.written == first.honest));
  BOOST_TEST(first.written.tls_id.size() >= 20u);
  leg.agreed = keying::agree_as_answerer(offered, first.honest).value();
  leg.agreed->role = keying::DtlsRole::client; // as if it had been so
  const OwnDtls later = answer_dtls(passive, identity, leg, offered, random_source);
  BOOST_TEST((later.written.setup == Setup::active));
  BOOST_TEST(later.written.tls_id == first.written.tls_id);
  auto old_peer = offered;
  old_peer.tls_id.clear();
  DtlsLeg other;
  BOOST_TEST(answer_dtls(passive, identity, other, old_peer, random_source).written.tls_id == "");
}

BOOST_AUTO_TEST_CASE(what_is_written_may_deviate_and_what_is_meant_does_not) {
  const DtlsIdentity identity = make_dtls_identity(random_source, Instant{}).value();
  DtlsSettings settings;
  settings.hashes = {"sha-256", "sha-1"};
  DtlsLeg leg;
  settings.deviations.no_fingerprint = true;
  OwnDtls own = offer_dtls(settings, identity, leg, random_source);
  BOOST_TEST((own.written.fingerprints.empty() && own.honest.fingerprints.size() == 2));
  settings.deviations = {};
  settings.deviations.wrong_fingerprint = true;
  own = offer_dtls(settings, identity, leg, random_source);
  BOOST_TEST(!keying::fingerprint_mismatch(own.honest.fingerprints, identity.certificate_der));
  BOOST_TEST(keying::fingerprint_mismatch(own.written.fingerprints, identity.certificate_der).has_value());
  settings.deviations = {};
  settings.deviations.same_setup = true;
  own = answer_dtls(settings, identity, leg, description(Setup::passive), random_source);
  BOOST_TEST((own.written.setup == Setup::passive && own.honest.setup == Setup::active));
}

BOOST_AUTO_TEST_SUITE_END()
