// Certificate messages: the list of RFC 5246 §7.4.2 and the list with extensions of RFC 8446 §4.4.2.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sipvet::tlswire {

// Longer chains are no chains; each entry costs an allocation.
constexpr std::size_t max_chain_certificates = 64;

struct CertificateMessage {
  Bytes request_context;        // TLS 1.3 only
  std::vector<Bytes> chain_der; // leaf first; empty: none presented
};

// `version` is the negotiated one and decides the form.
Result<CertificateMessage> parse_certificate_message(ByteView body, std::uint16_t version);
Bytes write_certificate_message(const CertificateMessage& message, std::uint16_t version);

} // namespace sipvet::tlswire
