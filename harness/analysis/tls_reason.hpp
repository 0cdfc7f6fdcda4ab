// Why a TLS connection could not be read, as a closed list that reports and scripts can rely on; each is
// found by trying.
#pragma once

#include <string_view>

namespace sipvet::analysis::tls_reason {

inline constexpr std::string_view not_captured = "handshake not captured";
inline constexpr std::string_view one_side = "only one direction was captured";
inline constexpr std::string_view not_completed =
    "handshake not completed"; // ": " and the alert, if one came
inline constexpr std::string_view ephemeral = "ephemeral key exchange needs a keylog";
inline constexpr std::string_view no_psk = "no pre-shared key was given for this identity";
inline constexpr std::string_view not_in_keylog = "the keylog has no secret for this connection";
inline constexpr std::string_view no_key = "no key was given";
inline constexpr std::string_view wrong_key = "key does not match the certificate";
inline constexpr std::string_view wrong_secret = "the secret does not open the records";
inline constexpr std::string_view unknown_session = "resumed session whose keys are not known";
inline constexpr std::string_view unsupported_suite = "unsupported suite";     // ": " and its name
inline constexpr std::string_view unsupported_version = "unsupported version"; // ": " and its name
inline constexpr std::string_view compressed = "compressed records are not read";
inline constexpr std::string_view bytes_lost = "bytes lost at offset";     // " N, DIRECTION"
inline constexpr std::string_view damaged = "damaged record at offset";    // " N, DIRECTION: what was wrong"
inline constexpr std::string_view damaged_handshake = "damaged handshake"; // ": what was wrong"

} // namespace sipvet::analysis::tls_reason
