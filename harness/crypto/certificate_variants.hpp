// Certificates by name, right ones and ones with a single fault, for peers that must accept or refuse them.
#pragma once

#include "crypto/lab_ca.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::crypto {

struct VariantInfo {
  std::string_view name; // "wrong-key-usage"
  std::string_view text; // what it is, as half a sentence
};
std::span<const VariantInfo> certificate_variants();

struct VariantSubject {
  std::string domain; // "gateway.example.test"; "wildcard" needs one with a dot
  std::vector<std::string> ips = {};
};

// Makes variants for any number of subjects. All but those that are about the key have the one RSA key, and
// what else is slow to make is made once.
class VariantMaker {
 public:
  // Peers trust `trusted` and not `other`. Both and `random`, which other keys come from, must outlive the
  // maker. A variant follows from the octets that these three draw, and so from the order of the calls.
  VariantMaker(LabCa& trusted, LabCa& other, Instant now, PrivateKey rsa_key, Random& random);
  VariantMaker(VariantMaker&&) noexcept;
  VariantMaker& operator=(VariantMaker&&) noexcept;
  ~VariantMaker();

  // The leaf first, then what a peer would send with it. Fails on a name that is not in the table, with the
  // nearest that is, and on a domain that has no place in a certificate.
  Result<Identity> make(std::string_view variant, const VariantSubject& subject);

 private:
  class Workshop;
  std::unique_ptr<Workshop> workshop_;
};

} // namespace sipvet::crypto
