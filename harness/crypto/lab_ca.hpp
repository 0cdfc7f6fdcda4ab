// A certificate authority made at run time, for tests and scenarios: everything it makes follows from the
// Random and the Instant it is given, so a seeded run has the same certificates to the byte.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/rsa.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::crypto {

struct Identity {
  std::string certificate_pem; // the leaf; the root is not part of it
  std::string private_key_pem; // PKCS#8, not encrypted
};

class LabCa {
 public:
  struct Request {
    std::string common_name = {};
    std::vector<std::string> dns_names = {};
    std::vector<std::string> uris = {}; // "sip:example.com" (RFC 5922 §7.1)
    std::vector<std::string> ips = {};  // as text
    int rsa_bits = 2048;
    // Default: from a day before the CA's `now` to a year after it.
    std::optional<Instant> not_before = std::nullopt;
    std::optional<Instant> not_after = std::nullopt;
    bool server_usage = true; // extendedKeyUsage serverAuth
    bool client_usage = true; // extendedKeyUsage clientAuth
  };

  // Makes a self-signed root valid for ten years from the day before `now`. Fails when a name has no place in
  // a certificate (empty, or longer than X.520's 64 characters).
  static Result<LabCa> create(Random& random, Instant now, std::string name = "sipvet lab CA",
                              int rsa_bits = 2048);

  // Draws from the Random given to create(), which must still be alive. Fails on an IP address that is none,
  // and the like.
  Result<Identity> issue(const Request& request);

  const std::string& root_pem() const { return root_pem_; }
  const std::string& root_key_pem() const { return root_key_pem_; }

 private:
  LabCa(Random& random, Instant now, PrivateKey key) : random_(&random), now_(now), key_(std::move(key)) {}

  Random* random_;
  Instant now_;
  PrivateKey key_;
  std::string root_pem_;
  std::string root_key_pem_;
};

} // namespace sipvet::crypto
