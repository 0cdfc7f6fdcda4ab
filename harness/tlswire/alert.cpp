#include "tlswire/alert.hpp"

#include <array>
#include <utility>

namespace sipvet::tlswire {
namespace {

// RFC 8446 §6, with those of RFC 5246 §7.2 and earlier that it withdrew.
constexpr std::array<std::pair<std::uint8_t, const char*>, 34> names{{
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
}};

} // namespace

Result<AlertMessage> parse_alert(ByteView fragment) {
  if (fragment.size() != 2)
    return fail("expected an alert of 2 octets, got " + std::to_string(fragment.size()), 0);
  if (fragment[0] != 1 && fragment[0] != 2)
    return fail("expected alert level 1 or 2, got " + std::to_string(fragment[0]), 0);
  return AlertMessage{fragment[0], fragment[1]};
}

Bytes write_alert(const AlertMessage& alert) { return {alert.level, alert.description}; }

std::optional<std::uint8_t> find_alert(std::string_view name) {
  for (const auto& [code, known] : names) {
    if (known == name) return code;
  }
  return std::nullopt;
}

std::string alert_name(std::uint8_t description) {
  for (const auto& [code, name] : names) {
    if (code == description) return name;
  }
  return "alert " + std::to_string(description);
}

std::string to_string(const AlertMessage& alert) {
  const std::string level = alert.level == 1 ? "warning " : alert.level == 2 ? "fatal " : "";
  return level + alert_name(alert.description) + "(" + std::to_string(alert.description) + ")";
}

} // namespace sipvet::tlswire
