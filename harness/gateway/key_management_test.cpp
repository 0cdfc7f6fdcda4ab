// What key management is answered with what: the table of docs/key-management.md, made by asking the gateway.
#include "gateway/negotiation.hpp"
#include "gateway/properties.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

BOOST_AUTO_TEST_SUITE(key_management)

using namespace sipvet;
using namespace sipvet::gateway;
using keying::KeyExchange;

namespace {

const Instant noon(std::chrono::seconds(1'700'000'000));

Config config_with(KeyExchange exchange) {
  Config config;
  config.srtp_mode = SrtpMode::always;
  config.key_exchanges = {exchange};
  config.mikey.psk = to_bytes("secret");
  config.wrong_key_management_status = 415;
  return config;
}

LocalMedia local() {
  LocalMedia media;
  media.address = IpAddress::v4(192, 0, 2, 1);
  media.rtp_port = 4000;
  media.ssrc = 7;
  return media;
}

struct Kind {
  const char* text;
  bool sdes = false, mikey = false;
  const char* psk = "secret";
  const char* other = nullptr; // an attribute in place of MIKEY's
};
const Kind kinds[] = {
    {"SDES", true, false},
    {"MIKEY", false, true},
    {"SDES and MIKEY", true, true},
    {"MIKEY under another pre-shared key", false, true, "another"},
    {"a protocol that nobody knows", false, false, "secret", "keyp1 AAEC"},
};

sdp::Session offer_of(const Kind& kind, Random& random) {
  ua::MediaPlan plan;
  plan.address = IpAddress::v4(192, 0, 2, 2);
  plan.rtp_port = 5000;
  plan.shape = keying::OfferShape::srtp_only;
  if (kind.sdes) plan.crypto = {keying::make_crypto(1, rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, random)};
  keying::MikeySettings settings;
  settings.psk = to_bytes(kind.psk);
  keying::MikeyParty party(settings);
  if (kind.mikey) plan.key_mgmt.values = party.offer(9, random, noon).value().attributes();
  if (kind.other != nullptr) plan.key_mgmt.values = {kind.other};
  return ua::make_offer(plan);
}

Answer answer_to(const Kind& kind, const Config& config) {
  SeededRandom random(3);
  keying::MikeyParty party(mikey_settings(config));
  return answer_offer(config, offer_of(kind, random), local(), std::nullopt, {random, party, noon});
}

std::string outcome(const Kind& kind, KeyExchange configured) {
  const Answer answer = answer_to(kind, config_with(configured));
  if (!answer.refusal) return answer.agreed.keys->exchange == KeyExchange::mikey ? "MIKEY" : "SDES";
  BOOST_TEST(answer.refusal->status == (answer.refusal->wrong_key_management ? 415 : 488));
  return answer.refusal->wrong_key_management ? "refused: wrong key management" : "refused";
}

} // namespace

BOOST_AUTO_TEST_CASE(documentation_has_the_table) {
  std::string table = "| the offer has | configured: SDES | configured: MIKEY |\n|---|---|---|\n";
  for (const Kind& kind : kinds)
    table += std::string("| ") + kind.text + " | " + outcome(kind, KeyExchange::sdes) + " | " +
             outcome(kind, KeyExchange::mikey) + " |\n";
  std::ifstream file(SIPVET_SOURCE_DIR "/docs/key-management.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  BOOST_TEST(text.find(table) != std::string::npos, "docs/key-management.md must contain:\n" << table);
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_was_offered) {
  const auto text = [](const Kind& kind, KeyExchange configured) {
    return answer_to(kind, config_with(configured)).refusal->text;
  };
  BOOST_TEST(text(kinds[0], KeyExchange::mikey) == "no key exchange in common: the offer has SDES");
  BOOST_TEST(text(kinds[1], KeyExchange::sdes) == "no key exchange in common: the offer has MIKEY");
  BOOST_TEST(text(kinds[4], KeyExchange::sdes) == "no key exchange in common: the offer has keyp1");
  BOOST_TEST(text(kinds[3], KeyExchange::mikey).starts_with("the MAC is wrong: another pre-shared key"));
}

// RFC 3830 §5.1.2.
BOOST_AUTO_TEST_CASE(a_refusal_of_mikey_has_an_error_message) {
  const auto description = [](const Kind& kind, bool told = true) {
    Config config = config_with(KeyExchange::mikey);
    config.mikey.error_messages = told;
    return answer_to(kind, config).refusal->description;
  };
  const auto refused = description(kinds[3]);
  BOOST_REQUIRE(refused.has_value());
  BOOST_REQUIRE(refused->media.size() == 1u);
  BOOST_TEST(refused->media[0].port == 0);
  const auto error = mikey::parse_message(
      keying::parse_mikey_attribute(std::string(refused->attributes.value("key-mgmt").value())).value());
  BOOST_REQUIRE(error.has_value());
  BOOST_TEST((error->find<mikey::ErrorPayload>()->number == mikey::ErrorNumber::authentication_failure));
  BOOST_TEST(!description(kinds[3], false));
  BOOST_TEST(!description(kinds[0])); // SDES
  BOOST_TEST(!description(kinds[4])); // another protocol
}

// Any octet of the message changed: the call is refused, and never answered with plain RTP.
BOOST_AUTO_TEST_CASE(a_changed_octet_refuses_the_call) {
  SeededRandom random(3);
  sdp::Session offer = offer_of(kinds[1], random);
  const Bytes good = keying::parse_mikey_attribute(std::string(*offer.attributes.value("key-mgmt"))).value();
  const Config config = config_with(KeyExchange::mikey);
  keying::MikeyParty party(mikey_settings(config));
  for (std::size_t i = 0; i <= good.size(); ++i) {
    for (const bool cut : {false, true}) {
      Bytes octets = cut ? to_bytes(ByteView(good).first(i)) : good;
      if (i == good.size()) break;
      if (!cut) octets[i] ^= 0x10;
      offer.attributes = {};
      offer.attributes.add("key-mgmt", keying::mikey_attribute(octets));
      const Answer answer = answer_offer(config, offer, local(), std::nullopt, {random, party, noon});
      BOOST_REQUIRE_MESSAGE(answer.refusal.has_value(), "octet " << i << (cut ? " cut" : " changed"));
      BOOST_TEST(answer.refusal->status == 488);
      BOOST_TEST(!answer.refusal->text.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(as_needed_takes_rtp_where_the_keys_do_not_fit) {
  SeededRandom random(3);
  ua::MediaPlan plan;
  plan.address = IpAddress::v4(192, 0, 2, 2);
  plan.rtp_port = 5000;
  plan.second_port = 5002;
  plan.shape = keying::OfferShape::srtp_and_rtp;
  plan.crypto = {keying::make_crypto(1, rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, random)};
  Config config = config_with(KeyExchange::mikey);
  config.srtp_mode = SrtpMode::as_needed;
  keying::MikeyParty party(mikey_settings(config));
  const Answer answer =
      answer_offer(config, ua::make_offer(plan), local(), std::nullopt, {random, party, noon});
  BOOST_REQUIRE(!answer.refusal.has_value());
  BOOST_TEST(!answer.agreed.srtp());
}

BOOST_AUTO_TEST_SUITE_END()
