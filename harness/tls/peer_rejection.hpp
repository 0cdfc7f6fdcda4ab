// Why the other side's certificate was refused: what a caller needs to word its own error and alarm.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sipvet::tls {

struct PeerRejection {
  enum class Kind {
    missing,  // none was presented
    chain,    // signature, issuer, usage, key or digest
    dates,    // expired, or not valid yet
    identity, // valid, and for somebody else (RFC 5922 §7)
  };
  Kind kind = Kind::chain;
  std::string cause;                   // one sentence
  std::string expected_identity;       // of Kind::identity
  std::vector<std::string> identities; // that the certificate has, as RFC 5922 §7.1 finds them
  std::uint8_t alert = 42;             // RFC 8446 §6.2
};

} // namespace sipvet::tls
