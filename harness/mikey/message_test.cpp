#include "mikey/message.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(message)

using namespace sipvet;
using namespace sipvet::mikey;

namespace {

// HDR, T, RAND, DH, SIGN: a Diffie-Hellman message, whose last payload has no next-payload octet (RFC 3830
// §6.5).
Bytes dh_message() {
  return hex("01 04 05 00 00000009 00 00  0b 02 00000001  03 02 abcd  04 01" + std::string(192, 'e') +
             "00  0004 01020304");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_chain_that_ends_in_a_signature) {
  const Bytes octets = dh_message();
  const auto message = parse_message(octets);
  BOOST_REQUIRE_MESSAGE(message.has_value(), error_of(message));
  BOOST_REQUIRE(message->payloads.size() == 4);
  BOOST_TEST((type_of(message->payloads[2]) == PayloadType::dh));
  BOOST_REQUIRE(message->find<Sign>() != nullptr);
  BOOST_TEST((message->find<Sign>()->signature == hex("01020304")));
  BOOST_TEST(message->find<Kemac>() == nullptr);
  BOOST_TEST((write_message(*message) == octets));
}

BOOST_AUTO_TEST_CASE(every_cut_is_noticed) {
  const Bytes octets = dh_message();
  for (std::size_t length = 0; length < octets.size(); ++length)
    BOOST_TEST(!parse_message(ByteView(octets).first(length)).has_value(),
               "accepted with " << length << " octets");
}

BOOST_AUTO_TEST_CASE(a_header_alone) {
  BOOST_TEST(parse_message(hex("01 06 00 00 00000009 00 00")).has_value());
}

BOOST_AUTO_TEST_CASE(every_payload_in_one_message) {
  Message message;
  message.header.sessions = {{0, 1, 0}};
  message.payloads = {Timestamp{TimestampType::counter, 4},
                      Rand{hex("0102")},
                      uri_id("sip:a"),
                      Certificate{CertificateType::x509, hex("3000")},
                      CertificateHash{CertificateHashFunction::md5, Bytes(16, 1)},
                      SecurityPolicy{0, 0, {{0, hex("01")}}},
                      ErrorPayload{ErrorNumber::invalid_id, 0},
                      GeneralExtension{ExtensionType::vendor_id, hex("aa")},
                      Pke{EnvelopeCache::yes, hex("bb")},
                      Dh{DhGroup::oakley_1, Bytes(96, 2), 0, {}},
                      Verification{Mac::null, {}},
                      Kemac{Encryption::null, hex("cc"), Mac::null, {}},
                      Sign{SignatureType::rsa_pkcs1, hex("dd")}};
  const auto parsed = parse_message(write_message(message));
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), error_of(parsed));
  BOOST_TEST((*parsed == message));
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  BOOST_TEST(error_of(parse_message(hex("01 00 00 00 00000009 00 00 ff"))) ==
             "MIKEY message has 1 octets too many (at octet 10)");
  BOOST_TEST(error_of(parse_message(hex("01 00 63 00 00000009 00 00 00 00"))) ==
             "payload 99 is not known at the top level of a message (at octet 11)");
  BOOST_TEST(error_of(parse_message(hex("01 00 14 00 00000009 00 00 00 00 0000"))) ==
             "key data (20) is not known at the top level of a message (at octet 11)");
  BOOST_TEST(error_of(parse_message(hex("01 00 0b 00 00000009 00 00"))) ==
             "next payload after RAND (11) needs 1 octets, only 0 are left (at octet 10)");
  BOOST_TEST(!parse_message({}).has_value());
  BOOST_TEST(!parse_message(Bytes(max_message_octets + 1, 1)).has_value());
}

BOOST_AUTO_TEST_CASE(an_endless_chain) {
  Bytes octets = hex("01 00 0b 00 00000009 00 00");
  for (std::size_t i = 0; i <= max_payloads; ++i) append(octets, hex("0b 00"));
  BOOST_TEST(error_of(parse_message(octets)) == "more than 512 payloads (at octet 1034)");
}

BOOST_AUTO_TEST_SUITE_END()
