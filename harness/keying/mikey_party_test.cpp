#include "keying/mikey_party.hpp"

#include "crypto/lab_ca.hpp"
#include "mikey/dh_exchange.hpp"
#include "mikey/public_key.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

BOOST_AUTO_TEST_SUITE(mikey_party)

using namespace sipvet;
using namespace sipvet::keying;
using rtp::SrtpSuite;

namespace {

const Instant noon(std::chrono::seconds(1'700'000'000));

struct Lab {
  SeededRandom random{21};
  crypto::LabCa ca = crypto::LabCa::create(random, noon, "lab", 1024).value();
  crypto::LabCa other = crypto::LabCa::create(random, noon, "other", 1024).value();
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

void give(MikeySettings& settings, const crypto::Identity& own, const crypto::LabCa& trusted) {
  settings.key = crypto::PrivateKey::from_pem(own.private_key_pem).value();
  settings.chain = crypto::parse_certificates_pem(own.certificate_pem).value();
  settings.roots = crypto::parse_certificates_pem(trusted.root_pem()).value();
}

// Two parties that can do all three modes with each other.
struct Pair {
  MikeySettings a, b;
  std::uint32_t seed = 5;
  Instant a_now = noon, b_now = noon;
  bool twice = false; // the second of two exchanges counts
  std::optional<MikeyParty> a_party, b_party;
  std::vector<std::string> offered, answered;
  std::vector<std::string> notes;

  Pair() {
    a.psk = b.psk = to_bytes("correct horse");
    give(a, lab().alice, lab().ca);
    give(b, lab().bob, lab().ca);
    a.peer = b.chain.front();
  }

  // "agreed", or which side says what.
  std::string run() {
    a_party.emplace(a);
    b_party.emplace(b);
    SeededRandom random(seed);
    if (twice) exchange(random);
    return exchange(random);
  }

  std::string exchange(Random& random) {
    const auto offer = a_party->offer(0xAAAA, random, a_now);
    if (!offer) return "no offer: " + offer.error().what;
    offered = offer->attributes();
    const auto answer = b_party->answer({offer->level(), offered}, 0xBBBB, random, b_now);
    if (!answer) return "b: " + answer.error().what;
    answered = answer->attributes;
    notes = answer->notes;
    const auto keys = offer->complete({answer->level, answered});
    if (!keys) return "a: " + keys.error().what;
    BOOST_TEST((keys->exchange == KeyExchange::mikey));
    if (keys->local != answer->keys.remote || keys->remote != answer->keys.local) return "they differ";
    if (repeats_key(*keys)) return "one key for both directions";
    agreed = *keys;
    return "agreed";
  }
  MediaKeys agreed;
};

} // namespace

BOOST_AUTO_TEST_CASE(every_mode_gives_both_sides_the_same_keys) {
  for (const MikeyMode mode : {MikeyMode::psk, MikeyMode::public_key, MikeyMode::diffie_hellman}) {
    Pair pair;
    pair.a.mode = mode;
    BOOST_TEST(pair.run() == "agreed", name(mode));
    BOOST_TEST(pair.answered.size() == 1u);
    BOOST_TEST((find_mikey_mode(name(mode)) == mode));
  }
  BOOST_TEST(!find_mikey_mode("rsa").has_value());
}

// RFC 3830 §6.1.1: each side tells of its own stream.
BOOST_AUTO_TEST_CASE(rollover_counters_come_over) {
  using Told = std::vector<rtp::SrtpContext::Rollovers>;
  const auto told = [](MikeyMode mode, MikeyDeviations ours, MikeyDeviations theirs) {
    Pair pair;
    pair.a.mode = mode;
    pair.a.deviations = ours;
    pair.b.deviations = theirs;
    MikeyParty a(pair.a), b(pair.b);
    SeededRandom random(5);
    const auto offer = a.offer(0xAAAA, random, noon, 3).value();
    const auto answer = b.answer({offer.level(), offer.attributes()}, 0xBBBB, random, noon, 7).value();
    const auto keys = offer.complete({answer.level, answer.attributes}).value();
    return std::pair(answer.keys.remote.rollovers, keys.remote.rollovers);
  };
  for (const MikeyMode mode : {MikeyMode::psk, MikeyMode::public_key, MikeyMode::diffie_hellman}) {
    BOOST_TEST((told(mode, {}, {}) == std::pair(Told{{0xAAAA, 3}}, Told{{0xBBBB, 7}})));
    MikeyDeviations silent, deaf;
    silent.rollover_not_told = true;
    deaf.ignore_rollover = true;
    BOOST_TEST((told(mode, silent, silent) == std::pair(Told{}, Told{})));
    BOOST_TEST((told(mode, deaf, deaf) == std::pair(Told{}, Told{})));
  }
}

BOOST_AUTO_TEST_CASE(every_suite_and_option_comes_over) {
  for (const rtp::SrtpSuiteInfo& info : rtp::srtp_suites()) {
    Pair pair;
    pair.a.suites = pair.b.suites = {info.suite};
    pair.a.mki = {1, 2};
    BOOST_TEST(pair.run() == "agreed", info.name);
    BOOST_TEST((pair.agreed.local.suite() == info.suite));
    BOOST_TEST((pair.agreed.local.first_key().mki == Bytes{1, 2}));
  }
  Pair pair;
  pair.a.options.encrypt_rtcp = false;
  pair.a.options.key_derivation_rate = 1024;
  BOOST_TEST(pair.run() == "agreed");
  BOOST_TEST((pair.agreed.local.options == pair.a.options));
  BOOST_TEST((pair.agreed.remote.options == pair.a.options));
}

BOOST_AUTO_TEST_CASE(without_the_flag_there_is_no_verification_message) {
  for (const MikeyMode mode : {MikeyMode::psk, MikeyMode::public_key}) {
    Pair pair;
    pair.a.mode = mode;
    pair.a.verification_wanted = false;
    BOOST_TEST(pair.run() == "agreed");
    BOOST_TEST(pair.answered.empty());
  }
  Pair dh; // which cannot do without
  dh.a.mode = MikeyMode::diffie_hellman;
  dh.a.verification_wanted = false;
  BOOST_TEST(dh.run() == "agreed");
  BOOST_TEST(dh.answered.size() == 1u);
}

BOOST_AUTO_TEST_CASE(null_protection_is_for_who_allows_it) {
  Pair pair;
  pair.a.null_protection = pair.b.null_protection = true;
  BOOST_TEST(pair.run() == "agreed");
  BOOST_REQUIRE(pair.notes.size() == 2u);
  BOOST_TEST(pair.notes[0] == "the keys are not encrypted (KEMAC encryption is NULL)");
  BOOST_TEST(pair.notes[1] == "the message is not authenticated (KEMAC MAC is NULL)");
  pair.b.null_protection = false;
  BOOST_TEST(pair.run() == "b: the message is not authenticated: its MAC algorithm is NULL");
}

BOOST_AUTO_TEST_CASE(clocks_and_repetitions) {
  Pair pair;
  pair.b_now = noon + std::chrono::minutes(5);
  BOOST_TEST(pair.run() == "agreed");
  pair.b_now += std::chrono::seconds(1);
  BOOST_TEST(pair.run() == "b: the timestamp is 301 s behind our clock, expected at most 300 s");
  pair.b.deviations.ignore_timestamp = true;
  BOOST_TEST(pair.run() == "agreed");
  Pair again;
  again.twice = true;
  BOOST_TEST(again.run() == "agreed");
  again.a.deviations.repeat_message = true;
  BOOST_TEST(again.run() == "b: the message is a replay: it was accepted before");
  again.b.deviations.ignore_replay = true;
  BOOST_TEST(again.run() == "agreed");
}

BOOST_AUTO_TEST_CASE(what_the_offerer_does_wrong_is_refused) {
  struct Row {
    bool MikeyDeviations::*deviation;
    const char* said;
    bool MikeyDeviations::*lenience;
  };
  const Row rows[] = {
      {&MikeyDeviations::wrong_mac, "b: the MAC is wrong: another pre-shared key, or the message was changed",
       &MikeyDeviations::ignore_mac},
      {&MikeyDeviations::wrong_psk, "b: the MAC is wrong: another pre-shared key, or the message was changed",
       nullptr},
      {&MikeyDeviations::stale_timestamp,
       "b: the timestamp is 3600 s behind our clock, expected at most 300 s",
       &MikeyDeviations::ignore_timestamp},
      {&MikeyDeviations::wrong_cs_map, "b: the message keys no crypto session: its CS ID map is empty",
       nullptr},
  };
  for (const Row& row : rows) {
    Pair pair;
    pair.a.deviations.*row.deviation = true;
    BOOST_TEST(pair.run() == row.said);
    if (row.lenience == nullptr) continue;
    pair.b.deviations.*row.lenience = true;
    BOOST_TEST(pair.run() == "agreed");
  }
}

BOOST_AUTO_TEST_CASE(what_is_odd_about_a_policy_is_noted) {
  Pair pair;
  pair.a.deviations.tag_length_as_key_length = true;
  BOOST_TEST(pair.run() == "agreed");
  BOOST_REQUIRE(pair.notes.size() == 1u);
  BOOST_TEST(pair.notes[0] ==
             "security policy 0: the session authentication key length (parameter 3) is 10 octets, "
             "HMAC-SHA-1 in SRTP takes 20; it looks like a tag length, which is parameter 11");
  Pair unknown;
  unknown.a.deviations.unknown_policy_parameter = true;
  BOOST_TEST(unknown.run() == "agreed");
  BOOST_REQUIRE(unknown.notes.size() == 1u);
  BOOST_TEST(unknown.notes[0] == "security policy 0: parameter 200 is not known and passed over");
  unknown.b.deviations.strict_policy = true;
  BOOST_TEST(unknown.run() == "b: " + unknown.notes[0]);
}

BOOST_AUTO_TEST_CASE(bidding_down_is_noticed) {
  Pair pair;
  pair.a.deviations.foreign_protocol = true;
  BOOST_TEST(pair.run() == "agreed");
  BOOST_TEST(pair.offered.size() == 2u);
  // Somebody in between takes one of the two away.
  MikeyParty b(pair.b);
  SeededRandom random(9);
  const auto answer = b.answer({KeyMgmtLevel::session, {pair.offered[0]}}, 1, random, noon);
  BOOST_REQUIRE(!answer.has_value());
  BOOST_TEST(answer.error().what ==
             "the message says that the protocols mikey;keyp1 were offered, and the offer has "
             "mikey: somebody in between has changed it (RFC 4567 §4.1.4)");
  pair.a.deviations.no_protocol_list = true;
  BOOST_TEST(
      pair.run().starts_with("b: the offer has the key management protocols mikey;keyp1 and its message"));
  pair.b.deviations.ignore_protocol_list = true;
  BOOST_TEST(pair.run() == "agreed");
}

// RFC 4567 §4.1.4: a lone protocol is repeated as well; who leaves it out is taken all the same.
BOOST_AUTO_TEST_CASE(a_lone_protocol_is_repeated) {
  for (const MikeyMode mode : {MikeyMode::psk, MikeyMode::public_key, MikeyMode::diffie_hellman}) {
    Pair pair;
    pair.a.mode = mode;
    BOOST_TEST(pair.run() == "agreed");
    BOOST_TEST(pair.notes.empty());
    const auto message = mikey::parse_message(parse_mikey_attribute(pair.offered[0]).value()).value();
    const auto* const list = message.find<mikey::GeneralExtension>();
    BOOST_REQUIRE(list != nullptr);
    BOOST_TEST(std::string(list->data.begin(), list->data.end()) == "mikey");
    pair.a.protocol_list = false;
    BOOST_TEST(pair.run() == "agreed");
    BOOST_REQUIRE(pair.notes.size() == 1u);
    BOOST_TEST(pair.notes[0].starts_with("the message does not repeat the list of key management protocols"));
  }
  Pair several;
  several.a.protocol_list = false;
  several.a.deviations.foreign_protocol = true;
  BOOST_TEST(several.run() == "agreed");
  BOOST_TEST(several.notes.empty());
}

// RFC 3830 §5.3: what is too old is refused before anybody computes.
BOOST_AUTO_TEST_CASE(the_clock_is_asked_first) {
  Pair pair;
  pair.a.deviations.wrong_mac = pair.a.deviations.stale_timestamp = true;
  BOOST_TEST(pair.run() == "b: the timestamp is 3600 s behind our clock, expected at most 300 s");
  // What is not authentic is not remembered.
  pair.a.deviations = {};
  pair.a.deviations.wrong_mac = true;
  MikeyParty a(pair.a), b(pair.b);
  SeededRandom random(3);
  const auto offer = a.offer(1, random, noon).value();
  for (int n = 0; n < 2; ++n)
    BOOST_TEST(b.answer({offer.level(), offer.attributes()}, 2, random, noon)
                   .error()
                   .what.starts_with("the MAC is wrong"));
}

// RFC 3830 §5.1.2, §6.12.
BOOST_AUTO_TEST_CASE(a_refusal_says_why) {
  using mikey::ErrorNumber;
  struct Row {
    MikeyMode mode;
    bool MikeyDeviations::*deviation;
    ErrorNumber number;
    bool proven;
  };
  const Row rows[] = {
      {MikeyMode::psk, &MikeyDeviations::wrong_mac, ErrorNumber::authentication_failure, false},
      {MikeyMode::psk, &MikeyDeviations::stale_timestamp, ErrorNumber::invalid_timestamp, false},
      {MikeyMode::psk, &MikeyDeviations::wrong_cs_map, ErrorNumber::unspecified, true},
      {MikeyMode::public_key, &MikeyDeviations::wrong_mac, ErrorNumber::authentication_failure, false},
      {MikeyMode::public_key, nullptr, ErrorNumber::invalid_policy_parameters, true},
      {MikeyMode::public_key, nullptr, ErrorNumber::invalid_certificate, false},
      {MikeyMode::diffie_hellman, nullptr, ErrorNumber::invalid_policy_parameters, false},
  };
  for (const auto& [mode, deviation, number, proven] : rows) {
    Pair pair;
    pair.a.mode = mode;
    if (deviation != nullptr) pair.a.deviations.*deviation = true;
    if (number == ErrorNumber::invalid_policy_parameters)
      pair.b.suites = {SrtpSuite::aes_256_cm_hmac_sha1_80};
    if (number == ErrorNumber::invalid_certificate)
      pair.b.roots = crypto::parse_certificates_pem(lab().other.root_pem()).value();
    MikeyParty a(pair.a), b(pair.b);
    SeededRandom random(6);
    const auto offer = a.offer(1, random, noon).value();
    std::vector<std::string> refusal;
    const auto refused = b.answer({offer.level(), offer.attributes()}, 2, random, noon, 0, &refusal);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_REQUIRE_MESSAGE(refusal.size() == 1u, refused.error().what);
    const auto said = offer.complete({offer.level(), refusal});
    BOOST_TEST(said.error().what == "the other side refused the message: " + to_string(number) +
                                        (proven ? "" : ", which nothing proves"));
    pair.b.error_messages = false;
    refusal.clear();
    (void)MikeyParty(pair.b).answer({offer.level(), offer.attributes()}, 2, random, noon, 0, &refusal);
    BOOST_TEST(refusal.empty());
  }
  // What cannot be read has no timestamp that could be given back.
  std::vector<std::string> refusal;
  SeededRandom random(6);
  BOOST_TEST(!MikeyParty({}).answer({KeyMgmtLevel::session, {"mikey AQAF"}}, 2, random, noon, 0, &refusal));
  BOOST_TEST(refusal.empty());
}

// As libmikey makes it.
BOOST_AUTO_TEST_CASE(a_mac_without_identities_is_noted) {
  MikeySettings settings;
  settings.psk = to_bytes("correct horse");
  settings.identity = "sip:a@example.test";
  MikeyParty party(settings);
  SeededRandom random(4);
  const auto offer = party.offer(1, random, noon).value();
  mikey::InitMessage init = mikey::open_psk_init(offer.message(), settings.psk).value();
  const auto notes_on = [&] {
    const Bytes answer =
        mikey::seal_verification(init, {{}, init.message.header.sessions}, settings.psk).value();
    std::vector<std::string> notes;
    BOOST_TEST(offer.complete({offer.level(), {mikey_attribute(answer)}}, &notes).has_value());
    return notes;
  };
  BOOST_TEST(notes_on().empty());
  std::erase_if(init.message.payloads,
                [](const auto& each) { return std::holds_alternative<mikey::Id>(each); });
  BOOST_REQUIRE(notes_on().size() == 1u);
  BOOST_TEST(notes_on()[0] ==
             "the verification MAC leaves out the identities, which RFC 3830 §5.2 wants covered");
}

BOOST_AUTO_TEST_CASE(what_the_answerer_does_wrong_is_refused) {
  struct Row {
    bool MikeyDeviations::*deviation;
    const char* said;
  };
  const Row rows[] = {
      {&MikeyDeviations::wrong_mac,
       "a: the verification MAC is wrong: another pre-shared key, another offer, or the "
       "answer was changed"},
      {&MikeyDeviations::no_verification,
       "a: the answer has no MIKEY message though one was asked for (RFC 3830 §3)"},
      {&MikeyDeviations::wrong_cs_map,
       "a: the CS ID map of the answer has SSRC 0000aaab for crypto session 1, expected 0000aaaa as offered"},
      {&MikeyDeviations::other_level,
       "a: the key-mgmt attribute of the answer stands at media level, expected session "
       "level as in the offer (RFC 4567 §3.1)"},
      {&MikeyDeviations::answer_with_error,
       "a: the other side refused the message: unspecified error (error 12)"},
  };
  for (const Row& row : rows) {
    Pair pair;
    pair.b.deviations.*row.deviation = true;
    BOOST_TEST(pair.run() == row.said);
    pair.a.deviations.ignore_verification = pair.a.deviations.ignore_level = true;
    BOOST_TEST(pair.run() == "agreed");
  }
  Pair foreign;
  MikeyParty a(foreign.a);
  SeededRandom random(9);
  const auto offer = a.offer(1, random, noon).value();
  BOOST_TEST(offer.complete({KeyMgmtLevel::session, {"keyp1 AAEC"}}).error().what ==
             "the answer has key management protocol keyp1, expected mikey as offered");
  BOOST_TEST(!offer.complete({KeyMgmtLevel::session, {"mikey ?"}}).has_value());
}

BOOST_AUTO_TEST_CASE(who_signs_must_be_trusted) {
  for (const MikeyMode mode : {MikeyMode::public_key, MikeyMode::diffie_hellman}) {
    Pair pair;
    pair.a.mode = mode;
    pair.b.roots = crypto::parse_certificates_pem(lab().other.root_pem()).value();
    BOOST_TEST(pair.run().starts_with("b: the signer of the MIKEY message is not trusted: "), name(mode));
    pair.b.peer = pair.a.chain.front(); // known by itself
    BOOST_TEST(pair.run() == "agreed", name(mode));
    pair.a.deviations.wrong_mac = true;
    BOOST_TEST(pair.run().starts_with("b: the signature is not that of CN=alice"), name(mode));
  }
  Pair dh;
  dh.a.mode = MikeyMode::diffie_hellman;
  dh.a.peer.reset();
  dh.a.roots = crypto::parse_certificates_pem(lab().other.root_pem()).value();
  BOOST_TEST(dh.run().starts_with("a: the signer of the MIKEY message is not trusted: "));
}

BOOST_AUTO_TEST_CASE(keys_that_are_not_there) {
  const auto without = [](MikeyMode mode, auto change) {
    Pair pair;
    pair.a.mode = mode;
    change(pair);
    return pair.run();
  };
  BOOST_TEST(without(MikeyMode::psk, [](Pair& p) { p.a.psk.clear(); }) ==
             "no offer: MIKEY in mode psk needs a pre-shared key");
  BOOST_TEST(without(MikeyMode::public_key, [](Pair& p) { p.a.key.reset(); }) ==
             "no offer: MIKEY in mode public-key needs an RSA key and its certificate");
  BOOST_TEST(without(MikeyMode::public_key, [](Pair& p) { p.a.peer.reset(); }) ==
             "no offer: MIKEY in mode public-key needs the certificate of the other side");
  BOOST_TEST(without(MikeyMode::psk, [](Pair& p) { p.b.psk.clear(); }) ==
             "b: the offer has a pre-shared key message, and no key is shared");
  BOOST_TEST(without(MikeyMode::public_key, [](Pair& p) { p.b.key.reset(); }) ==
             "b: the offer has a public-key message, and there is no key to open it with");
  BOOST_TEST(without(MikeyMode::diffie_hellman, [](Pair& p) { p.b.key.reset(); }) ==
             "b: MIKEY in mode psk needs an RSA key and its certificate");
  BOOST_TEST(without(MikeyMode::psk, [](Pair& p) { p.a.suites = {SrtpSuite::aead_aes_128_gcm}; }) ==
             "b: the security policy asks for AEAD_AES_128_GCM, which is not accepted here");
}

BOOST_AUTO_TEST_CASE(an_answer_is_no_offer) {
  Pair pair;
  BOOST_TEST(pair.run() == "agreed");
  SeededRandom random(9);
  const auto refused = pair.b_party->answer({KeyMgmtLevel::session, pair.answered}, 1, random, noon);
  BOOST_TEST(refused.error().what ==
             "expected an initiator's message in the offer, found a pre-shared key verification message");
  BOOST_TEST(pair.b_party->answer({KeyMgmtLevel::session, {"keyp1 AA=="}}, 1, random, noon).error().what ==
             "no MIKEY message was offered");
}

// Whatever octet of whichever message is changed: no keys, and never others than those agreed on.
BOOST_AUTO_TEST_CASE(every_changed_octet_is_refused_in_every_mode) {
  for (const MikeyMode mode : {MikeyMode::psk, MikeyMode::public_key, MikeyMode::diffie_hellman}) {
    Pair pair;
    pair.a.mode = mode;
    MikeyParty a(pair.a), b(pair.b);
    SeededRandom random(9);
    const MikeyExchange offer = a.offer(1, random, noon).value();
    const Bytes sent = offer.message();
    for (std::size_t i = 0; i < sent.size(); ++i) {
      Bytes changed = sent;
      changed[i] ^= 0x55;
      const auto answer = b.answer({KeyMgmtLevel::session, {mikey_attribute(changed)}}, 2, random, noon);
      BOOST_TEST(!answer.has_value(), name(mode) << " octet " << i);
      if (!answer) BOOST_TEST(!answer.error().what.empty());
    }
    const auto answer = b.answer({KeyMgmtLevel::session, offer.attributes()}, 2, random, noon).value();
    const Bytes back = parse_mikey_attribute(answer.attributes.front()).value();
    for (std::size_t i = 0; i < back.size(); ++i) {
      Bytes changed = back;
      changed[i] ^= 0x55;
      BOOST_TEST(!offer.complete({KeyMgmtLevel::session, {mikey_attribute(changed)}}).has_value(),
                 name(mode) << " octet " << i);
    }
  }
}

BOOST_AUTO_TEST_CASE(deviations_by_name) {
  MikeyDeviations deviations;
  for (const MikeyDeviationInfo& info : mikey_deviation_infos())
    BOOST_TEST(set_mikey_deviation(deviations, info.name, {"true"}).has_value());
  BOOST_TEST(deviations.strict_policy);
  BOOST_TEST(set_mikey_deviation(deviations, "strict_policy", {"false"}).has_value());
  BOOST_TEST(!deviations.strict_policy);
  BOOST_TEST(set_mikey_deviation(deviations, "strict_policy", {"2"}).error().what ==
             "expected true or false for strict_policy");
  BOOST_TEST(set_mikey_deviation(deviations, "wrong_mack", {"true"}).error().what ==
             "unknown MIKEY deviation 'wrong_mack': did you mean 'wrong_mac'?");
}

BOOST_AUTO_TEST_CASE(documentation_has_the_table_of_deviations) {
  std::ifstream file(SIPVET_SOURCE_DIR "/docs/key-management.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  BOOST_TEST(text.find(mikey_deviations_reference()) != std::string::npos,
             "docs/key-management.md must contain:\n"
                 << mikey_deviations_reference());
}

BOOST_AUTO_TEST_SUITE_END()
