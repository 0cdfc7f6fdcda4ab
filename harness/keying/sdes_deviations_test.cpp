// Each deviation of SDES shows in the lines, in the keys, or in what is taken as an answer.
#include "keying/sdes.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::keying;
using rtp::SrtpSuite;

namespace {

constexpr SrtpSuite suites[] = {SrtpSuite::aes_256_cm_hmac_sha1_80, SrtpSuite::aes_cm_128_hmac_sha1_80};

SdesSettings with(bool SdesDeviations::*field) {
  SdesSettings settings;
  settings.deviations.*field = true;
  return settings;
}

std::vector<std::string> offered(const SdesSettings& settings) {
  SeededRandom random(1);
  std::vector<std::string> out;
  for (const auto& line : make_offer(suites, random, settings)) out.push_back(to_string(line));
  return out;
}

// The lines of an answer to an honest offer with tags 5 and 6.
std::vector<sdp::Crypto> answered(const SdesSettings& settings,
                                  std::vector<sdp::Crypto>* offer_out = nullptr) {
  SeededRandom random(2);
  SdesSettings offerer;
  offerer.style.first_tag = 5;
  const auto offer = make_offer(suites, random, offerer);
  if (offer_out != nullptr) *offer_out = offer;
  const auto made = answer(offer, suites, random, settings);
  BOOST_REQUIRE(made);
  return written_lines(*made, offer, settings, random);
}

sdp::Media section(const std::vector<std::string>& lines) {
  sdp::Media media;
  for (const std::string& each : lines) media.attributes.add("crypto", each);
  return media;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sdes_deviations)

BOOST_AUTO_TEST_CASE(offers) {
  const auto honest = offered({});
  BOOST_REQUIRE(honest.size() == 2u);
  BOOST_TEST(honest[0].starts_with("1 AES_256_CM_HMAC_SHA1_80 inline:"));
  BOOST_TEST(honest[0].ends_with("=="));
  BOOST_TEST(offered(with(&SdesDeviations::tags_repeated))[1].starts_with("1 AES_CM_128"));
  BOOST_TEST(offered(with(&SdesDeviations::suite_misspelled))[0].starts_with("1 AES_CM_256_HMAC_SHA1_80 "));
  BOOST_TEST(!offered(with(&SdesDeviations::padding_left_out))[0].ends_with("="));
  BOOST_TEST(offered(with(&SdesDeviations::unknown_parameter_written))[0].ends_with(" SIPVET_UNKNOWN=1"));
  BOOST_TEST(!sdp::parse_crypto(offered(with(&SdesDeviations::key_not_base64))[0]));
  for (const auto field : {&SdesDeviations::key_too_short, &SdesDeviations::key_too_long}) {
    const auto line = sdp::parse_crypto(offered(with(field))[1]);
    BOOST_REQUIRE(line);
    BOOST_TEST(!key_of(*line));
  }
}

BOOST_AUTO_TEST_CASE(answers) {
  BOOST_REQUIRE(answered({}).size() == 1u);
  BOOST_TEST(answered({})[0].tag == 5u);
  BOOST_TEST(answered(with(&SdesDeviations::tag_renumbered))[0].tag == 1u);
  BOOST_TEST(answered(with(&SdesDeviations::tag_not_offered))[0].tag == 7u);
  BOOST_TEST(answered(with(&SdesDeviations::several_lines_answered)).size() == 2u);
  BOOST_TEST(answered(with(&SdesDeviations::answer_without_key)).empty());
  BOOST_TEST(answered(with(&SdesDeviations::parameter_added))[0].parameters.size() == 1u);
}

// RFC 4568 §5.1.2: negotiated session parameters are answered as they were offered.
BOOST_AUTO_TEST_CASE(negotiated_parameters) {
  SeededRandom random(3);
  SdesSettings settings;
  settings.style.parameters = {{"UNENCRYPTED_SRTCP", std::nullopt}, {"KDR", "4"}, {"-NEW", "1"}};
  settings.accepted_parameters = {"UNENCRYPTED_SRTCP", "KDR"};
  const auto offer = make_offer(suites, random, settings);
  SdesSettings answerer = settings;
  answerer.style.parameters.clear();
  const auto made = answer(offer, suites, random, answerer);
  BOOST_REQUIRE(made);
  BOOST_REQUIRE(made->crypto.parameters.size() == 1u);
  BOOST_TEST(made->crypto.parameters[0].name == "UNENCRYPTED_SRTCP");
  BOOST_TEST(!made->keys.local.options.encrypt_rtcp);
  BOOST_TEST(made->keys.local.options.key_derivation_rate == 0u); // each declares its own
  BOOST_TEST(made->keys.remote.options.key_derivation_rate == 16u);
  const auto completed = complete(offer, made->crypto, {});
  BOOST_REQUIRE(completed);
  BOOST_TEST((completed->local == made->keys.remote));
  BOOST_TEST((completed->remote == made->keys.local));

  answerer.deviations.parameters_not_answered = true;
  const auto bare = written_lines(*made, offer, answerer, random);
  const auto why = complete(offer, bare.front());
  BOOST_REQUIRE(!why);
  BOOST_TEST(why.error().what.find("lacks session parameter UNENCRYPTED_SRTCP") != std::string::npos);
  BOOST_TEST(
      complete(offer, bare.front(), with(&SdesDeviations::answered_parameters_not_checked)).has_value());

  const auto plain = make_offer(suites, random);
  auto added = *answer(plain, suites, random);
  added.crypto.parameters.push_back({"UNENCRYPTED_SRTCP", std::nullopt});
  BOOST_TEST(complete(plain, added.crypto).error().what.find("was not offered") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_taken_as_an_answer) {
  std::vector<sdp::Crypto> offer;
  const auto good = answered({}, &offer).front();
  const auto taken = [&](sdp::Crypto line, const SdesSettings& settings) {
    return complete(offer, line, settings).has_value();
  };
  sdp::Crypto other_tag = good, other_suite = good;
  other_tag.tag = 1;
  other_suite.tag = 6;
  BOOST_TEST(taken(good, {}));
  BOOST_TEST(!taken(other_tag, {}));
  BOOST_TEST(taken(other_tag, with(&SdesDeviations::answered_tag_not_checked)));
  BOOST_TEST(!taken(other_suite, {}));
  BOOST_TEST(taken(other_suite, with(&SdesDeviations::answered_suite_not_checked)));
  const auto two = section({to_string(good), to_string(other_tag)});
  BOOST_TEST(!complete_section(offer, two));
  BOOST_TEST(
      complete_section(offer, two, with(&SdesDeviations::several_answered_lines_accepted)).has_value());
}

BOOST_AUTO_TEST_CASE(what_becomes_of_the_media) {
  SeededRandom random(4);
  SdesSettings style;
  style.style.keys = 2;
  style.style.mki_octets = 4;
  style.style.lifetime = sdp::Lifetime{1000, false};
  const auto keys = [&](bool SdesDeviations::*field) {
    SdesSettings settings = style;
    if (field != nullptr) settings.deviations.*field = true;
    return answer(make_offer(suites, random, style), suites, random, settings)->keys;
  };
  const auto honest = keys(nullptr);
  BOOST_TEST(honest.local.keys.size() == 2u);
  BOOST_TEST(honest.remote.keys.at(1).mki.size() == 4u);
  BOOST_TEST(honest.local.keys.at(0).lifetime_packets.value() == 1000u);
  BOOST_TEST(keys(&SdesDeviations::mki_not_sent).local.first_key().mki.empty());
  BOOST_TEST(keys(&SdesDeviations::mki_not_expected).remote.keys.size() == 1u);
  const auto endless = keys(&SdesDeviations::lifetime_ignored);
  BOOST_TEST(!endless.local.first_key().lifetime_packets);
  BOOST_TEST(!endless.remote.first_key().lifetime_packets);
}

BOOST_AUTO_TEST_CASE(which_lines_decide) {
  SeededRandom random(5);
  const std::string good = to_string(make_crypto(2, SrtpSuite::aes_cm_128_hmac_sha1_80, random));
  const std::string again = to_string(make_crypto(2, SrtpSuite::aes_cm_128_hmac_sha1_80, random));
  const auto takes = [&](const std::vector<std::string>& lines, bool SdesDeviations::*field) {
    return answer_section(section(lines), suites, random, field == nullptr ? SdesSettings{} : with(field));
  };
  const std::string unknown = "1 NOBODY_KNOWS inline:AAAA";
  BOOST_TEST(takes({unknown, good}, nullptr).has_value());
  BOOST_TEST(!takes({unknown, good}, &SdesDeviations::first_line_decides));
  BOOST_TEST(takes({"1 broken", good}, nullptr).has_value());
  BOOST_TEST(!takes({"1 broken", good}, &SdesDeviations::one_bad_line_spoils_all));
  const auto repeated = takes({good, again}, nullptr);
  BOOST_REQUIRE(!repeated);
  BOOST_TEST(repeated.error().what.find("the same tag") != std::string::npos);
  BOOST_TEST(takes({good, again}, &SdesDeviations::repeated_tags_accepted).has_value());
}

// A line that cannot be read is named by its place in the description.
BOOST_AUTO_TEST_CASE(where_a_line_is_wrong) {
  const auto session = sdp::parse_session("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"
                                          "m=audio 4000 RTP/SAVP 0\r\n"
                                          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AA*A\r\n");
  BOOST_REQUIRE(session);
  SeededRandom random(1);
  const auto made = answer_section(session->media[0], suites, random);
  BOOST_REQUIRE(!made);
  BOOST_TEST(made.error().what.find("line 6, column 45: key is not base64") != std::string::npos,
             made.error().what);
}

BOOST_AUTO_TEST_CASE(a_key_is_kept_where_the_offerer_keeps_its_own) {
  SeededRandom random(6);
  SdesSettings settings;
  settings.style.mki_octets = 1;
  settings.style.lifetime = sdp::Lifetime{1000, false};
  const auto offer = make_offer(suites, random, settings);
  const auto first = *answer(offer, suites, random, settings);
  auto second = *answer(offer, suites, random, settings);
  BOOST_TEST(!(second.keys.local == first.keys.local));
  BOOST_TEST(keep_local_key(second, first.keys));
  BOOST_TEST((second.keys == first.keys));
  BOOST_TEST(to_string(second.crypto) == to_string(first.crypto));
  auto rekeyed = *answer(make_offer(suites, random, settings), suites, random, settings);
  BOOST_TEST(!keep_local_key(rekeyed, first.keys));
}

BOOST_AUTO_TEST_SUITE_END()
