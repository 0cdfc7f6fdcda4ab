// PEM text, certificates, requests, PKCS #7 and private keys from any octets.
#include "crypto/certificate.hpp"
#include "crypto/certificate_request.hpp"
#include "crypto/certificate_text.hpp"
#include "crypto/lab_ca.hpp"
#include "crypto/pem.hpp"
#include "crypto/pkcs7.hpp"

#include "base/random.hpp"

#include <string>

using namespace sipvet;
using namespace sipvet::crypto;

std::vector<std::string> fuzz_seeds();
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

std::vector<std::string> fuzz_seeds() {
  SeededRandom random(1);
  LabCa ca = LabCa::create(random, Instant{}, "fuzz", 512).value();
  LabCa::Request request;
  request.common_name = "leaf";
  request.dns_names = {"a.example"};
  request.uris = {"sip:a.example"};
  request.ips = {"192.0.2.1", "2001:db8::1"};
  request.rsa_bits = 512;
  const Identity leaf = ca.issue(request).value();
  const Certificate parsed = parse_certificates_pem(leaf.certificate_pem).value().front();
  const std::string asked =
      make_certificate_request(ca.key(), {.subject = {{"CN", "leaf"}}, .uris = {"sip:a"}}, random).value();
  const Bytes chain = make_pkcs7(std::vector{parsed, ca.certificate()}).value();
  return {leaf.certificate_pem,
          leaf.private_key_pem,
          std::string(as_text(parsed.der)),
          asked,
          std::string(as_text(parse_certificate_request_pem(asked).value().der)),
          std::string(as_text(chain)),
          "CN=a,O=b\\,c"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView octets(data, size);
  (void)parse_certificate(octets);
  if (const auto parsed = parse_certificates_pem(as_text(octets))) (void)pem_with_text(*parsed);
  (void)parse_certificate_request(octets);
  (void)parse_certificate_request_pem(as_text(octets));
  (void)parse_pkcs7(as_text(octets));
  (void)parse_subject(as_text(octets));
  (void)PrivateKey::from_pem(as_text(octets));
  return 0;
}
