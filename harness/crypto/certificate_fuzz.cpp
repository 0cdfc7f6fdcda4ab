// PEM text, certificates and private keys from any octets.
#include "crypto/certificate.hpp"
#include "crypto/lab_ca.hpp"
#include "crypto/pem.hpp"

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
  return {leaf.certificate_pem, leaf.private_key_pem, std::string(as_text(parsed.der))};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView octets(data, size);
  (void)parse_certificate(octets);
  (void)parse_certificates_pem(as_text(octets));
  (void)PrivateKey::from_pem(as_text(octets));
  return 0;
}
