// The gateway's properties about TLS: one row for each name, saying what its value may be and which field it
// sets.
#include "gateway/properties.hpp"

#include "base/text.hpp"
#include "crypto/certificate_variants.hpp"
#include "gateway/tls_checks.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sipvet::gateway {

namespace {

using script::Value;

// PEM files larger than this are no certificates of a gateway.
constexpr std::size_t max_pem_octets = 1024 * 1024;
constexpr std::string_view installation_directory = "${netborder.Installation.Directory}";

std::string expanded(const PropertyTarget& target, std::string path) {
  const std::string& folder = target.installation_directory;
  for (std::size_t at = 0; (at = path.find(installation_directory, at)) != std::string::npos;
       at += folder.size()) {
    path.replace(at, installation_directory.size(), folder);
  }
  return path;
}

Complaint read_pem(const Value& value, const PropertyTarget& target, std::string& file, std::string& pem) {
  if (auto complaint = read_text(value, file)) return complaint;
  file = script::file_beside(value, expanded(target, file));
  std::ifstream in(file, std::ios::binary);
  if (!in) return "the file " + file + " cannot be read";
  pem.assign(std::istreambuf_iterator<char>(in), {});
  if (pem.size() > max_pem_octets) return "the file " + file + " is too large for PEM";
  if (pem.find("-----BEGIN ") == std::string::npos)
    return "expected PEM in the file " + file + ", found no BEGIN line";
  return std::nullopt;
}

Complaint set_certificate(const Value& value, PropertyTarget& target) {
  return read_pem(value, target, target.config.tls.certificate_file, target.config.tls.certificate_pem);
}
Complaint set_private_key(const Value& value, PropertyTarget& target) {
  return read_pem(value, target, target.config.tls.private_key_file, target.config.tls.private_key_pem);
}
Complaint set_trusted_roots(const Value& value, PropertyTarget& target) {
  return read_pem(value, target, target.config.tls.trusted_roots_file, target.config.tls.trusted_roots_pem);
}
Complaint set_password(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.tls.private_key_password);
}
Complaint set_installation(const Value& value, PropertyTarget& target) {
  std::string folder;
  if (auto complaint = read_text(value, folder)) return complaint;
  // Absolute, for the files that are named with it are relative to nothing else.
  target.installation_directory = std::filesystem::absolute(script::file_beside(value, folder)).string();
  return std::nullopt;
}

// One of a few words, each with what it stands for.
template <typename T>
Complaint read_choice(const Value& value, std::initializer_list<std::pair<std::string_view, T>> choices,
                      T& field) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  std::vector<std::string> names;
  for (const auto& [name, meaning] : choices) {
    if (name == text) {
      field = meaning;
      return std::nullopt;
    }
    names.emplace_back(name);
  }
  return check_choice(text, names);
}

Complaint set_suites(const Value& value, PropertyTarget& target) {
  std::vector<std::string> suites;
  if (auto complaint = read_list(value, suites)) return complaint;
  if (suites == std::vector<std::string>{"default"}) suites.clear(); // the engine's own
  for (const std::string& suite : suites) {
    if (auto complaint = check_suite_name(suite)) return complaint;
  }
  target.config.tls.suites = std::move(suites);
  return std::nullopt;
}

Complaint set_versions(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  TlsSettings& tls = target.config.tls;
  tls.min_version = tls::Version::tls1_3;
  tls.max_version = tls::Version::tls1_0;
  for (const std::string& text : names) {
    const auto version = tls::find_version(text);
    if (!version) return "expected TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3, found '" + text + "'";
    tls.min_version = std::min(tls.min_version, *version);
    tls.max_version = std::max(tls.max_version, *version);
  }
  return std::nullopt;
}

Complaint set_groups(const Value& value, PropertyTarget& target) {
  return read_list(value, target.config.tls.groups); // the names are looked at with the rest
}

Complaint set_engine(const Value& value, PropertyTarget& target) {
  using Kind = tls::EngineKind;
  return read_choice<Kind>(value,
                           {{"automatic", Kind::automatic}, {"openssl", Kind::openssl}, {"wire", Kind::wire}},
                           target.config.tls.engine);
}

Complaint set_sslv2_hello(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.tls.sslv2_hello);
}

Complaint set_verify(const Value& value, PropertyTarget& target) {
  TlsSettings& tls = target.config.tls;
  auto complaint = read_choice<tls::Verify>(value,
                                            {{"required", tls::Verify::chain_required},
                                             {"if-given", tls::Verify::chain_if_given},
                                             {"none", tls::Verify::none}},
                                            tls.verify_clients);
  // A server has a certificate in any case.
  tls.verify_servers =
      tls.verify_clients == tls::Verify::none ? tls::Verify::none : tls::Verify::chain_required;
  return complaint;
}

Complaint set_verify_identity(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.tls.verify_identity);
}

// Read after the two above, whose word on servers it has the last of.
Complaint set_validation(const Value& value, PropertyTarget& target) {
  enum class Validation { none, trusted, host, dns };
  Validation wanted{};
  if (auto complaint = read_choice<Validation>(value,
                                               {{"NoValidation", Validation::none},
                                                {"TrustedCertificate", Validation::trusted},
                                                {"HostName", Validation::host},
                                                {"DnsSrvResponse", Validation::dns}},
                                               wanted))
    return complaint;
  if (wanted == Validation::dns)
    return "DnsSrvResponse needs a DNS resolver, and this gateway has none: names are not looked up here";
  TlsSettings& tls = target.config.tls;
  tls.verify_servers = wanted == Validation::none ? tls::Verify::none : tls::Verify::chain_required;
  tls.verify_identity = wanted == Validation::host;
  return std::nullopt;
}

Complaint set_present_as_client(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.tls.present_as_client);
}

Complaint set_mismatch_status(const Value& value, PropertyTarget& target) {
  std::int64_t status = 0;
  if (auto complaint = read_integer(value, 500, 599, status)) return complaint;
  target.config.tls.identity_mismatch_status = static_cast<int>(status);
  return std::nullopt;
}

Complaint set_security_level(const Value& value, PropertyTarget& target) {
  std::int64_t level = 0;
  if (auto complaint = read_integer(value, 0, 5, level)) return complaint;
  target.config.tls.security_level = static_cast<int>(level);
  return std::nullopt;
}

Complaint set_resumption(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.tls.resumption);
}

Complaint set_renegotiation(const Value& value, PropertyTarget& target) {
  using tls::Renegotiation;
  return read_choice<Renegotiation>(value,
                                    {{"refuse", Renegotiation::refuse}, {"secure", Renegotiation::secure}},
                                    target.config.tls.renegotiation);
}

Complaint set_lab_certificate(const Value& value, PropertyTarget& target) {
  std::string& field = target.config.tls.lab_certificate;
  if (auto complaint = read_text(value, field)) return complaint;
  std::vector<std::string> names{std::string(no_lab_item)};
  for (const crypto::VariantInfo& info : crypto::certificate_variants()) names.emplace_back(info.name);
  return check_choice(field, names);
}

Complaint set_lab_trust(const Value& value, PropertyTarget& target) {
  std::string& field = target.config.tls.lab_trust;
  if (auto complaint = read_text(value, field)) return complaint;
  return check_choice(field, {"lab", "other", std::string(no_lab_item)});
}

// Read in this order: files after the directory that stands in their names.
constexpr Property table[] = {
    {{"netborder.Installation.Directory", "text", "", "",
      "what ${netborder.Installation.Directory} stands for in file names"},
     set_installation},
    {{"netborder.sip.tls.serverCertificateFile", "file", "", "",
      "PEM file with the gateway's certificate and its chain"},
     set_certificate},
    {{"netborder.sip.tls.serverCertificatePrivateKeyFile", "file", "", "",
      "PEM file with the certificate's private key"},
     set_private_key},
    {{"netborder.sip.tls.serverCertificatePrivateKeyPassword", "text", "", "",
      "pass phrase of the private key"},
     set_password},
    {{"netborder.sip.tls.trustedRootCertificatesStore", "file", "", "",
      "PEM file with the certificates of trusted authorities"},
     set_trusted_roots},
    {{"netborder.sip.tls.cypherSuites", "list of TLS suites", "",
      "TLS_RSA_WITH_AES_128_CBC_SHA,TLS_RSA_WITH_3DES_EDE_CBC_SHA",
      "TLS cipher suites, most preferred first; default: what the engine does by itself"},
     set_suites},
    {{"netborder.sip.tls.supportSSLv2ClientHello", "boolean", "", "false",
      "takes ClientHellos in SSLv2 format, and sends its own so"},
     set_sslv2_hello},
    {{"sipvet.sip.tls.versions", "list of TLS versions", "TLSv1.0,TLSv1.1,TLSv1.2,TLSv1.3",
      "TLSv1.0,TLSv1.1,TLSv1.2", "TLS versions: the lowest and the highest count"},
     set_versions},
    {{"sipvet.sip.tls.groups", "list of named groups", "", "the engine's own",
      "groups of the key exchange, most preferred first"},
     set_groups},
    {{"sipvet.sip.tls.engine", "text", "automatic,openssl,wire", "automatic",
      "who does the protocol; wire is sipvet's own"},
     set_engine},
    {{"sipvet.sip.tls.verifyPeer", "text", "required,if-given,none", "required",
      "whether the other side must present a certificate that chains to a trusted root"},
     set_verify},
    {{"sipvet.sip.tls.verifyIdentity", "boolean", "", "false",
      "whether the certificate of a server must be for the domain that was called (RFC 5922)"},
     set_verify_identity},
    {{"TlsCertificateValidation", "text", "NoValidation,TrustedCertificate,HostName", "",
      "what is checked of a server's certificate, in the place of the two above"},
     set_validation},
    {{"sipvet.sip.tls.clientCertificate", "boolean", "", "true",
      "whether it presents its certificate on connections that it makes"},
     set_present_as_client},
    {{"sipvet.sip.tls.identityMismatchStatus", "integer", "", "503",
      "status of calls that end because a certificate is for another domain"},
     set_mismatch_status},
    {{"sipvet.sip.tls.securityLevel", "integer", "", "0",
      "which keys and digests are taken, as OpenSSL counts; above 0 old versions and keys are refused"},
     set_security_level},
    {{"sipvet.sip.tls.resumption", "boolean", "", "false", "whether sessions are resumed"}, set_resumption},
    {{"sipvet.sip.tls.renegotiation", "text", "refuse,secure", "refuse",
      "what is done when a new handshake is asked for on an open connection"},
     set_renegotiation},
    {{"sipvet.sip.tls.certificate", "text", "", "",
      "in scenarios, a certificate of the lab by its name; none: the gateway has none and only calls out"},
     set_lab_certificate},
    {{"sipvet.sip.tls.trust", "text", "lab,other,none", "",
      "in scenarios, whose certificates it trusts: the lab's, those of another authority, nobody's"},
     set_lab_trust},
};

} // namespace

std::span<const Property> tls_property_table() { return table; }

} // namespace sipvet::gateway
