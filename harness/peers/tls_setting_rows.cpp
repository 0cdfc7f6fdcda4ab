// The rows of a peer's settings that begin with "tls.".
#include "base/text.hpp"
#include "crypto/certificate_variants.hpp"
#include "peers/setting_row.hpp"
#include "tls/engine_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace sipvet::peers {

namespace {

using script::Value;

template <bool TlsSettings::*Field>
Problems take_boolean(Settings& settings, const Value& value) {
  const auto boolean = script::as_boolean(value);
  if (!boolean) return wrong(value, "true or false");
  settings.tls.*Field = *boolean;
  return {};
}

Problems take_engine(Settings& settings, const Value& value) {
  static constexpr Choice<tls::EngineKind> choices[] = {{"automatic", tls::EngineKind::automatic},
                                                        {"openssl", tls::EngineKind::openssl},
                                                        {"wire", tls::EngineKind::wire}};
  return take_choice(settings.tls.engine, value, choices);
}

Problems take_versions(Settings& settings, const Value& value) {
  return take_list(settings.tls.versions, value, tls::find_version, "TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3");
}

// Names are looked at apart from what else is set, so that one that does not exist is always told.
Problems check_names(const tls::Config& names, const Value& value) {
  tls::Config config = names;
  config.role = tls::Role::client;
  config.min_version = tls::Version::tls1_0;
  config.max_version = tls::Version::tls1_3;
  const auto usable = tls::choose_engine(config);
  return usable ? Problems() : problem(value, usable.error().what);
}

std::optional<std::string> any_name(const std::string& name) { return name; }

Problems take_ciphers(Settings& settings, const Value& value) {
  Problems problems = take_list(settings.tls.ciphers, value, any_name, "IANA cipher suite names");
  if (!problems.empty()) return problems;
  tls::Config config;
  config.ciphers = settings.tls.ciphers;
  return check_names(config, value);
}

Problems take_groups(Settings& settings, const Value& value) {
  Problems problems = take_list(settings.tls.groups, value, any_name, "named groups such as x25519");
  if (!problems.empty()) return problems;
  tls::Config config;
  config.groups = settings.tls.groups;
  return check_names(config, value);
}

Problems take_hello(Settings& settings, const Value& value) {
  static constexpr Choice<bool> choices[] = {{"tls", false}, {"sslv2", true}};
  return take_choice(settings.tls.sslv2_hello, value, choices);
}

Problems take_verify(Settings& settings, const Value& value) {
  static constexpr Choice<tls::Verify> choices[] = {{"none", tls::Verify::none},
                                                    {"chain-if-given", tls::Verify::chain_if_given},
                                                    {"chain-required", tls::Verify::chain_required}};
  return take_choice(settings.tls.verify.emplace(), value, choices);
}

Problems take_trust(Settings& settings, const Value& value) {
  static constexpr Choice<Trust> choices[] = {
      {"lab", Trust::lab}, {"other", Trust::other}, {"none", Trust::none}};
  return take_choice(settings.tls.trust, value, choices);
}

Problems take_certificate(Settings& settings, const Value& value) {
  if (const auto boolean = script::as_boolean(value)) {
    settings.tls.present_certificate = *boolean;
    return {};
  }
  if (!value.is_scalar()) return wrong(value, "the name of a certificate, none, true or false");
  settings.tls.present_certificate = value.text != "none";
  if (value.text == "none") return {};
  std::vector<std::string> names;
  for (const crypto::VariantInfo& info : crypto::certificate_variants()) names.emplace_back(info.name);
  if (std::ranges::find(names, value.text) == names.end()) {
    const auto near = nearest(value.text, names);
    return problem(value, fmt::format("'{}' is no certificate of the lab{}; known are {}", value.text,
                                      near ? fmt::format(" (did you mean {}?)", *near) : "",
                                      fmt::join(names, ", ")));
  }
  settings.tls.certificate = value.text;
  return {};
}

// PEM files larger than this are no certificates of a peer.
constexpr std::size_t max_pem_octets = 1024 * 1024;

template <std::string TlsSettings::*Field>
Problems take_pem_file(Settings& settings, const Value& value) {
  if (!value.is_scalar() || value.text.empty()) return wrong(value, "the name of a PEM file");
  const std::string file = script::file_beside(value, value.text);
  std::ifstream in(file, std::ios::binary);
  std::string pem;
  if (in) pem.assign(std::istreambuf_iterator<char>(in), {});
  if (!in.good() && pem.empty()) return problem(value, fmt::format("the file {} cannot be read", file));
  if (pem.size() > max_pem_octets || pem.find("-----BEGIN ") == std::string::npos)
    return problem(value, fmt::format("the file {} is no PEM file", file));
  settings.tls.*Field = std::move(pem);
  return {};
}

Problems take_server_name(Settings& settings, const Value& value) {
  if (!value.is_scalar() || value.text.empty()) return wrong(value, "a name, or none");
  settings.tls.server_name = value.text == "none" ? std::string() : value.text;
  return {};
}

Problems take_renegotiation(Settings& settings, const Value& value) {
  static constexpr Choice<tls::Renegotiation> choices[] = {{"refuse", tls::Renegotiation::refuse},
                                                           {"secure", tls::Renegotiation::secure}};
  return take_choice(settings.tls.renegotiation, value, choices);
}

Problems take_security_level(Settings& settings, const Value& value) {
  const auto level = script::as_integer(value);
  if (!level || *level < 0 || *level > 5) return wrong(value, "a level from 0 to 5");
  settings.tls.security_level = static_cast<int>(*level);
  return {};
}

Problems take_tls_deviations(Settings& settings, const Value& value) {
  return take_deviations(value, [&](const std::string& name, const std::vector<std::string>& values) {
    return tls::set_deviation(settings.tls.deviations, name, values);
  });
}

constexpr std::array rows = {
    SettingRow{{"tls.engine", "who does the protocol: automatic, openssl or wire, which is sipvet's own"},
               take_engine},
    SettingRow{{"tls.versions", "TLS versions it speaks; the lowest and the highest count"}, take_versions},
    SettingRow{{"tls.ciphers", "IANA names of its cipher suites, most preferred first"}, take_ciphers},
    SettingRow{{"tls.groups", "named groups of its key exchange, most preferred first"}, take_groups},
    SettingRow{{"tls.hello", "format of the hello it sends as a client: tls or sslv2"}, take_hello},
    SettingRow{{"tls.accept-sslv2-hello", "whether it takes hellos in SSLv2 format as a server"},
               take_boolean<&TlsSettings::accept_sslv2_hello>},
    SettingRow{{"tls.verify", "how much of the other's certificate it checks: none, chain-if-given, "
                              "chain-required"},
               take_verify},
    SettingRow{{"tls.verify-identity", "whether the certificate must be for the domain it connects to"},
               take_boolean<&TlsSettings::verify_identity>},
    SettingRow{{"tls.trust", "whose certificates it trusts: lab, other (another authority) or none"},
               take_trust},
    SettingRow{{"tls.certificate",
                "its certificate: the name of a variant; none or false: as a client it presents none"},
               take_certificate},
    SettingRow{
        {"tls.files.certificate", "PEM file with its certificate and chain, in the place of the lab's"},
        take_pem_file<&TlsSettings::certificate_pem>},
    SettingRow{{"tls.files.key", "PEM file with the key of that certificate"},
               take_pem_file<&TlsSettings::private_key_pem>},
    SettingRow{{"tls.files.trust", "PEM file with the authorities that it trusts"},
               take_pem_file<&TlsSettings::trusted_roots_pem>},
    SettingRow{{"tls.server-name", "server name it sends; default the gateway's domain; none: sends none"},
               take_server_name},
    SettingRow{{"tls.resumption", "whether it resumes sessions"}, take_boolean<&TlsSettings::resumption>},
    SettingRow{{"tls.renegotiation", "what it does when asked for a new handshake: refuse or secure"},
               take_renegotiation},
    SettingRow{{"tls.encrypt-then-mac", "whether it negotiates encrypt-then-MAC (RFC 7366)"},
               take_boolean<&TlsSettings::encrypt_then_mac>},
    SettingRow{{"tls.extended-master-secret", "whether it negotiates the extended master secret (RFC 7627)"},
               take_boolean<&TlsSettings::extended_master_secret>},
    SettingRow{{"tls.security-level", "which keys and digests it takes, as OpenSSL counts: 0 takes old ones"},
               take_security_level},
    SettingRow{{"tls.deviations", "a map of ways in which it misbehaves"}, take_tls_deviations},
};

} // namespace

std::span<const SettingRow> tls_setting_rows() { return rows; }

} // namespace sipvet::peers
