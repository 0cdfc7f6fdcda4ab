#include "analysis/certificate_checks.hpp"

#include "base/hex.hpp"
#include "base/text.hpp"
#include "base/utc.hpp"
#include "crypto/certificate.hpp"
#include "crypto/hash.hpp"
#include "sip/uri.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace sipvet::analysis {
namespace {

constexpr std::size_t max_certificates = 10'000;

std::string bare_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return to_lower(host);
}

// RFC 5922 §7.2: names are compared whole, a wildcard stands for nothing; §7.1: without any subjectAltName
// the common name counts.
bool names(const ServerCertificate& certificate, const std::string& host) {
  const auto same = [&](const std::string& name) { return iequals(name, host); };
  if (std::ranges::any_of(certificate.dns_names, same)) return true;
  if (std::ranges::any_of(certificate.ip_addresses, same)) return true;
  for (const auto& text : certificate.uris)
    if (const auto uri = sip::parse_uri(text); uri && bare_host(uri->host) == host) return true;
  const bool none =
      certificate.dns_names.empty() && certificate.uris.empty() && certificate.ip_addresses.empty();
  return none && same(certificate.common_name);
}

std::string names_of(const ServerCertificate& certificate) {
  std::string out;
  for (const auto* list : {&certificate.dns_names, &certificate.uris, &certificate.ip_addresses})
    for (const auto& name : *list) {
      if (out.size() > 200) return out + ", …";
      out += (out.empty() ? "" : ", ") + name;
    }
  return out.empty() ? certificate.common_name : out;
}

struct Asked {
  std::string host;
  std::string_view where;
};

Asked asked_for(const TlsConnection& connection, const std::string& next_hop) {
  if (!connection.server_name.empty()) return {bare_host(connection.server_name), "the SNI"};
  if (next_hop.empty()) return {};
  return {bare_host(next_hop), "the first request's Route or Request-URI"};
}

void check_dates(const TlsConnection& connection, const ServerCertificate& certificate,
                 FindingList& findings) {
  const auto who =
      fmt::format("The certificate of {} ({})", to_string(connection.server), certificate.subject);
  if (connection.first_time > certificate.not_after)
    findings.note("certificate-expired", connection.first_frame,
                  fmt::format("{} ran out on {}; the connection was made at {}", who,
                              to_utc(certificate.not_after), to_utc(connection.first_time)));
  if (connection.first_time < certificate.not_before)
    findings.note("certificate-not-yet-valid", connection.first_frame,
                  fmt::format("{} is valid from {} on; the connection was made at {}", who,
                              to_utc(certificate.not_before), to_utc(connection.first_time)));
}

// Alerts by which a peer says what it has against a certificate (RFC 8446 §6.2).
void check_alerts(const TlsConnection& connection, const ServerCertificate* certificate,
                  FindingList& findings) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> words = {{
      {"unknown_ca(", "its issuer is not known"},
      {"certificate_expired(", "it has run out"},
      {"bad_certificate(", "it is damaged, or its signature or name is wrong"},
      {"certificate_unknown(", "something about it was not accepted"},
      {"unsupported_certificate(", "it is of a kind that is not supported"},
      {"certificate_revoked(", "it was revoked"},
      {"certificate_required(", "there was none"},
  }};
  for (const TlsAlert& each : connection.alerts)
    for (const auto& [name, meaning] : words) {
      const std::string alert = to_string(each);
      if (alert.find(name) == std::string::npos) continue;
      const bool by_client = each.from_client;
      const auto whose =
          by_client
              ? fmt::format("the server's certificate{}",
                            certificate == nullptr
                                ? ""
                                : " (" + certificate->subject + ", issued by " + certificate->issuer + ")")
              : std::string("the client's certificate");
      findings.note("certificate-refused", connection.first_frame,
                    fmt::format("{} refused {}: {} ({})",
                                to_string(by_client ? connection.client : connection.server), whose, meaning,
                                alert));
    }
}

} // namespace

std::optional<std::size_t> add_certificate(Report& report, ByteView der) {
  const auto fingerprint = to_hex(crypto::digest(crypto::Hash::sha256, der));
  const auto known = std::ranges::find(report.certificates, fingerprint, &ServerCertificate::sha256);
  if (known != report.certificates.end())
    return static_cast<std::size_t>(known - report.certificates.begin());
  if (report.certificates.size() >= max_certificates) return std::nullopt;
  auto read = crypto::parse_certificate(der);
  if (!read) return std::nullopt;
  auto& entry = report.certificates.emplace_back();
  entry.subject = std::move(read->subject);
  entry.issuer = std::move(read->issuer);
  entry.common_name = std::move(read->common_name);
  entry.dns_names = std::move(read->dns_names);
  entry.uris = std::move(read->uris);
  entry.ip_addresses = std::move(read->ip_addresses);
  entry.not_before = read->not_before;
  entry.not_after = read->not_after;
  entry.sha256 = fingerprint;
  return report.certificates.size() - 1;
}

void check_certificates(const Report& report, FindingList& findings) {
  // A client that connects a thousand times says nothing new.
  std::set<std::pair<std::size_t, std::string>> judged;
  for (std::size_t i = 0; i < report.tls.size(); ++i) {
    const auto& connection = report.tls[i];
    const auto* certificate =
        connection.certificate_index ? &report.certificates[*connection.certificate_index] : nullptr;
    check_alerts(connection, certificate, findings);
    if (certificate == nullptr) continue;
    const auto asked = asked_for(connection, connection.next_hop);
    if (!judged.emplace(*connection.certificate_index, asked.host).second) continue;
    check_dates(connection, *certificate, findings);
    if (!asked.host.empty() && !names(*certificate, asked.host))
      findings.note("certificate-wrong-name", connection.first_frame,
                    fmt::format("The certificate of {} is for {}, not for {}, which {} names",
                                to_string(connection.server), names_of(*certificate), asked.host,
                                asked.where));
    if (!certificate->subject.empty() && certificate->subject == certificate->issuer)
      findings.note("certificate-self-signed", connection.first_frame,
                    fmt::format("The certificate of {} ({}) is its own issuer", to_string(connection.server),
                                certificate->subject));
  }
}

} // namespace sipvet::analysis
