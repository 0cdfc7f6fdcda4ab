#include "mikey/psk.hpp"
#include "mikey/response.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(psk_exchange)

using namespace sipvet;
using namespace sipvet::mikey;

namespace {

// The expected messages were made by an independent implementation (Python's hmac, openssl's AES-CTR).
const ByteView psk = as_bytes("correct horse battery staple, and some more");

constexpr std::string_view init_hex =
    "01000580c0ffee0102000011223344000000010000000000000000000b00e0a1b2c3d4e5f6070610a0a1a2a3a4a5a6a7a8a9aaab"
    "acadaeaf060100117369703a61406578616d706c652e636f6d0a0100117369703a62406578616d706c652e636f6d150000001200"
    "010101011002010103011404010e0b0104010100056d696b65790001002f9f5c55ea5dd8effb2b8334aaeb29238c4aed9b438997"
    "11952432656d7e098663dcf22a361e01b24c41cba9667a2899010129dc6269398d2204da60465e5473a7c3ad8bd6";

constexpr std::string_view verification_hex =
    "01010500c0ffee0102000011223344000000010055667788000000000600e0a1b2c3d4e5f607090100117369703a62406578616d"
    "706c652e636f6d0001889d4d4e6b483a551353ed58abbd84db45a176c6";

// The same with a MAC that covers the message and the timestamp only.
constexpr std::string_view timestamp_only_hex =
    "01010500c0ffee0102000011223344000000010055667788000000000600e0a1b2c3d4e5f607090100117369703a62406578616d"
    "706c652e636f6d0001d2ae74e57bd4b195d79b8b387273958a71723cdc";

constexpr std::string_view sha256_hex =
    "01000501c0ffee0101000011223344000000000b02000000070110a0a1a2a3a4a5a6a7a8a9aaabacadaeaf0003002455acf2fc04"
    "7dc3b10a29fb2a98e2f56f111f7365acb089aad67e2a248ecdeccb95c467d9027041421fad1ec007dd84370ab7300ebb19e492a1"
    "cdaea4597237207d61479294";

InitPlan plan() {
  InitPlan out;
  out.header.csb_id = 0xC0FFEE01;
  out.header.verification_wanted = true;
  out.header.sessions = {{0, 0x11223344, 1}, {0, 0, 0}};
  out.timestamp = {TimestampType::ntp_utc, 0xe0a1b2c3d4e5f607};
  out.rand.value = hex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
  out.initiator = uri_id("sip:a@example.com");
  out.responder = uri_id("sip:b@example.com");
  out.policies = {
      {0,
       srtp_protocol,
       {{0, hex("01")}, {1, hex("10")}, {2, hex("01")}, {3, hex("14")}, {4, hex("0e")}, {11, hex("04")}}}};
  out.extensions = {sdp_ids({"mikey"})};
  KeyData tgk;
  for (unsigned i = 0; i < 40; ++i) tgk.key.push_back(static_cast<std::uint8_t>(7 * i + 3));
  tgk.validity = Spi{hex("abcd")};
  out.keys = {tgk};
  return out;
}

InitMessage init() { return open_psk_init(hex(init_hex), psk).value(); }

} // namespace

BOOST_AUTO_TEST_CASE(the_initiators_message_to_the_octet) {
  const auto sealed = seal_psk_init(plan(), psk);
  BOOST_REQUIRE_MESSAGE(sealed.has_value(), error_of(sealed));
  BOOST_TEST(to_hex(sealed->octets) == init_hex);
  BOOST_TEST((parse_message(sealed->octets).value() == sealed->message));
}

BOOST_AUTO_TEST_CASE(opening_gives_the_keys) {
  const auto opened = open_psk_init(hex(init_hex), psk);
  BOOST_REQUIRE_MESSAGE(opened.has_value(), error_of(opened));
  BOOST_TEST((opened->keys == plan().keys));
  BOOST_TEST((opened->timestamp() == plan().timestamp));
  BOOST_TEST((opened->rand() == plan().rand));
}

BOOST_AUTO_TEST_CASE(sha256_aes256_and_a_counter) {
  const auto opened = open_psk_init(hex(sha256_hex), psk);
  BOOST_REQUIRE_MESSAGE(opened.has_value(), error_of(opened));
  BOOST_REQUIRE(opened->keys.size() == 1);
  BOOST_TEST((opened->keys[0].kind == KeyKind::tek_with_salt));
  BOOST_TEST(to_hex(opened->keys[0].key) == "0102030405060708090a0b0c0d0e0f10");
  BOOST_TEST(to_hex(opened->keys[0].salt) == "2122232425262728292a2b2c2d2e");
}

BOOST_AUTO_TEST_CASE(unencrypted_keys) {
  InitPlan open_plan = plan();
  open_plan.encryption = Encryption::null;
  const InitMessage sealed = seal_psk_init(open_plan, psk).value();
  BOOST_TEST(to_hex(sealed.octets).find(to_hex(open_plan.keys[0].key)) != std::string::npos);
  BOOST_TEST((open_psk_init(sealed.octets, psk).value().keys == open_plan.keys));
}

BOOST_AUTO_TEST_CASE(every_changed_bit_and_every_cut_is_refused) {
  const Bytes good = hex(init_hex);
  for (std::size_t i = 0; i < good.size(); ++i) {
    BOOST_TEST(!open_psk_init(ByteView(good).first(i), psk).has_value(), "accepted " << i << " octets");
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes changed = good;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ 1u << bit);
      BOOST_TEST(!open_psk_init(changed, psk).has_value(), "accepted with octet " << i << " changed");
    }
  }
}

BOOST_AUTO_TEST_CASE(errors_say_what_is_wrong) {
  BOOST_TEST(error_of(open_psk_init(hex(init_hex), as_bytes("secret"))) ==
             "the MAC is wrong: another pre-shared key, or the message was changed (at octet 182)");
  BOOST_TEST(error_of(open_psk_init(hex(init_hex), {})) ==
             "key to derive from is empty, expected at least one octet");
  BOOST_TEST(error_of(open_psk_init(hex(verification_hex), psk)) ==
             "expected a pre-shared key message, not a pre-shared key verification message (at octet 1)");
  BOOST_TEST(error_of(open_psk_init(hex("01 00 0b 00 00000001 00 00  00 00"), psk)) ==
             "pre-shared key message has no T (5) payload");
  BOOST_TEST(error_of(open_psk_init(hex("01 00 05 00 00000001 00 00  01 02 00000001  00 00 0000 00"), psk)) ==
             "pre-shared key message has no RAND (11) payload");
  BOOST_TEST(
      error_of(open_psk_init(hex("01 00 05 00 00000001 00 00  01 02 00000001  0b 00 0000 00  00 00"), psk)) ==
      "the last payload is RAND (11), expected KEMAC (1), whose MAC covers everything before it");
  BOOST_TEST(
      error_of(open_psk_init(hex("01 00 05 00 00000001 00 00  0b 02 00000001  01 00  00 00 0000 00"), psk)) ==
      "the message is not authenticated: its MAC algorithm is NULL (at octet 22)");
}

BOOST_AUTO_TEST_CASE(key_wrap_is_refused_by_name) {
  InitPlan wrapped = plan();
  wrapped.encryption = Encryption::aes_kw_128;
  BOOST_TEST(error_of(seal_psk_init(wrapped, psk)) == "key data encryption AES-KW-128 is not supported");
}

BOOST_AUTO_TEST_CASE(key_data_that_make_no_sense) {
  InitPlan empty = plan();
  empty.keys.clear();
  const InitMessage sealed = seal_psk_init(empty, psk).value();
  BOOST_TEST(error_of(open_psk_init(sealed.octets, psk)) ==
             "decrypted key data: next key data sub-payload needs 1 octets, only 0 are left (at octet 0)");
}

BOOST_AUTO_TEST_CASE(the_verification_message_to_the_octet) {
  const VerificationPlan answer{uri_id("sip:b@example.com"), {{0, 0x11223344, 1}, {0, 0x55667788, 0}}};
  const auto sealed = seal_verification(init(), answer, psk);
  BOOST_REQUIRE_MESSAGE(sealed.has_value(), error_of(sealed));
  BOOST_TEST(to_hex(*sealed) == verification_hex);
}

BOOST_AUTO_TEST_CASE(checking_the_verification_message) {
  const auto answer = open_verification(hex(verification_hex), init(), psk);
  BOOST_REQUIRE_MESSAGE(answer.has_value(), error_of(answer));
  BOOST_TEST((answer->cover == VerificationCover::identities_and_timestamp));
  BOOST_TEST(answer->message.header.sessions[1].ssrc == 0x55667788u);
}

BOOST_AUTO_TEST_CASE(a_mac_that_leaves_out_the_identities_is_told_apart) {
  const auto answer = open_verification(hex(timestamp_only_hex), init(), psk);
  BOOST_REQUIRE_MESSAGE(answer.has_value(), error_of(answer));
  BOOST_TEST((answer->cover == VerificationCover::timestamp_only));
}

BOOST_AUTO_TEST_CASE(every_changed_bit_and_every_cut_of_the_answer_is_refused) {
  const Bytes good = hex(verification_hex);
  const InitMessage offer = init();
  for (std::size_t i = 0; i < good.size(); ++i) {
    BOOST_TEST(!open_verification(ByteView(good).first(i), offer, psk).has_value(),
               "accepted " << i << " octets");
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes changed = good;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ 1u << bit);
      BOOST_TEST(!open_verification(changed, offer, psk).has_value(),
                 "accepted with octet " << i << " changed");
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_to_another_offer) {
  InitPlan other = plan();
  other.timestamp.value += 1;
  const InitMessage later = seal_psk_init(other, psk).value();
  BOOST_TEST(
      error_of(open_verification(hex(verification_hex), later, psk)) ==
      "the verification MAC is wrong: another pre-shared key, another offer, or the answer was changed (at "
      "octet 61)");
  other.header.csb_id = 1;
  const InitMessage elsewhere = seal_psk_init(other, psk).value();
  BOOST_TEST(error_of(open_verification(hex(verification_hex), elsewhere, psk)) ==
             "CSB ID is c0ffee01, expected the offer's 00000001 (at octet 4)");
}

BOOST_AUTO_TEST_CASE(an_error_message_is_read_out) {
  const auto sealed = seal_error(init(), ErrorNumber::invalid_policy);
  BOOST_REQUIRE(sealed.has_value());
  BOOST_TEST(
      error_of(open_verification(*sealed, init(), psk)) ==
      "the other side refused the message: security policy type not supported (error 9), which nothing "
      "proves");
  const Bytes proven = seal_error(init(), ErrorNumber::invalid_policy, psk).value();
  BOOST_TEST(error_of(open_verification(proven, init(), psk)) ==
             "the other side refused the message: security policy type not supported (error 9)");
  BOOST_TEST(error_of(open_verification(proven, init(), as_bytes("another"))).ends_with("nothing proves"));
  const Message plain = parse_message(*sealed).value();
  BOOST_TEST((plain.header.data_type == DataType::error));
  BOOST_TEST(plain.find<Verification>() == nullptr);
  const Message keyed = parse_message(seal_error(init(), ErrorNumber::invalid_id, psk).value()).value();
  BOOST_REQUIRE(keyed.find<Verification>() != nullptr);
  BOOST_TEST(keyed.find<Verification>()->mac.size() == 20);
}

BOOST_AUTO_TEST_SUITE_END()
