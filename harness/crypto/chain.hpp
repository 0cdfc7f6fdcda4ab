// Whether a peer's certificates lead to a root that is trusted (RFC 5280 §6), and if not, what is wrong.
#pragma once

#include "base/clock.hpp"
#include "crypto/certificate.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::crypto {

enum class ChainFault {
  not_yet_valid,
  expired,
  unknown_issuer, // no trusted root at the end, or a certificate in between is missing
  self_signed,    // the leaf itself, and it is not trusted
  bad_signature,
  not_a_ca, // an issuer that basicConstraints does not call a CA
  path_too_long,
  wrong_key_usage,
  wrong_extended_key_usage,
  weak_key,
  weak_digest,
  other,
};
std::string_view name(ChainFault fault); // "not-yet-valid"

struct ChainProblem {
  ChainFault fault = ChainFault::other;
  std::string subject; // of the certificate that is wrong, as Certificate has it
  std::string text;    // one sentence for a person: whose certificate it is, and the issuer or the dates
};

struct ChainRules {
  std::vector<Certificate> roots = {};
  Instant now = {};
  bool for_server = true; // the leaf must be fit for a TLS server; otherwise for a client
  bool check_dates = true;
  bool check_issuer = true; // off: any issuer will do; a signature of one that is present must still be right
  bool check_usage = true;  // key usage and extended key usage of the leaf
  // As OpenSSL's: 0 takes anything; 1 asks for 80 bits of security (RSA keys of 1024 bits, no SHA-1); 2 for
  // 112 bits (RSA keys of 2048). Roots are trusted whatever they are signed with.
  int security_level = 1;
};

// The first problem, or nothing. `presented` has the leaf first; what follows helps to find a way to a root
// and may stand in any order. Depends on nothing but its arguments: no certificates or settings of the
// machine.
std::optional<ChainProblem> check_chain(std::span<const Certificate> presented, const ChainRules& rules);

} // namespace sipvet::crypto
