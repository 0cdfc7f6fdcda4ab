// Captured calls keyed by MIKEY in every mode, with and without the keys that open them.
#include "analysis/test_call.hpp"
#include "base/hex.hpp"
#include "crypto/lab_ca.hpp"
#include "keying/mikey_party.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

BOOST_AUTO_TEST_SUITE(mikey_follower)

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

constexpr std::string_view savp = "RTP/SAVP";
const Instant noon(std::chrono::seconds(1'700'000'000));

struct Lab {
  SeededRandom random{31};
  crypto::LabCa ca = crypto::LabCa::create(random, noon, "lab", 1024).value();
  crypto::Identity alice = identity("alice"), bob = identity("bob");

  crypto::Identity identity(const std::string& name) {
    crypto::LabCa::Request request;
    request.common_name = name;
    request.rsa_bits = 1024;
    return ca.issue(request).value();
  }
};

Lab& lab() {
  static Lab made;
  return made;
}

keying::MikeySettings settings(const crypto::Identity& own) {
  keying::MikeySettings out;
  out.psk = to_bytes("secret");
  keying::give_identity(out, own.certificate_pem, own.private_key_pem, {}, lab().ca.root_pem());
  return out;
}

// A call in which both sides send; what they agreed on is what they use.
struct KeyedCall {
  TestCall call;
  keying::MikeySettings alice = settings(lab().alice), bob = settings(lab().bob);

  Report report(const Keys& keys) {
    alice.peer = bob.chain.front();
    keying::MikeyParty a(alice), b(bob);
    SeededRandom random(4);
    const auto offer = a.offer(call.alice.ssrc, random, noon).value();
    call.invite(savp, "a=key-mgmt:" + offer.attributes().front() + "\r\n");
    const auto answer =
        b.answer({keying::KeyMgmtLevel::media, offer.attributes()}, call.bob.ssrc, random, noon).value();
    call.answer(savp, answer.attributes.empty() ? "" : "a=key-mgmt:" + answer.attributes.front() + "\r\n");
    call.media(call.alice, call.bob, protect(audio(call.alice, 10), answer.keys.remote.first_key()));
    call.media(call.bob, call.alice, protect(audio(call.bob, 10), answer.keys.local.first_key()));
    return call.report(keys);
  }
};

Keys with_key(const crypto::Identity& identity) {
  Keys keys;
  keys.mikey_keys.push_back(crypto::PrivateKey::from_pem(identity.private_key_pem).value());
  return keys;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_public_key_message_opens_with_the_answerers_key) {
  KeyedCall call;
  call.alice.mode = keying::MikeyMode::public_key;
  const Report report = call.report(with_key(lab().bob));
  BOOST_REQUIRE(report.mikey.size() == 1u);
  BOOST_TEST(report.mikey[0].exchange == "pk");
  BOOST_TEST(report.mikey[0].mac_valid.value_or(false));
  BOOST_TEST(report.mikey[0].verification_valid.value_or(false));
  BOOST_REQUIRE(report.srtp.size() == 2u);
  BOOST_TEST(report.srtp[0].authenticated == 10u);
  BOOST_TEST(report.srtp[1].authenticated == 10u);
  BOOST_TEST(report.srtp[0].key_source == "mikey");
}

BOOST_AUTO_TEST_CASE(keys_given_for_tls_are_tried_as_well) {
  KeyedCall call;
  call.alice.mode = keying::MikeyMode::public_key;
  Keys keys;
  keys.rsa.push_back({std::nullopt, std::nullopt, "sip", "bob.key",
                      crypto::PrivateKey::from_pem(lab().bob.private_key_pem).value()});
  BOOST_TEST(call.report(keys).srtp.at(0).authenticated == 10u);
}

BOOST_AUTO_TEST_CASE(without_that_key_the_report_says_why_not) {
  KeyedCall none;
  none.alice.mode = keying::MikeyMode::public_key;
  const Report closed = none.report({});
  BOOST_TEST(closed.mikey.at(0).reason.value_or("") == "no RSA key of the answering side was given");
  BOOST_TEST(!closed.mikey.at(0).mac_valid.has_value());
  BOOST_TEST(closed.srtp.at(0).authenticated == 0u);
  KeyedCall other;
  other.alice.mode = keying::MikeyMode::public_key;
  BOOST_TEST(other.report(with_key(lab().alice)).mikey.at(0).reason.value_or("").starts_with("envelope: "));
}

BOOST_AUTO_TEST_CASE(a_diffie_hellman_exchange_keeps_its_keys) {
  KeyedCall call;
  call.alice.mode = keying::MikeyMode::diffie_hellman;
  const Report report = call.report(with_key(lab().bob));
  BOOST_TEST(report.mikey.at(0).exchange == "dh");
  BOOST_TEST(
      report.mikey.at(0).reason.value_or("") ==
      "a Diffie-Hellman exchange keeps its keys from who listens: only one of the two ends can give them");
  BOOST_TEST(report.srtp.at(0).authenticated == 0u);
}

BOOST_AUTO_TEST_CASE(a_message_without_protection_needs_no_key) {
  KeyedCall call;
  call.alice.null_protection = call.bob.null_protection = true;
  const Report report = call.report({});
  BOOST_TEST(!report.mikey.at(0).reason.has_value());
  BOOST_TEST(!report.mikey.at(0).mac_valid.has_value()); // there is none
  BOOST_TEST(report.srtp.at(0).authenticated == 10u);
  const auto* odd = finding(report, "mikey-oddity");
  BOOST_REQUIRE(odd != nullptr);
  BOOST_TEST(odd->text == "The MIKEY message is odd: the keys are not encrypted (KEMAC encryption is NULL).");
}

BOOST_AUTO_TEST_CASE(a_tag_length_in_the_wrong_place_is_a_finding) {
  KeyedCall call;
  call.alice.deviations.tag_length_as_key_length = true;
  Keys keys;
  keys.mikey_psks.push_back(to_bytes("secret"));
  const Report report = call.report(keys);
  BOOST_TEST(report.srtp.at(0).authenticated == 10u);
  const auto* odd = finding(report, "mikey-oddity");
  BOOST_REQUIRE(odd != nullptr);
  BOOST_TEST(odd->text.find("it looks like a tag length, which is parameter 11") != std::string::npos);
  KeyedCall honest;
  BOOST_TEST(finding(honest.report(keys), "mikey-oddity") == nullptr);
}

BOOST_AUTO_TEST_CASE(an_answer_with_mikey_needs_no_crypto_line) {
  TestCall call;
  call.invite(savp, crypto_line(1, test_key(1)) + "a=key-mgmt:mikey AAAA\r\n");
  call.answer(savp, "a=key-mgmt:mikey AAAA\r\n");
  BOOST_TEST(finding(call.report(), "answer-without-key") == nullptr);
  TestCall none;
  none.invite(savp, crypto_line(1, test_key(1)) + "a=key-mgmt:mikey AAAA\r\n");
  none.answer(savp, "");
  BOOST_TEST(finding(none.report(), "answer-without-key") != nullptr);
}

BOOST_AUTO_TEST_CASE(keys_come_from_files) {
  const std::string file = "mikey_follower_test.key";
  std::ofstream(file) << lab().bob.private_key_pem;
  Keys keys;
  BOOST_TEST(add_mikey_key(keys, file).has_value());
  BOOST_REQUIRE(keys.mikey_keys.size() == 1u);
  BOOST_TEST(add_mikey_key(keys, "/nowhere.key").error().what ==
             "MIKEY key: the file /nowhere.key cannot be read");
  SeededRandom random(1);
  std::ofstream(file)
      << crypto::PrivateKey::generate_rsa(1024, random).value().to_encrypted_pem("word").value();
  BOOST_TEST(!add_mikey_key(keys, file).has_value());
  BOOST_TEST(add_mikey_key(keys, file + ",word").has_value());
  std::ofstream(file) << crypto::PrivateKey::generate_ed25519(random).to_pem();
  BOOST_TEST(add_mikey_key(keys, file).error().what ==
             "MIKEY key mikey_follower_test.key: expected an RSA key, this one is Ed25519");
  BOOST_TEST(keys.mikey_keys.size() == 2u);
  std::remove(file.c_str());
}

// RFC 3830 §5.1.2: a refusal is no answer, and says what it did not take.
BOOST_AUTO_TEST_CASE(a_refusal_says_why) {
  TestCall call;
  keying::MikeySettings settings;
  settings.psk = to_bytes("secret");
  keying::MikeyParty alice(settings);
  settings.suites = {rtp::SrtpSuite::aead_aes_256_gcm};
  keying::MikeyParty bob(settings);
  SeededRandom random(4);
  const auto offer = alice.offer(call.alice.ssrc, random, noon).value();
  call.invite(savp, "a=key-mgmt:" + offer.attributes().front() + "\r\n");
  std::vector<std::string> refusal;
  BOOST_TEST(!bob.answer({keying::KeyMgmtLevel::media, offer.attributes()}, 1, random, noon, 0, &refusal));
  BOOST_REQUIRE(refusal.size() == 1u);
  call.send(call.bob, call.alice,
            sip_message("SIP/2.0 488 Not Acceptable Here", "1 INVITE",
                        description(call.bob, savp, "a=key-mgmt:" + refusal.front() + "\r\n")));
  Keys keys;
  keys.mikey_psks.push_back(settings.psk);
  const Report report = call.report(keys);
  BOOST_REQUIRE(report.mikey.size() == 1u);
  BOOST_TEST(report.mikey[0].reason.value_or("") ==
             "the other side refused the message: security policy parameters not supported (error 10)");
  BOOST_TEST(report.sip.dialogs[0].media.empty());
}

BOOST_AUTO_TEST_SUITE_END()
