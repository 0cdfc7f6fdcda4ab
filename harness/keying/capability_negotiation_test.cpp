#include "keying/capability_negotiation.hpp"
#include "keying/offer_shape.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::keying;

namespace {

const std::string start = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
const std::string key = "crypto:1 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj";

sdp::Session parsed(const std::string& lines) { return sdp::parse_session(start + lines).value(); }

// Best-effort SRTP as RFC 5939 §4.3 writes it.
const std::string best_effort =
    "m=audio 53456 RTP/AVP 0 18\r\na=tcap:1 RTP/SAVP\r\na=acap:1 " + key + "\r\na=pcfg:1 t=1 a=1\r\n";

std::vector<std::string> protocols(const sdp::Session& session) {
  std::vector<std::string> out;
  for (const auto& each : potential_sections(session, 0).sections) out.push_back(each.media.protocol);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(capability_negotiation)

// RFC 5939 §3.6.2: who cannot take the first may take the next.
BOOST_AUTO_TEST_CASE(all_secure_configurations_are_there_in_their_order) {
  const sdp::Session offer = parsed(
      "m=audio 53456 RTP/AVP 0 18\r\na=tcap:1 RTP/SAVP RTP/AVPF\r\na=acap:1 " + key +
      "\r\na=acap:2 key-mgmt:mikey AAEC\r\na=pcfg:9 t=1 a=1\r\na=pcfg:2 t=2 a=1\r\na=pcfg:1 t=1 a=2\r\n");
  const ShapeInfo info = classify(offer).value();
  BOOST_TEST((info.form == Form::capability_negotiation));
  BOOST_REQUIRE(info.configuration.has_value());
  BOOST_TEST(info.configuration->chosen.number == 1u);
  BOOST_REQUIRE(info.further.size() == 1u); // RTP/AVPF is not secure
  BOOST_TEST(info.further.front().chosen.number == 9u);
}

BOOST_AUTO_TEST_CASE(best_effort_srtp) {
  const sdp::Session offer = parsed(best_effort);
  const auto potential = potential_sections(offer, 0);
  BOOST_REQUIRE(potential.sections.size() == 1u);
  BOOST_TEST(potential.passed_over.empty());
  const sdp::Media& media = potential.sections[0].media;
  BOOST_TEST(media.protocol == "RTP/SAVP");
  BOOST_TEST(media.port == 53456);
  BOOST_TEST(media.attributes.size() == 1u);
  BOOST_TEST("crypto:" + std::string(*media.attributes.value("crypto")) == key);
  BOOST_TEST(to_string(potential.sections[0].chosen) == "1 t=1 a=1");
}

// RFC 5939 §3.5.1: lower numbers first, alternatives in their order; attributes may be deleted.
BOOST_AUTO_TEST_CASE(order_and_deletion) {
  const sdp::Session offer =
      parsed("a=tcap:1 RTP/SAVP RTP/SAVPF\r\nm=audio 1 RTP/AVP 0\r\na=ptime:20\r\na=tcap:3 RTP/AVPF\r\n"
             "a=acap:1 " +
             key + "\r\na=pcfg:9 t=3 a=-m\r\na=pcfg:2 t=2|1 a=1,[7]\r\n");
  BOOST_TEST(protocols(offer) == (std::vector<std::string>{"RTP/SAVPF", "RTP/SAVP", "RTP/AVPF"}),
             boost::test_tools::per_element());
  const auto sections = potential_sections(offer, 0).sections;
  BOOST_TEST(sections[0].media.attributes.value("ptime").has_value());
  BOOST_TEST(!sections[2].media.attributes.value("ptime").has_value());
  BOOST_TEST(to_string(sections[1].chosen) == "2 t=1 a=1"); // there is no 7
}

// RFC 5939 §3.5.1, §3.6.2: what is mandatory has to be understood; what is optional is left out one by one.
BOOST_AUTO_TEST_CASE(attributes_that_are_not_known) {
  const std::string m = "m=audio 1 RTP/AVP 0\r\na=tcap:1 RTP/SAVP\r\na=acap:1 " + key +
                        "\r\na=acap:2 x-strange:1\r\na=acap:3 ptime:30\r\n";
  const sdp::Session mandatory = parsed(m + "a=pcfg:1 t=1 a=1,2\r\na=pcfg:2 t=1 a=1\r\n");
  const auto one = potential_sections(mandatory, 0);
  BOOST_REQUIRE(one.sections.size() == 1u);
  BOOST_TEST(one.sections[0].chosen.number == 2u);
  BOOST_REQUIRE(one.passed_over.size() == 1u);
  BOOST_TEST(one.passed_over[0] ==
             "configuration 1: attribute x-strange is not known here (RFC 5939 §3.6.2)");
  BOOST_TEST(potential_sections(mandatory, 0, {.unknown_taken = true}).sections.size() == 2u);
  const auto optional = potential_sections(parsed(m + "a=pcfg:1 t=1 a=1,[2,9,3]\r\n"), 0);
  BOOST_REQUIRE(optional.sections.size() == 1u);
  BOOST_TEST(to_string(optional.sections[0].chosen) == "1 t=1 a=1,[3]");
  BOOST_TEST(*optional.sections[0].media.attributes.value("ptime") == "30");
  BOOST_TEST(!optional.sections[0].media.attributes.value("x-strange"));
}

// RFC 5939 §3.4.1, §3.5.1: capabilities of the session are attributes of the session, and -s takes those
// away.
BOOST_AUTO_TEST_CASE(attributes_of_the_session) {
  const std::string lines = "a=inactive\r\na=acap:5 recvonly\r\na=acap:6 " + key +
                            "\r\na=acap:7 key-mgmt:mikey AAEC\r\n"
                            "m=audio 1 RTP/AVP 0\r\na=ptime:20\r\na=tcap:1 RTP/SAVP\r\n";
  struct Row {
    std::string configuration, direction;
    bool ptime;
  };
  for (const auto& [configuration, direction, ptime] :
       {Row{"a=6", "inactive", true}, Row{"a=-s:6", "sendrecv", true}, Row{"a=-ms:6,5", "recvonly", false},
        Row{"a=-m:6", "inactive", false}, Row{"a=-s:7", "sendrecv", true}}) {
    BOOST_TEST_CONTEXT(configuration) {
      const sdp::Session offer = parsed(lines + "a=pcfg:1 t=1 " + configuration + "\r\n");
      const ShapeInfo info = classify(offer).value();
      BOOST_REQUIRE((info.form == Form::capability_negotiation));
      const sdp::Session taken = offer_as_taken(offer, info, true);
      BOOST_TEST(sdp::direction(taken, taken.media[0]) == direction);
      BOOST_TEST(taken.media[0].attributes.value("ptime").has_value() == ptime);
      const bool crypto = configuration.find('7') == std::string::npos;
      BOOST_TEST(taken.media[0].attributes.value("crypto").has_value() == crypto);
      BOOST_TEST(taken.attributes.value("key-mgmt").has_value() != crypto);
      BOOST_TEST(!taken.attributes.value("acap"));
      BOOST_TEST(*answer_attributes(info, true).value("acfg") == "1 t=1 " + configuration);
      BOOST_TEST(sdp::direction(offer_as_taken(offer, info, false), offer.media[0]) == "inactive");
      const auto answered = offer_as_configured(
          offer, parsed("m=audio 1 RTP/SAVP 0\r\na=acfg:1 t=1 " + configuration + "\r\n"));
      BOOST_TEST(sdp::direction(answered.value(), answered->media[0]) == direction);
    }
  }
}

// A few kilobytes ask for a hundred million.
BOOST_AUTO_TEST_CASE(alternatives_are_bounded) {
  std::string many = "1";
  for (int n = 0; n < 10'000; ++n) many += "|1";
  const sdp::Session offer = parsed("m=audio 1 RTP/AVP 0\r\na=tcap:1 RTP/SAVP\r\na=acap:1 " + key +
                                    "\r\na=pcfg:1 t=" + many + " a=" + many + "\r\n");
  BOOST_TEST(potential_sections(offer, 0).sections.size() == 100u);
  std::string lines;
  for (int n = 1; n < 1000; ++n) lines += "a=pcfg:" + std::to_string(n) + " t=9\r\n";
  BOOST_TEST(potential_sections(parsed("m=audio 1 RTP/AVP 0\r\n" + lines), 0).passed_over.size() == 100u);
}

BOOST_AUTO_TEST_CASE(numbers_that_are_there_twice) {
  const auto potential =
      potential_sections(parsed("m=audio 1 RTP/AVP 0\r\na=tcap:1 RTP/SAVP\r\na=tcap:1 RTP/AVPF\r\na=acap:1 " +
                                key + "\r\na=acap:1 ptime:30\r\na=pcfg:1 t=1 a=1\r\n"),
                         0);
  BOOST_REQUIRE(potential.sections.size() == 1u);
  BOOST_TEST(potential.sections[0].media.attributes.value("crypto").has_value());
  BOOST_TEST(potential.passed_over ==
                 (std::vector<std::string>{"a=acap: number 1 is there twice, and the first counts",
                                           "a=tcap: number 1 is there twice, and the first counts"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_taken) {
  const std::string m = "m=audio 1 RTP/AVP 0\r\na=tcap:1 RTP/SAVP\r\na=acap:1 " + key + "\r\n";
  for (const std::string lines : {"a=pcfg:1 t=2 a=1\r\n", "a=pcfg:1 t=1 a=2\r\n", "a=pcfg:1 t=1 a=1 +x=1\r\n",
                                  "a=pcfg:x\r\n", "a=pcfg:1 t=1 a=1\r\na=creq:cap-v0,med-v0\r\n"}) {
    BOOST_TEST_CONTEXT(lines) {
      const auto potential = potential_sections(parsed(m + lines), 0);
      BOOST_TEST(potential.sections.empty());
      BOOST_TEST(potential.passed_over.size() == 1u);
    }
  }
  const sdp::Session required = parsed(m + "a=pcfg:1 t=1 a=1 x=1\r\na=creq:cap-v0\r\n");
  BOOST_TEST(potential_sections(required, 0).sections.size() == 1u);
  const sdp::Session unknown = parsed(m + "a=pcfg:1 t=1 a=1\r\na=creq:med-v0\r\n");
  BOOST_TEST(potential_sections(unknown, 0, {.required_ignored = true}).sections.size() == 1u);
  const sdp::Session broken = parsed("a=tcap:x\r\na=acap:y\r\n" + m + "a=pcfg:1 t=1 a=1\r\n");
  BOOST_TEST(potential_sections(broken, 0).sections.size() == 1u);
  BOOST_TEST(potential_sections(broken, 0).passed_over.size() == 2u);
}

BOOST_AUTO_TEST_CASE(offers_made_here) {
  sdp::Session offer = parsed("m=audio 4000 RTP/AVP 0\r\n");
  sdp::AttributeList keys;
  keys.add("crypto", "1 S inline:AAAA");
  keys.add("crypto", "2 S inline:AAAB");
  offer_configuration(offer.media[0], "RTP/SAVP", keys);
  const auto potential = potential_sections(parsed(sdp::serialize(offer).substr(start.size())), 0);
  BOOST_REQUIRE(potential.sections.size() == 1u);
  BOOST_TEST(potential.sections[0].media.protocol == "RTP/SAVP");
  BOOST_TEST(potential.sections[0].media.attributes.values("crypto").size() == 2u);
  BOOST_TEST(to_string(potential.sections[0].chosen) == "1 t=1 a=1,2");
}

BOOST_AUTO_TEST_CASE(answers_name_the_configuration) {
  const sdp::Session offer = parsed(best_effort);
  const auto taken =
      offer_as_configured(offer, parsed("m=audio 54568 RTP/SAVP 0\r\na=" + key + "\r\na=acfg:1 t=1 a=1\r\n"));
  BOOST_REQUIRE(taken);
  BOOST_TEST(taken->media[0].protocol == "RTP/SAVP");
  BOOST_TEST(offer_as_configured(offer, parsed("m=audio 1 RTP/AVP 0\r\n"))->media[0].protocol == "RTP/AVP");
  for (const std::string other : {"a=acfg:2 t=1 a=1\r\n", "a=acfg:1 t=1\r\n", "a=acfg:x\r\n"})
    BOOST_TEST(!offer_as_configured(offer, parsed("m=audio 1 RTP/SAVP 0\r\n" + other)));
}

// The form is one of those that leave a choice, and the answer carries what the form asks for.
BOOST_AUTO_TEST_CASE(as_a_form) {
  const sdp::Session offer = parsed(best_effort);
  const auto info = classify(offer);
  BOOST_REQUIRE(info);
  BOOST_TEST((info->shape == OfferShape::srtp_and_rtp));
  BOOST_TEST((info->form == Form::capability_negotiation));
  BOOST_TEST(offer_as_taken(offer, *info, true).media[0].protocol == "RTP/SAVP");
  BOOST_TEST(offer_as_taken(offer, *info, false).media[0].protocol == "RTP/AVP");
  BOOST_TEST(*answer_attributes(*info, true).value("acfg") == "1 t=1 a=1");
  BOOST_TEST(answer_attributes(*info, false).empty());
  SdesDeviations deviant;
  deviant.configuration_not_answered = true;
  BOOST_TEST(answer_attributes(*info, true, deviant).empty());
  const auto deaf = classify(offer, {{Form::two_sections}, {}});
  BOOST_TEST((deaf->shape == OfferShape::rtp_only));
}

BOOST_AUTO_TEST_SUITE_END()
