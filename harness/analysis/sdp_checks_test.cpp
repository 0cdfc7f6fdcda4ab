#include "analysis/test_call.hpp"
#include "base/base64.hpp"
#include "keying/mikey.hpp"
#include "keying/mikey_attribute.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

constexpr std::string_view savp = "RTP/SAVP";
const auto key_a = test_key(1), key_b = test_key(101),
           key_32 = test_key(51, rtp::SrtpSuite::aes_cm_128_hmac_sha1_32);

Report negotiate(const std::string& offered, const std::string& answered) {
  TestCall call;
  call.invite(savp, offered);
  call.answer(savp, answered);
  return call.report();
}

std::vector<std::string> errors(const Report& report) {
  std::vector<std::string> ids;
  for (const auto& found : report.findings)
    if (found.severity == verdict::Severity::error) ids.push_back(found.id);
  return ids;
}

using Ids = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(sdp_checks)

BOOST_AUTO_TEST_CASE(an_answer_that_keeps_the_rules_is_no_finding) {
  const auto report =
      negotiate(crypto_line(1, key_a) + crypto_line(2, key_32), crypto_line(2, test_key(7, key_32.suite)));
  BOOST_TEST(errors(report) == Ids{}, boost::test_tools::per_element());
  BOOST_TEST(report.sip.dialogs[0].media[0].suite == "AES_CM_128_HMAC_SHA1_32");
  BOOST_TEST((report.sip.dialogs[0].media[0].offer.suites ==
              Ids{"AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"}));
}

BOOST_AUTO_TEST_CASE(answers_that_break_the_rules) {
  BOOST_TEST(errors(negotiate(crypto_line(1, key_a), crypto_line(3, key_b))) == Ids{"answer-tag-not-offered"},
             boost::test_tools::per_element());
  BOOST_TEST(errors(negotiate(crypto_line(1, key_a), crypto_line(1, key_32))) ==
                 Ids{"answer-suite-not-offered"},
             boost::test_tools::per_element());
  BOOST_TEST(errors(negotiate(crypto_line(1, key_a) + crypto_line(2, key_32), crypto_line(2, key_b))) ==
                 Ids{"answer-suite-not-offered"},
             boost::test_tools::per_element());
  BOOST_TEST(errors(negotiate(crypto_line(1, key_a), crypto_line(1, key_a))) == Ids{"srtp-key-reused"},
             boost::test_tools::per_element());
  BOOST_TEST(errors(negotiate(crypto_line(1, key_a), "")) == Ids{"answer-without-key"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keys_of_the_wrong_length_and_lines_that_cannot_be_read) {
  const std::string short_key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQ==\r\n";
  const auto report = negotiate(short_key, "");
  BOOST_TEST_REQUIRE(finding(report, "key-length-wrong") != nullptr);
  BOOST_TEST(finding(report, "key-length-wrong")->frame.value_or(0) == 1);
  BOOST_TEST(finding(negotiate("a=crypto:one\r\n", ""), "crypto-line-unreadable") != nullptr);
}

BOOST_AUTO_TEST_CASE(lines_that_cannot_be_used) {
  const std::string two = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + to_base64(Bytes(30, 1)) +
                          ";inline:" + to_base64(Bytes(30, 2)) + "\r\n";
  BOOST_TEST(finding(negotiate(two, ""), "crypto-line-unusable") != nullptr);
  BOOST_TEST(finding(negotiate(two, ""), "key-length-wrong") == nullptr);
  BOOST_TEST(finding(negotiate(crypto_line(1, key_a), crypto_line(1, key_b)), "crypto-line-unusable") ==
             nullptr);
}

BOOST_AUTO_TEST_CASE(session_parameters_of_an_answer) {
  const auto with = [](std::string line, const std::string& parameter) {
    return line.insert(line.size() - 2, " " + parameter);
  };
  const auto differ = [&](const std::string& offer, const std::string& answer) {
    return finding(negotiate(offer, answer), "answer-parameters-not-offered") != nullptr;
  };
  const auto a = crypto_line(1, key_a), b = crypto_line(1, key_b);
  BOOST_TEST(!differ(a, b));
  BOOST_TEST(!differ(a, with(b, "KDR=1")));
  BOOST_TEST(differ(a, with(b, "UNENCRYPTED_SRTCP")));
  BOOST_TEST(differ(with(a, "UNENCRYPTED_SRTCP"), b));
  BOOST_TEST(!differ(with(a, "UNENCRYPTED_SRTCP"), with(b, "UNENCRYPTED_SRTCP")));
}

BOOST_AUTO_TEST_CASE(lines_that_are_odd_and_can_be_read) {
  const std::string key(62, 'A');
  const auto draft = "a=crypto:1 AES_CM_256_HMAC_SHA1_80 inline:" + key + "\r\n";
  const auto report = negotiate(draft, "");
  BOOST_TEST(std::ranges::count(report.findings, "crypto-line-odd", &verdict::Finding::id) == 2);
  BOOST_TEST(finding(report, "key-length-wrong") == nullptr);
  BOOST_TEST(finding(negotiate("a=crypto:1 F8_128_HMAC_SHA1_80 inline:AAAA\r\n", ""), "key-length-wrong") ==
             nullptr);
  BOOST_TEST(finding(negotiate(crypto_line(1, key_a), crypto_line(1, key_b)), "crypto-line-odd") == nullptr);
}

BOOST_AUTO_TEST_CASE(keys_sent_in_the_clear_are_warned_of_once_for_each_description) {
  const auto report = negotiate(crypto_line(1, key_a), crypto_line(1, key_b));
  BOOST_TEST(std::ranges::count(report.findings, "key-over-plain-transport", &verdict::Finding::id) == 2);
}

BOOST_AUTO_TEST_CASE(a_mikey_exchange_is_checked_and_gives_the_keys) {
  SeededRandom random(4);
  keying::MikeyOfferPlan plan;
  plan.sessions = {{.policy_no = 0, .ssrc = 0xa11ce, .roc = 0}, {.policy_no = 0, .ssrc = 0, .roc = 0}};
  const auto psk = to_bytes("secret");
  const auto offer =
      keying::create_offer_psk(plan, psk, random, Instant{} + std::chrono::hours(24 * 365 * 50)).value();
  const auto answer = keying::create_answer_psk(offer, psk, 0xb0b).value();
  TestCall call;
  call.invite(savp, "a=key-mgmt:" + keying::mikey_attribute(offer.init.octets) + "\r\n");
  call.answer(savp, "a=key-mgmt:" + keying::mikey_attribute(answer) + "\r\n");
  call.media(call.alice, call.bob, protect(audio(call.alice, 10), offer.keys.sessions.at(0).key));
  call.media(call.bob, call.alice, protect(audio(call.bob, 10), offer.keys.sessions.at(1).key));

  Keys keys;
  keys.mikey_psks.push_back(to_bytes("wrong"));
  keys.mikey_psks.push_back(psk);
  const auto report = call.report(keys);
  BOOST_TEST_REQUIRE(report.mikey.size() == 1);
  BOOST_TEST(report.mikey[0].exchange == "psk");
  BOOST_TEST(report.mikey[0].mac_valid.value_or(false));
  BOOST_TEST(report.mikey[0].verification_valid.value_or(false));
  BOOST_TEST(report.mikey[0].crypto_sessions.size() == 2);
  BOOST_TEST(report.mikey[0].crypto_sessions.at(0).tek.empty()); // not asked for
  BOOST_TEST_REQUIRE(report.srtp.size() == 2);
  BOOST_TEST(report.srtp[0].authenticated == 10);
  BOOST_TEST(report.srtp[1].authenticated == 10);
  BOOST_TEST(report.srtp[0].key_source == "mikey");

  Keys wrong;
  wrong.mikey_psks.push_back(to_bytes("wrong"));
  const auto closed = call.report(wrong);
  BOOST_TEST(!closed.mikey.at(0).mac_valid.value_or(true));
  BOOST_TEST(closed.srtp.at(0).reason.value_or("") == "no key for this SSRC");
}

BOOST_AUTO_TEST_SUITE_END()
