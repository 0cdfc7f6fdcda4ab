#include "analysis/tls_checks.hpp"

#include "analysis/tls_reason.hpp"
#include "tlswire/suites.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sipvet::analysis {
namespace {

std::string name(const TlsConnection& connection) {
  return fmt::format("The TLS connection from {} to {}", to_string(connection.client),
                     to_string(connection.server));
}

// What a person can do about each reason; reasons that carry details are found by their beginning.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> remedies = {{
    {tls_reason::not_captured, "start the capture before the connection, or make the device connect again"},
    {tls_reason::one_side, "capture both directions"},
    {tls_reason::not_completed, "look at the alert: the two sides did not agree"},
    {tls_reason::ephemeral,
     "record a keylog (SSLKEYLOGFILE) on one side and give it with --keylog, or allow only "
     "static RSA suites while capturing"},
    {tls_reason::not_in_keylog, "give the keylog that was written during this connection"},
    {tls_reason::no_key, "give the server's private key with --tls-key, or a keylog with --keylog"},
    {tls_reason::wrong_key, "give the private key of the certificate that the server presented"},
    {tls_reason::wrong_secret, "give the keylog that was written during this connection"},
    {tls_reason::unknown_session, "capture the connection in which the session began, or give a keylog"},
    {tls_reason::unsupported_suite, "use a suite with AES or ChaCha20"},
    {tls_reason::unsupported_version, "use SSL 3.0 or later"},
    {tls_reason::no_psk, "give the pre-shared key with --tls-psk"},
    {tls_reason::compressed, "turn TLS compression off (RFC 7457 §2.6)"},
    {tls_reason::bytes_lost, "capture without loss: a larger snap length and buffer"},
    {tls_reason::damaged_handshake, "compare with a capture taken elsewhere: octets were changed here"},
    {tls_reason::damaged, "compare with a capture taken elsewhere: octets were lost or changed here"},
}};

std::string_view remedy(std::string_view reason) {
  for (const auto& [beginning, fix] : remedies)
    if (reason.starts_with(beginning)) return fix;
  return "look at the frames of this connection";
}

bool is_weak(const tlswire::Suite& suite) {
  using Cipher = tlswire::SuiteCipher;
  return suite.cipher == Cipher::null || suite.cipher == Cipher::rc4_128 || suite.cipher == Cipher::tdes_cbc;
}

// How a handshake that came to nothing ended. Alerts about certificates have their own check.
void check_outcome(const TlsConnection& connection, FindingList& findings) {
  if (connection.handshake_completed || connection.decrypted || connection.client_random.empty()) return;
  const auto frame = connection.first_frame;
  const bool no_answer = connection.version.empty();
  if (no_answer && connection.client_hello && connection.client_hello->sslv2 &&
      (connection.closed_frame || !connection.alerts.empty()))
    return findings.note(
        "sslv2-hello-refused", frame,
        fmt::format("{} began with a ClientHello in SSL 2.0 format, which the server refused{}",
                    name(connection),
                    connection.alerts.empty() ? " without a word"
                                              : " (" + to_string(connection.alerts.back()) + ")"));
  for (const TlsAlert& each : connection.alerts) {
    const std::string alert = to_string(each);
    if (alert.find("fatal") == std::string::npos || alert.find("certificate") != std::string::npos ||
        alert.find("unknown_ca") != std::string::npos)
      continue;
    const bool nothing_common = alert.find("handshake_failure(") != std::string::npos ||
                                alert.find("insufficient_security(") != std::string::npos ||
                                alert.find("protocol_version(") != std::string::npos;
    const bool early = no_answer || alert.find("protocol_version(") != std::string::npos;
    return findings.note(nothing_common && early ? "no-common-tls" : "tls-handshake-failed", frame,
                         fmt::format("{} came to nothing: {}", name(connection), alert));
  }
}

} // namespace

void check_connection(const TlsConnection& connection, FindingList& findings) {
  const auto frame = connection.first_frame;
  check_outcome(connection, findings);
  if (connection.reason)
    findings.warning("tls-not-decrypted", frame,
                     fmt::format("{} {}: {}", name(connection),
                                 connection.decrypted ? "was decrypted only in part" : "was not decrypted",
                                 *connection.reason),
                     std::string(remedy(*connection.reason)));
  if (connection.version == "TLSv1" || connection.version == "TLSv1.0" || connection.version == "TLSv1.1" ||
      connection.version.starts_with("SSL"))
    findings.warning("weak-or-old-tls", frame,
                     fmt::format("{} uses {}", name(connection), connection.version),
                     "use TLS 1.2 or 1.3 (RFC 8996)");
  const auto* suite = tlswire::find_suite(std::string_view(connection.cipher));
  if (suite == nullptr) return;
  if (is_weak(*suite))
    findings.warning("weak-or-old-tls", frame, fmt::format("{} uses {}", name(connection), connection.cipher),
                     "use a suite with AES or ChaCha20 (RFC 9325 §4.1)");
  if (suite->exchange == tlswire::KeyExchange::rsa)
    findings.info(
        "static-rsa", frame,
        fmt::format("{} uses static RSA key exchange: who gets the key later can read it", name(connection)),
        "prefer ECDHE suites (RFC 9325 §4.1)");
}

} // namespace sipvet::analysis
