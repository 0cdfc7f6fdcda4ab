#include "mikey/certificate.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(certificate)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(a_certificate_or_its_address) {
  check_payload(&parse_certificate, "00 0003 308201", {CertificateType::x509, hex("308201")});
  check_payload(&parse_certificate, "01 0004 68747470", {CertificateType::x509_url, to_bytes("http")});
}

BOOST_AUTO_TEST_SUITE_END()
