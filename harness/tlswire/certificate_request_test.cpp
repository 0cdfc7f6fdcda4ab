// CertificateRequest and CertificateVerify, against messages of OpenSSL and RFC 8446 §4.4.3.
#include "tlswire/certificate_request.hpp"

#include "crypto/hash.hpp"
#include "tlswire/certificate_verify.hpp"
#include "tlswire/openssl_trace.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/test_codec.hpp"
#include "tlswire/version.hpp"

using namespace sipvet;
using namespace sipvet::tlswire;
using namespace sipvet::tlswire::testing;
namespace trace = sipvet::tlswire::openssl_trace;

namespace {

auto request_parser(std::uint16_t version) {
  return [version](ByteView body) { return parse_certificate_request(body, version); };
}
auto verify_parser(std::uint16_t version) {
  return [version](ByteView body) { return parse_certificate_verify(body, version); };
}

// CN=gw.
const Bytes gw_name = trace::hex("300d310b300906035504030c026777");

} // namespace

BOOST_AUTO_TEST_SUITE(certificate_request)

BOOST_AUTO_TEST_CASE(types_and_authorities_of_tls10) {
  const ByteView body = body_of(trace::tls10::certificate_request);
  const auto request = parse_certificate_request(body, tls1_0).value();
  BOOST_TEST((request.certificate_types == Bytes{1, 2, 64}));
  BOOST_TEST(request.signature_schemes.empty());
  BOOST_TEST((request.authorities == std::vector<Bytes>{gw_name}));
  BOOST_TEST((write_certificate_request(request, tls1_1) == to_bytes(body)));
  check_only_whole(body, request_parser(tls1_1));
  BOOST_TEST(bool(parse_certificate_request(Bytes{1, 1, 0, 0}, tls1_0))); // from anybody
}

BOOST_AUTO_TEST_CASE(schemes_of_tls12) {
  const ByteView body = body_of(trace::tls12::certificate_request);
  const auto request = parse_certificate_request(body, tls1_2).value();
  BOOST_TEST((request.certificate_types == Bytes{1, 2, 64}));
  BOOST_TEST(request.signature_schemes.size() == 20u);
  BOOST_TEST(request.signature_schemes.front() == 0x0403);
  BOOST_TEST((request.authorities == std::vector<Bytes>{gw_name}));
  BOOST_TEST((write_certificate_request(request, tls1_2) == to_bytes(body)));
  check_only_whole(body, request_parser(tls1_2));
}

BOOST_AUTO_TEST_CASE(extensions_of_tls13) {
  const ByteView body = body_of(trace::tls13::certificate_request);
  const auto request = parse_certificate_request(body, tls1_3).value();
  BOOST_TEST(request.context.empty());
  BOOST_TEST(request.extensions.has(extension::certificate_authorities));
  const Extension* schemes = request.extensions.find(extension::signature_algorithms);
  BOOST_REQUIRE(schemes != nullptr);
  BOOST_TEST(parse_signature_algorithms(schemes->body).value().size() == 16u);
  BOOST_TEST((write_certificate_request(request, tls1_3) == to_bytes(body)));
  check_only_whole(body, request_parser(tls1_3));

  CertificateRequest later = request;
  later.context = {1, 2, 3};
  BOOST_TEST((parse_certificate_request(write_certificate_request(later, tls1_3), tls1_3).value() == later));
}

BOOST_AUTO_TEST_CASE(lists_that_must_not_be_empty) {
  const auto refused = [](const Bytes& body, std::uint16_t version) {
    return why(parse_certificate_request(body, version));
  };
  BOOST_TEST(refused({0, 0, 0}, tls1_1) == "expected one certificate type or more (at octet 1)");
  BOOST_TEST(refused({1, 1, 0, 2, 0, 0}, tls1_1) == "expected a name of 1 octet or more (at octet 6)");
  BOOST_TEST(refused({1, 1, 0, 0, 0, 0}, tls1_2) == "expected one signature scheme or more (at octet 4)");
  BOOST_TEST(!parse_certificate_request(Bytes{1, 1, 0, 3, 4, 3, 5, 0, 0}, tls1_2)); // half a scheme
  BOOST_TEST(refused({0, 0, 0}, tls1_3) == "expected extensions in a CertificateRequest (at octet 1)");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(certificate_verify)

BOOST_AUTO_TEST_CASE(with_and_without_scheme) {
  const auto old = parse_certificate_verify(body_of(trace::tls10::certificate_verify), tls1_1).value();
  BOOST_TEST(!old.signature_scheme.has_value());
  BOOST_TEST(old.signature.size() == 256u);
  BOOST_TEST((write_certificate_verify(old, tls1_0) == to_bytes(body_of(trace::tls10::certificate_verify))));
  check_only_whole(body_of(trace::tls10::certificate_verify), verify_parser(tls1_0));

  for (const Bytes* message :
       {&trace::tls12::certificate_verify, &trace::tls13::certificate_verify, &rfc8448::certificate_verify}) {
    const ByteView body = body_of(*message);
    const auto verify = parse_certificate_verify(body, tls1_2).value();
    BOOST_TEST((verify.signature_scheme == 0x0804));
    BOOST_TEST((write_certificate_verify(verify, tls1_3) == to_bytes(body)));
    check_only_whole(body, verify_parser(tls1_3));
  }
  BOOST_TEST((write_certificate_verify({std::nullopt, {9}}, tls1_2) == Bytes{0, 0, 0, 1, 9}));
}

// The RFC's own example: a hash of 32 octets of 01.
BOOST_AUTO_TEST_CASE(content_of_rfc8446) {
  Bytes expected = trace::hex("2020202020202020202020202020202020202020202020202020202020202020"
                              "2020202020202020202020202020202020202020202020202020202020202020"
                              "544c5320312e332c2073657276657220436572746966696361746556657269667900"
                              "0101010101010101010101010101010101010101010101010101010101010101");
  BOOST_TEST((certificate_verify_content_13(Side::server, Bytes(32, 1)) == expected));
  const Bytes client = certificate_verify_content_13(Side::client, Bytes(48, 2));
  BOOST_TEST(as_text(ByteView(client).subspan(64, 33)) == "TLS 1.3, client CertificateVerify");
  BOOST_TEST(client[97] == 0);
  BOOST_TEST(client.size() == 64u + 34 + 48);
}

// What the signature that RFC 8448 §3 prints was verified to cover.
BOOST_AUTO_TEST_CASE(content_of_rfc8448) {
  Bytes messages;
  for (const Bytes* message : {&rfc8448::client_hello, &rfc8448::server_hello, &rfc8448::encrypted_extensions,
                               &rfc8448::certificate})
    append(messages, *message);
  const Bytes content =
      certificate_verify_content_13(Side::server, crypto::digest(crypto::Hash::sha256, messages));
  BOOST_TEST(to_hex(ByteView(content).last(33)) ==
             "00764d6632b3c35c3f3205e3499ac3edbaabb88295fba751461d3678e2e5ea0687");
}

BOOST_AUTO_TEST_SUITE_END()
