// What a TLS connection's entry in the report says: the facts of its hellos, and why it could not be read.
#include "analysis/tls_follower.hpp"

#include "analysis/certificate_checks.hpp"
#include "analysis/tls_reason.hpp"
#include "tlswire/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::analysis {

void TlsFollower::note_hello() {
  auto& entry = facts();
  const auto& now = handshake_;
  if (entry.client_random.empty()) entry.client_random = now.client_random;
  if (entry.server_name.empty()) entry.server_name = now.server_name;
  if (!entry.client_hello && now.has_client_hello) entry.client_hello = now.client_hello;
  entry.client_certificate = std::max(entry.client_certificate, now.client_certificate);
  if (entry.certificate.empty() && !now.leaf_certificate.empty())
    entry.certificate = context_.secrets.certificate(now.leaf_certificate).subject;
  if (!entry.certificate_index && !now.leaf_certificate.empty())
    entry.certificate_index = add_certificate(context_.report, now.leaf_certificate);
  if (!now.has_server_hello) return;
  entry.version = tlswire::version_name(now.version);
  entry.cipher = tlswire::suite_name(now.suite_code);
  if (!entry.server_hello) entry.server_hello = now.server_hello;
  entry.encrypt_then_mac = now.encrypt_then_mac;
  entry.extended_master_secret = now.extended_master_secret;
  entry.resumed = now.is_tls13() && now.psk_chosen;
  if (now.version < tlswire::ssl3 || now.version > tlswire::tls1_3)
    return fail(fmt::format("{}: {}", tls_reason::unsupported_version, entry.version));
  if (now.suite == nullptr) return fail(fmt::format("{}: {}", tls_reason::unsupported_suite, entry.cipher));
  if (now.compression != 0) return fail(std::string(tls_reason::compressed));
  if (now.is_tls13()) client_.is_protected = server_.is_protected = true;
}

std::string TlsFollower::no_secret_reason() const {
  const auto& secrets = context_.secrets;
  if (!handshake_.is_tls13() && handshake_.resumed())
    return std::string(secrets.has_keylog() ? tls_reason::not_in_keylog : tls_reason::unknown_session);
  if (!handshake_.is_tls13() && handshake_.suite->exchange == tlswire::KeyExchange::rsa) {
    const auto& fits = context_.secrets.certificate(handshake_.leaf_certificate).fits;
    if (std::ranges::find(fits, true) != fits.end())
      return fmt::format("{}: the key does not open the premaster secret", tls_reason::damaged_handshake);
    if (secrets.has_rsa()) return std::string(tls_reason::wrong_key);
    return std::string(secrets.has_keylog() ? tls_reason::not_in_keylog : tls_reason::no_key);
  }
  const bool plain_psk = handshake_.is_tls13()
                             ? handshake_.psk_chosen && !handshake_.key_share_chosen
                             : handshake_.suite->exchange == tlswire::KeyExchange::psk ||
                                   handshake_.suite->exchange == tlswire::KeyExchange::rsa_psk;
  if (plain_psk && secrets.psk(handshake_.psk_identity) == nullptr) return std::string(tls_reason::no_psk);
  return std::string(secrets.has_keylog() ? tls_reason::not_in_keylog : tls_reason::ephemeral);
}

// Why nothing more can be said of a connection as it stands.
std::string TlsFollower::open_end_reason() const {
  const auto& alerts = context_.report.tls[index_].alerts;
  constexpr std::uint8_t fatal_level = 2; // RFC 8446 §6
  const bool fatal =
      std::ranges::any_of(alerts, [](const TlsAlert& alert) { return alert.level == fatal_level; });
  const bool heard_both = client_.records.has_value() && server_.records.has_value();
  if (!handshake_.has_client_hello && !handshake_.retried)
    return std::string(!from_start_ || client_.records ? tls_reason::not_captured : tls_reason::one_side);
  if (fatal && !established_)
    return fmt::format("{}: {}", tls_reason::not_completed, to_string(alerts.back()));
  if (!handshake_.has_server_hello)
    return std::string(heard_both ? tls_reason::not_completed : tls_reason::one_side);
  if (waits_for_secret()) return no_secret_reason();
  return std::string(skipped_ ? tls_reason::wrong_secret : tls_reason::not_completed);
}

} // namespace sipvet::analysis
