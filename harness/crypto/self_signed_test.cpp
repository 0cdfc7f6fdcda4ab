#include "crypto/self_signed.hpp"

#include "crypto/certificate.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;
using namespace std::chrono_literals;

namespace {

const Instant now{std::chrono::seconds(1767225600)};

} // namespace

BOOST_AUTO_TEST_SUITE(self_signed)

BOOST_AUTO_TEST_CASE(a_certificate_for_its_own_key_that_repeats_with_the_seed) {
  SeededRandom one(1), same(1), other(2);
  const Identity made = make_self_signed("gateway", one, now).value();
  const Certificate certificate = parse_certificates_pem(made.certificate_pem).value().front();
  BOOST_TEST(certificate.subject == "CN=gateway");
  BOOST_TEST(certificate.is_self_issued());
  BOOST_TEST(is_for_key(certificate, PrivateKey::from_pem(made.private_key_pem).value()));
  BOOST_TEST((certificate.curve == Group::secp256r1));
  BOOST_TEST((is_valid_at(certificate, now) && !is_valid_at(certificate, now + 31 * 24h)));
  BOOST_TEST(make_self_signed("gateway", same, now).value().certificate_pem == made.certificate_pem);
  BOOST_TEST(make_self_signed("gateway", other, now).value().certificate_pem != made.certificate_pem);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_too_long_is_refused) {
  SeededRandom random(1);
  BOOST_TEST(!make_self_signed(std::string(65, 'x'), random, now));
}

BOOST_AUTO_TEST_SUITE_END()
