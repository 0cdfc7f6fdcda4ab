// A certificate authority made at run time, for tests and scenarios: everything it makes follows from the
// Random and the Instant it is given, so a seeded run has the same certificates to the byte.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "crypto/certificate_request.hpp"
#include "crypto/rsa.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::crypto {

struct Identity {
  std::string certificate_pem; // the leaf, then the CAs between it and the root; the root is not part of it
  std::string private_key_pem; // PKCS#8, not encrypted
};

class LabCa {
 public:
  // The defaults make an honest certificate; each field can make it a wrong one.
  struct Request {
    std::string common_name = {};
    std::vector<SubjectField> subject = {}; // fields before the common name, which may then be empty
    std::vector<std::string> dns_names = {};
    std::vector<std::string> uris = {}; // "sip:example.com" (RFC 5922 §7.1)
    std::vector<std::string> ips = {};  // as text
    // The key: this one, else a new one of this curve, else a new RSA key of this many bits.
    std::optional<PrivateKey> key = std::nullopt;
    std::optional<Group> curve = std::nullopt;
    int rsa_bits = 2048;
    // Default: from a day before the CA's `now` to a year after it.
    std::optional<Instant> not_before = std::nullopt;
    std::optional<Instant> not_after = std::nullopt;
    bool server_usage = true;                     // extendedKeyUsage serverAuth
    bool client_usage = true;                     // extendedKeyUsage clientAuth
    std::vector<std::string> other_purposes = {}; // more of extendedKeyUsage: "emailProtection"; with none of
                                                  // these three the extension is left out
    // Default: what TLS needs of the key, or a CA of its own. Empty: the extension is left out.
    std::optional<std::vector<KeyUsage>> key_usage = std::nullopt;
    Hash digest = Hash::sha256; // of the signature
    bool is_ca = false;
    std::optional<int> path_length = std::nullopt; // of a CA: how many may follow below it
    bool self_signed = false;                      // signed with its own key instead of the CA's
  };

  // Makes a self-signed root valid for ten years from the day before `now`. Fails when a name has no place in
  // a certificate (empty, or longer than X.520's 64 characters).
  static Result<LabCa> create(Random& random, Instant now, std::string name = "sipvet lab CA",
                              int rsa_bits = 2048);
  // The same with all there is to say about the root; is_ca and self_signed are set here.
  static Result<LabCa> create(Random& random, Instant now, Request root);
  // A CA from files: its certificate, after which the CAs above it may follow. Fails when the key is not the
  // certificate's; not when the certificate is no CA's, which is a way to make a wrong chain.
  static Result<LabCa> from_pem(std::string_view certificates, const PrivateKey& key, Random& random,
                                Instant now);

  // Draw from the Random given to create(), which must still be alive. Fail on an IP address that is none,
  // and the like.
  Result<Identity> issue(const Request& request);
  // A CA below this one; is_ca is set here.
  Result<LabCa> issue_intermediate(Request request);
  // A certificate for the subject, names and key of `request`; what `terms` says of those is not looked at.
  // Fails when the request was not signed by its own key. PEM, as Identity has it.
  Result<std::string> sign(const CertificateRequest& request, const Request& terms);

  const std::string& root_pem() const { return root_pem_; }
  // This CA's own.
  const Certificate& certificate() const { return certificate_; }
  const std::string& root_key_pem() const { return key_pem_; }
  const PrivateKey& key() const { return key_; }

 private:
  LabCa(Random& random, Instant now, PrivateKey key, Certificate certificate);

  Random* random_;
  Instant now_;
  PrivateKey key_;
  std::string key_pem_;
  Certificate certificate_;
  std::string root_pem_; // the self-signed one above, or the certificate itself when that is not known
  std::string intermediates_pem_; // from this CA's own up to below the root
};

} // namespace sipvet::crypto
