#include "crypto/pkcs7.hpp"

#include "crypto/lab_ca.hpp"
#include "crypto/pem.hpp"
#include "crypto/test_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

struct Chain {
  SeededRandom random{81};
  LabCa ca = LabCa::create(random, Instant{}, "root", 1024).value();
  LabCa middle = ca.issue_intermediate({.common_name = "middle", .rsa_bits = 1024}).value();
  std::vector<Certificate> certificates{middle.certificate(), ca.certificate()};
  Scratch scratch;
};

std::vector<Bytes> ders_of(const std::vector<Certificate>& certificates) {
  std::vector<Bytes> out;
  for (const Certificate& each : certificates) out.push_back(each.der);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pkcs7)

BOOST_FIXTURE_TEST_CASE(the_openssl_program_reads_ours, Chain) {
  const Bytes der = make_pkcs7(certificates).value();
  scratch.write("chain.p7b", der);
  const std::string printed = scratch.openssl("pkcs7 -inform DER -in chain.p7b -print_certs");
  BOOST_TEST((ders_of(parse_certificates_pem(printed).value()) == ders_of(certificates)));
  scratch.write("chain.pem", to_pem("PKCS7", der));
  BOOST_TEST(scratch.openssl("pkcs7 -in chain.pem -print_certs") == printed);
}

BOOST_FIXTURE_TEST_CASE(we_read_the_openssl_programs, Chain) {
  scratch.write("certificates", to_pem(certificates[0]) + to_pem(certificates[1]));
  BOOST_TEST(scratch.openssl("crl2pkcs7 -nocrl -certfile certificates -out chain.pem") == "");
  BOOST_TEST(scratch.openssl("crl2pkcs7 -nocrl -certfile certificates -outform DER -out chain.p7b") == "");
  const std::string pem = scratch.read("chain.pem");
  const std::string der = scratch.read("chain.p7b");
  BOOST_TEST((ders_of(parse_pkcs7(pem).value()) == ders_of(certificates)));
  BOOST_TEST((ders_of(parse_pkcs7(der).value()) == ders_of(certificates)));
  BOOST_TEST((make_pkcs7(certificates).value() == to_bytes(der)));
  // With text before, under the names that others give the block.
  for (const std::string_view label : {"CMS", "CERTIFICATE", "PKCS #7 SIGNED DATA"})
    BOOST_TEST(parse_pkcs7("a chain\n" + to_pem(label, as_bytes(der))).value().size() == 2u, label);
}

BOOST_FIXTURE_TEST_CASE(signed_mail_is_read_for_its_certificates, Chain) {
  scratch.write("root", to_pem(certificates[1]));
  scratch.write("key", ca.root_key_pem());
  scratch.write("in", std::string_view("text"));
  scratch.openssl("cms -sign -in in -signer root -inkey key -outform DER -out signed -nodetach");
  BOOST_TEST((parse_pkcs7(scratch.read("signed")).value().front().der == certificates[1].der));
}

BOOST_FIXTURE_TEST_CASE(what_is_no_chain_is_refused, Chain) {
  const Bytes der = make_pkcs7(certificates).value();
  for (std::size_t size = 0; size < der.size(); size += 13)
    BOOST_TEST(!parse_pkcs7(as_text(ByteView(der).first(size))));
  Bytes longer = der;
  longer.push_back(0);
  BOOST_TEST((parse_pkcs7(as_text(longer)).error().offset == der.size()));
  BOOST_TEST(parse_pkcs7(as_text(make_pkcs7({}).value())).error().what ==
             "there is no certificate in the PKCS #7 data");
  BOOST_TEST(parse_pkcs7(to_pem("PRIVATE KEY", der)).error().what ==
             "there is no PKCS #7: expected a PEM block PKCS7");
  const auto plain = parse_pkcs7("x\n" + to_pem(certificates[0]));
  BOOST_TEST(plain.error().what.starts_with("expected PKCS #7: "));
  BOOST_TEST((plain.error().offset == 2u));
  // pkcs7-data, with the octets "x"
  const Bytes data{0x30, 0x10, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                   0x0d, 0x01, 0x07, 0x01, 0xa0, 0x03, 0x04, 0x01, 'x'};
  BOOST_TEST(parse_pkcs7(as_text(data)).error().what == "expected signed data in the PKCS #7 data");
  BOOST_TEST(!make_pkcs7(std::vector<Certificate>(1)));
}

BOOST_AUTO_TEST_SUITE_END()
