#include "base/hex.hpp"
#include "rtp/sequence.hpp"
#include "rtp/srtp_suite.hpp"
#include "rtp/telephone_event.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::rtp;

BOOST_AUTO_TEST_SUITE(telephone_event)

// RFC 4733 §2.3: event, E and R bits with the volume, duration.
BOOST_AUTO_TEST_CASE(payload) {
  const auto digit = parse_telephone_event(from_hex("058a0320").value());
  BOOST_REQUIRE(digit);
  BOOST_TEST((*digit == TelephoneEvent{5, true, 10, 800}));
  BOOST_TEST(to_hex(serialize(*digit)) == "058a0320");
  BOOST_TEST((*parse_telephone_event(from_hex("0b4a00a0").value()) == TelephoneEvent{11, false, 10, 160}));
  BOOST_TEST(!parse_telephone_event(from_hex("058a03").value()));
  BOOST_TEST(!parse_telephone_event(from_hex("058a032000").value()));
}

BOOST_AUTO_TEST_CASE(keys) {
  BOOST_TEST((event_of_key('0') == 0));
  BOOST_TEST((event_of_key('*') == 10));
  BOOST_TEST((event_of_key('#') == 11));
  BOOST_TEST((event_of_key('d') == 15));
  BOOST_TEST(!event_of_key('E'));
  BOOST_TEST(!event_of_key('\0'));
  BOOST_TEST((key_of_event(12) == 'A'));
  BOOST_TEST(!key_of_event(16));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sequence)

BOOST_AUTO_TEST_CASE(wraps_in_both_directions) {
  SequenceUnwrapper unwrap;
  BOOST_TEST(!unwrap.highest());
  BOOST_TEST(unwrap.extend(65534) == 65536u + 65534);
  BOOST_TEST(unwrap.extend(0) == 2 * 65536u);
  BOOST_TEST(unwrap.extend(65535) == 65536u + 65535); // late, from before the wrap
  BOOST_TEST(unwrap.extend(1) == 2 * 65536u + 1);
  BOOST_TEST((unwrap.highest() == 2 * 65536u + 1));
  BOOST_TEST(unwrap.extend(1) == 2 * 65536u + 1);
}

BOOST_AUTO_TEST_CASE(what_comes_before_the_first_has_a_place) {
  SequenceUnwrapper unwrap;
  BOOST_TEST(unwrap.extend(1) == 65537u);
  BOOST_TEST(unwrap.extend(65535) == 65535u);
  BOOST_TEST((unwrap.highest() == 65537u));
}

BOOST_AUTO_TEST_CASE(many_cycles) {
  SequenceUnwrapper unwrap;
  std::uint64_t expected = 65536;
  for (unsigned i = 0; i < 300000; i += 3, expected += 3) {
    BOOST_REQUIRE(unwrap.extend(static_cast<std::uint16_t>(i)) == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(srtp_suite)

BOOST_AUTO_TEST_CASE(lengths_of_the_standards) {
  const auto& aes = info(SrtpSuite::aes_cm_128_hmac_sha1_32);
  BOOST_TEST(aes.key_octets + aes.salt_octets == 30u); // RFC 4568 §6.2.1
  BOOST_TEST(aes.rtp_tag_octets == 4u);
  BOOST_TEST(aes.rtcp_tag_octets == 10u);
  BOOST_TEST(info(SrtpSuite::aes_256_cm_hmac_sha1_80).key_octets == 32u); // RFC 6188 §4
  BOOST_TEST(info(SrtpSuite::aes_192_cm_hmac_sha1_80).key_octets == 24u);
  BOOST_TEST(info(SrtpSuite::aead_aes_256_gcm).salt_octets == 12u); // RFC 7714 §12
  BOOST_TEST(info(SrtpSuite::aead_aes_256_gcm).rtcp_tag_octets == 16u);
}

BOOST_AUTO_TEST_CASE(names) {
  for (const auto& suite : srtp_suites()) {
    BOOST_TEST((find_srtp_suite(suite.name) == suite.suite));
    BOOST_TEST(name(suite.suite) == suite.name);
  }
  BOOST_TEST((find_srtp_suite("aes_cm_128_hmac_sha1_80") == SrtpSuite::aes_cm_128_hmac_sha1_80));
  BOOST_TEST(!find_srtp_suite("F8_128_HMAC_SHA1_80"));
  BOOST_TEST(!find_srtp_suite(""));
}

BOOST_AUTO_TEST_SUITE_END()
