// Requests for certificates (PKCS #10, RFC 2986): made for a key, read, and checked.
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/distinguished_name.hpp"
#include "crypto/hash.hpp"
#include "crypto/rsa.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::crypto {

struct CertificateRequest {
  Bytes der;
  std::string subject; // "CN=gw.example.com,O=Lab" (RFC 2253 order and escapes)
  Bytes subject_der;
  std::string common_name;            // the subject's last CN; empty when there is none
  std::vector<std::string> dns_names; // subjectAltName of the extensionRequest attribute (RFC 2985 §5.4.2)
  std::vector<std::string> uris;
  std::vector<std::string> ip_addresses; // as text
  KeyType key_type = KeyType::other;
  std::size_t key_bits = 0;
  std::optional<Group> curve;      // of an EC key
  Bytes public_key_der;            // SubjectPublicKeyInfo
  std::string signature_algorithm; // "sha256WithRSAEncryption"
  // The key in the request made its signature: whoever asks has the private key (RFC 2986 §3).
  bool is_signed_by_its_key = false;
};

Result<CertificateRequest> parse_certificate_request(ByteView der);
// The first CERTIFICATE REQUEST block of the text.
Result<CertificateRequest> parse_certificate_request_pem(std::string_view pem);

struct RequestContents {
  std::vector<SubjectField> subject = {};
  std::vector<std::string> dns_names = {};
  std::vector<std::string> uris = {};
  std::vector<std::string> ips = {}; // as text
  Hash digest = Hash::sha256;
};
// PEM. Fails on subject fields and names that have no place in a certificate.
Result<std::string> make_certificate_request(const PrivateKey& key, const RequestContents& contents,
                                             Random& random);

} // namespace sipvet::crypto
