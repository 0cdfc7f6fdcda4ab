// Why the wire engine ends a handshake or connection: the alert for the other side, the sentence for ours.
#pragma once

#include "tls/peer_rejection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace sipvet::tls {

// RFC 8446 §6 and RFC 5246 §7.2.
namespace alert {
inline constexpr std::uint8_t close_notify = 0;
inline constexpr std::uint8_t unexpected_message = 10;
inline constexpr std::uint8_t bad_record_mac = 20;
inline constexpr std::uint8_t record_overflow = 22;
inline constexpr std::uint8_t handshake_failure = 40;
inline constexpr std::uint8_t illegal_parameter = 47;
inline constexpr std::uint8_t decode_error = 50;
inline constexpr std::uint8_t decrypt_error = 51;
inline constexpr std::uint8_t protocol_version = 70;
inline constexpr std::uint8_t internal_error = 80;
inline constexpr std::uint8_t inappropriate_fallback = 86; // RFC 7507
inline constexpr std::uint8_t user_canceled = 90;
inline constexpr std::uint8_t no_renegotiation = 100;
inline constexpr std::uint8_t missing_extension = 109;
inline constexpr std::uint8_t unsupported_extension = 110;
inline constexpr std::uint8_t certificate_required = 116;
} // namespace alert

struct Fault {
  std::uint8_t alert = alert::internal_error;
  std::string cause;
  std::optional<PeerRejection> rejection = {};
};
// Nothing: all is well.
using Verdict = std::optional<Fault>;

inline Fault fault(std::uint8_t alert_code, std::string cause) { return {alert_code, std::move(cause), {}}; }

} // namespace sipvet::tls
