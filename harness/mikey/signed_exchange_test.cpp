// The exchanges that are signed: public-key (RFC 3830 §3.2) and Diffie-Hellman (§3.3).
#include "crypto/hash.hpp"
#include "crypto/lab_ca.hpp"
#include "crypto/signature.hpp"
#include "mikey/dh_exchange.hpp"
#include "mikey/payload_check.hpp"
#include "mikey/public_key.hpp"
#include "mikey/response.hpp"
#include "mikey/signing.hpp"

BOOST_AUTO_TEST_SUITE(signed_exchange)

using namespace sipvet;
using namespace sipvet::mikey;

namespace {

const Instant noon(std::chrono::seconds(1'700'000'000));

struct Person {
  crypto::PrivateKey key;
  crypto::Certificate certificate;
};

// Keys take long to make: one pair for all tests. 1024 bits sign and encrypt all that is needed here.
struct People {
  SeededRandom random{11};
  crypto::LabCa ca = crypto::LabCa::create(random, noon, "lab", 1024).value();
  Person alice = person("alice"), bob = person("bob");

  Person person(const std::string& name) {
    crypto::LabCa::Request request;
    request.common_name = name;
    request.rsa_bits = 1024;
    const crypto::Identity identity = ca.issue(request).value();
    return {crypto::PrivateKey::from_pem(identity.private_key_pem).value(),
            crypto::parse_certificates_pem(identity.certificate_pem).value().front()};
  }
};

const People& people() {
  static const People all;
  return all;
}

InitPlan plan() {
  InitPlan out;
  out.header.csb_id = 0xC0FFEE01;
  out.header.verification_wanted = true;
  out.header.sessions = {{0, 0x11223344, 1}, {0, 0, 0}};
  out.timestamp = {TimestampType::ntp_utc, 0xe0a1b2c3d4e5f607};
  out.rand.value = hex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
  out.initiator = uri_id("sip:a@example.com");
  out.responder = uri_id("sip:b@example.com");
  out.keys = {{KeyKind::tgk, Bytes(32, 7), {}, Spi{hex("abcd")}}};
  return out;
}

InitMessage pk_init(bool with_chain = true) {
  SeededRandom random(3);
  std::vector<crypto::Certificate> chain;
  if (with_chain) chain = {people().alice.certificate};
  return seal_pk_init(plan(), {people().alice.key, chain, people().bob.certificate}, random).value();
}

Result<OpenedPkInit> open(ByteView octets, const std::vector<crypto::Certificate>& known = {}) {
  return open_pk_init(octets, people().bob.key, people().bob.certificate, known);
}

crypto::ModpKey dh_key(std::uint64_t seed, crypto::ModpGroup group = crypto::ModpGroup::oakley_1) {
  SeededRandom random(seed);
  return crypto::ModpKey::make(group, random);
}

InitMessage dh_init(crypto::ModpGroup group = crypto::ModpGroup::oakley_1) {
  SeededRandom random(5);
  return seal_dh_init(plan(), dh_key(1, group), {people().alice.key, {people().alice.certificate}, {}},
                      random, Spi{hex("abcd")})
      .value();
}

Bytes dh_response(const InitMessage& init, const crypto::ModpKey& own) {
  SeededRandom random(6);
  const auto& bob = people().bob;
  return seal_dh_response(init, {{0, 0x11223344, 1}, {0, 0x55667788, 0}}, own,
                          {bob.key, {bob.certificate}, {}}, random)
      .value();
}

std::vector<std::string> payloads(ByteView octets) {
  std::vector<std::string> out;
  for (const Payload& payload : parse_message(octets).value().payloads)
    out.push_back(to_string(type_of(payload)));
  return out;
}

// Refuses every message with a bit changed or cut off.
template <typename Refuses>
void check_every_octet(const Bytes& good, Refuses refuses) {
  for (std::size_t i = 0; i < good.size(); ++i) {
    BOOST_TEST(refuses(to_bytes(ByteView(good).first(i))), "accepted " << i << " octets");
    for (const unsigned bit : {0u, 7u}) {
      Bytes changed = good;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ 1u << bit);
      BOOST_TEST(refuses(changed), "accepted with octet " << i << " changed");
    }
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(the_public_key_message_has_its_payloads_in_order) {
  const std::vector<std::string> expected = {"T (5)",     "RAND (11)", "CERT (7)", "ID (6)",
                                             "KEMAC (1)", "CHASH (8)", "PKE (2)",  "SIGN (4)"};
  BOOST_TEST(payloads(pk_init().octets) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_envelope_gives_keys_and_initiator) {
  const auto opened = open(pk_init().octets);
  BOOST_REQUIRE_MESSAGE(opened.has_value(), error_of(opened));
  BOOST_TEST((opened->init.keys == plan().keys));
  BOOST_TEST((opened->init.encrypted_initiator == plan().initiator));
  BOOST_TEST((opened->init.envelope_key == pk_init().envelope_key));
  BOOST_TEST(opened->signer.front().common_name == "alice");
}

// §5.2 by hand: the MAC of KEMAC is over its own payload with the next-payload octet 0, under a key that the
// envelope key gives (§4.1.4); the signature is PKCS#1 v1.5 with SHA-1 over all before its value.
BOOST_AUTO_TEST_CASE(mac_and_signature_cover_what_the_rfc_says) {
  const InitMessage init = pk_init();
  const Kemac& kemac = *init.message.find<Kemac>();
  Writer covered;
  covered.u8(0).u8(1).u16(static_cast<std::uint16_t>(kemac.encrypted.size())).bytes(kemac.encrypted).u8(1);
  const auto mac =
      message_mac(transport_context(init, init.envelope_key), Mac::hmac_sha1_160, covered.view());
  BOOST_TEST(to_hex(mac.value()) == to_hex(kemac.mac));
  const Sign& sign = *init.message.find<Sign>();
  BOOST_TEST(crypto::verify(people().alice.certificate, crypto::SignatureAlgorithm::rsa_pkcs1_sha1,
                            ByteView(init.octets).first(init.octets.size() - sign.signature.size()),
                            sign.signature));
  BOOST_TEST((init.message.find<CertificateHash>()->hash ==
              crypto::digest(crypto::Hash::sha1, people().bob.certificate.der)));
}

BOOST_AUTO_TEST_CASE(every_changed_bit_and_every_cut_of_a_public_key_message_is_refused) {
  check_every_octet(pk_init().octets, [](const Bytes& octets) { return !open(octets).has_value(); });
}

BOOST_AUTO_TEST_CASE(public_key_messages_that_are_not_taken) {
  const InitMessage init = pk_init();
  BOOST_TEST(error_of(open_pk_init(init.octets, people().alice.key, people().alice.certificate, {})) ==
             "the envelope is for another certificate: the certificate hash is not that of CN=alice");
  BOOST_TEST(error_of(open_pk_envelope(init.octets, people().alice.key)).starts_with("envelope: "));
  BOOST_TEST(error_of(open(pk_init(false).octets)) ==
             "the message has no certificate, and none is known to check its signature by");
  BOOST_TEST(error_of(open(pk_init(false).octets, {people().bob.certificate}))
                 .starts_with("the signature is not that of CN=bob, or the message was changed"));
  BOOST_TEST(open(pk_init(false).octets, {people().alice.certificate}).has_value());
  BOOST_TEST(error_of(open(dh_init().octets)) ==
             "expected a public-key message, not a Diffie-Hellman initiator message (at octet 1)");
}

BOOST_AUTO_TEST_CASE(a_signature_of_another_kind_is_refused_by_name) {
  InitMessage init = pk_init();
  std::get<Sign>(init.message.payloads.back()).signature_type = SignatureType::rsa_pss;
  BOOST_TEST(error_of(open(write_message(init.message)))
                 .starts_with("signature type 1 is not supported, expected 0 (RSA, PKCS#1 v1.5)"));
  init.message.payloads.pop_back();
  BOOST_TEST(error_of(open(write_message(init.message))) == "public-key message does not end with SIGN (4)");
}

BOOST_AUTO_TEST_CASE(the_verification_message_is_under_the_envelope_key) {
  const InitMessage init = pk_init();
  const Bytes answer = seal_verification(init, {uri_id("sip:b@example.com"), {{0, 0x11223344, 1}, {0, 5, 0}}},
                                         init.envelope_key)
                           .value();
  const auto checked = open_verification(answer, init, init.envelope_key);
  BOOST_REQUIRE_MESSAGE(checked.has_value(), error_of(checked));
  BOOST_TEST((checked->message.header.data_type == DataType::pk_verification));
  BOOST_TEST((checked->cover == VerificationCover::identities_and_timestamp));
  check_every_octet(answer, [&](const Bytes& octets) {
    return !open_verification(octets, init, init.envelope_key).has_value();
  });
}

BOOST_AUTO_TEST_CASE(the_diffie_hellman_messages_have_their_payloads_in_order) {
  const InitMessage init = dh_init();
  const std::vector<std::string> offer = {"T (5)", "RAND (11)", "CERT (7)", "ID (6)", "DH (3)", "SIGN (4)"};
  BOOST_TEST(payloads(init.octets) == offer, boost::test_tools::per_element());
  const std::vector<std::string> answer = {"T (5)", "CERT (7)", "ID (6)", "DH (3)", "DH (3)", "SIGN (4)"};
  const Bytes response = dh_response(init, dh_key(2));
  BOOST_TEST(payloads(response) == answer, boost::test_tools::per_element());
  // §3.3: IDi in the response; beside a certificate the offer's own ID is IDr.
  BOOST_TEST((*parse_message(response)->find<Id>() == uri_id("alice")));
}

BOOST_AUTO_TEST_CASE(both_sides_of_diffie_hellman_get_one_key_in_every_group) {
  using crypto::ModpGroup;
  for (const ModpGroup group : {ModpGroup::oakley_1, ModpGroup::oakley_2, ModpGroup::oakley_5}) {
    const InitMessage sent = dh_init(group);
    const auto received = open_dh_init(sent.octets, {});
    BOOST_REQUIRE_MESSAGE(received.has_value(), error_of(received));
    BOOST_TEST(received->signer.front().common_name == "alice");
    const crypto::ModpKey mine = dh_key(2, group);
    const auto answer = open_dh_response(dh_response(received->init, mine), sent, {});
    BOOST_REQUIRE_MESSAGE(answer.has_value(), error_of(answer));
    BOOST_TEST(answer->signer.front().common_name == "bob");
    const KeyData responder =
        agree_dh(received->init, mine, received->init.message.find<Dh>()->value).value();
    const KeyData initiator = agree_dh(sent, dh_key(1, group), answer->value).value();
    BOOST_TEST((initiator == responder));
    BOOST_TEST(initiator.key.size() == crypto::value_octets(group));
    BOOST_TEST((initiator.validity == KeyValidity{Spi{hex("abcd")}}));
  }
}

BOOST_AUTO_TEST_CASE(every_changed_bit_and_every_cut_of_diffie_hellman_is_refused) {
  const InitMessage init = dh_init();
  check_every_octet(init.octets, [](const Bytes& octets) { return !open_dh_init(octets, {}).has_value(); });
  check_every_octet(dh_response(init, dh_key(2)),
                    [&](const Bytes& octets) { return !open_dh_response(octets, init, {}).has_value(); });
}

BOOST_AUTO_TEST_CASE(diffie_hellman_answers_that_are_not_taken) {
  const InitMessage init = dh_init();
  const Message good = parse_message(dh_response(init, dh_key(2))).value();
  const auto refusal = [&](auto change) {
    Message changed = good;
    change(changed);
    return error_of(open_dh_response(write_message(changed), init, {}));
  };
  BOOST_TEST(refusal([](Message& m) { m.header.csb_id = 1; }) ==
             "CSB ID is 00000001, expected the offer's c0ffee01 (at octet 4)");
  BOOST_TEST(refusal([](Message& m) { std::get<Timestamp>(m.payloads[0]).value = 1; }) ==
             "the timestamp of the answer is not the offer's");
  BOOST_TEST(refusal([](Message& m) { m.payloads.erase(m.payloads.begin() + 3); }) ==
             "the answer has 1 DH payloads, expected DHr and DHi");
  BOOST_TEST(refusal([](Message& m) {
               m.payloads[3] = Dh{DhGroup::oakley_2, Bytes(128, 1), 0, {}};
             }) == "DHr is of group 2, expected 1 as offered");
  BOOST_TEST(refusal([](Message& m) { std::get<Dh>(m.payloads[4]).value[0] ^= 1; }) ==
             "DHi in the answer is not what was offered");
  BOOST_TEST(error_of(open_dh_response(seal_error(init, ErrorNumber::invalid_dh_group).value(), init, {})) ==
             "the other side refused the message: DH group not supported (error 6), which nothing proves");
}

BOOST_AUTO_TEST_CASE(an_error_for_a_message_that_could_not_be_opened) {
  const Message error =
      parse_message(refuse_message(pk_init().octets, ErrorNumber::invalid_certificate).value()).value();
  BOOST_TEST((error.header.data_type == DataType::error));
  BOOST_TEST(error.header.csb_id == 0xC0FFEE01u);
  BOOST_TEST((*error.find<Timestamp>() == plan().timestamp));
  BOOST_TEST((error.find<ErrorPayload>()->number == ErrorNumber::invalid_certificate));
  BOOST_TEST(!refuse_message(hex("01 00 0b 00 00000001 00 00  00 00"), ErrorNumber::unspecified).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
