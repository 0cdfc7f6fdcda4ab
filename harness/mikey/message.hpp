// A whole MIKEY message (RFC 3830 §5.1, §6): the common header and its chain of payloads.
#pragma once

#include "mikey/certificate.hpp"
#include "mikey/certificate_hash.hpp"
#include "mikey/dh.hpp"
#include "mikey/error.hpp"
#include "mikey/general_extension.hpp"
#include "mikey/header.hpp"
#include "mikey/id.hpp"
#include "mikey/kemac.hpp"
#include "mikey/pke.hpp"
#include "mikey/rand.hpp"
#include "mikey/security_policy.hpp"
#include "mikey/sign.hpp"
#include "mikey/timestamp.hpp"
#include "mikey/verification.hpp"

#include <cstddef>
#include <variant>
#include <vector>

namespace sipvet::mikey {

// Carried in one SDP attribute or one datagram: more than 64 KiB is an attack or a mistake.
inline constexpr std::size_t max_message_octets = 65535;
// A header names at most 255 sessions, each with a policy of its own; this leaves room for everything else.
inline constexpr std::size_t max_payloads = 512;

using Payload = std::variant<Kemac, Pke, Dh, Sign, Timestamp, Id, Certificate, CertificateHash, Verification,
                             SecurityPolicy, Rand, ErrorPayload, GeneralExtension>;

PayloadType type_of(const Payload& payload);

struct Message {
  Header header;
  std::vector<Payload> payloads; // in order

  // The first payload of its kind, or null.
  template <typename P>
  const P* find() const {
    for (const Payload& payload : payloads)
      if (const P* found = std::get_if<P>(&payload)) return found;
    return nullptr;
  }
  template <typename P>
  std::vector<P> all() const {
    std::vector<P> out;
    for (const Payload& payload : payloads)
      if (const P* found = std::get_if<P>(&payload)) out.push_back(*found);
    return out;
  }
  bool operator==(const Message&) const = default;
};

// Everything must be used up. Payloads of unknown numbers fail: nothing tells where they end.
Result<Message> parse_message(ByteView octets);
// Writing what was parsed gives the same octets.
Bytes write_message(const Message& message);

} // namespace sipvet::mikey
