// X.509 certificates as plain values: parsed once from DER or PEM, then read without a library.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/rsa.hpp"
#include "crypto/usage.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::crypto {

struct Certificate {
  Bytes der;
  std::string subject;                // "CN=gw.example.com,O=Lab" (RFC 2253 order and escapes)
  Bytes subject_der;                  // the same as it stands in the certificate: a Name (RFC 5280 §4.1.2.6)
  std::string issuer;                 // as `subject`
  std::string common_name;            // the subject's last CN; empty when there is none
  std::string serial;                 // hexadecimal, upper case, as openssl prints it
  std::vector<std::string> dns_names; // subjectAltName (RFC 5280 §4.2.1.6)
  std::vector<std::string> uris;
  std::vector<std::string> ip_addresses; // as text
  Instant not_before;
  Instant not_after;
  KeyType key_type = KeyType::other;
  std::size_t key_bits = 0;
  std::optional<Group> curve;     // of an EC key
  Bytes public_key_der;           // SubjectPublicKeyInfo
  bool is_ca = false;             // basicConstraints, and no key usage against it
  std::optional<int> path_length; // CAs that may follow below this one
  // Nothing where the extension is missing, and every use is allowed.
  std::optional<std::vector<KeyUsage>> key_usage;
  std::optional<std::vector<std::string>> purposes; // extendedKeyUsage: "serverAuth"; "1.2.3.4" if unknown
  std::string signature_algorithm;                  // "sha256WithRSAEncryption"

  bool is_self_issued() const { return subject == issuer; }
};

Result<Certificate> parse_certificate(ByteView der);
// Every CERTIFICATE block of the text, in order; at least one. Other blocks and text between are skipped.
Result<std::vector<Certificate>> parse_certificates_pem(std::string_view pem);

std::string to_pem(const Certificate& certificate);
Bytes fingerprint_sha256(const Certificate& certificate);
bool is_for_key(const Certificate& certificate, const PrivateKey& key);
bool allows(const Certificate& certificate, KeyUsage usage);
// `purpose` as in crypto/usage.hpp; anyExtendedKeyUsage allows all.
bool allows(const Certificate& certificate, std::string_view purpose);
// From not_before to not_after, both included (RFC 5280 §4.1.2.5).
bool is_valid_at(const Certificate& certificate, Instant when);

} // namespace sipvet::crypto
