#include "gateway/tls_checks.hpp"

#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/rsa.hpp"
#include "tls/engine_choice.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sipvet::gateway {

namespace {

using script::Diagnostic;
using script::Value;

constexpr std::string_view certificate_property = "netborder.sip.tls.serverCertificateFile";
constexpr std::string_view key_property = "netborder.sip.tls.serverCertificatePrivateKeyFile";
constexpr std::string_view password_property = "netborder.sip.tls.serverCertificatePrivateKeyPassword";
constexpr std::string_view roots_property = "netborder.sip.tls.trustedRootCertificatesStore";
constexpr std::string_view suites_property = "netborder.sip.tls.cypherSuites";
constexpr std::string_view sslv2_property = "netborder.sip.tls.supportSSLv2ClientHello";
constexpr std::string_view versions_property = "sipvet.sip.tls.versions";
constexpr std::string_view groups_property = "sipvet.sip.tls.groups";
constexpr std::string_view engine_property = "sipvet.sip.tls.engine";
constexpr std::string_view verify_property = "sipvet.sip.tls.verifyPeer";
constexpr std::string_view identity_property = "sipvet.sip.tls.verifyIdentity";
constexpr std::string_view validation_property = "TlsCertificateValidation";
constexpr std::string_view lab_certificate_property = "sipvet.sip.tls.certificate";
constexpr std::string_view lab_trust_property = "sipvet.sip.tls.trust";

// What a part of a suite's name means.
struct Forbidden {
  std::string_view part, why;
};
constexpr std::array<Forbidden, 4> forbidden = {{
    {"RC4", "RC4 must not be used (RFC 7465)"},
    {"_WITH_NULL_", "it does not encrypt (RFC 9325 §4.1)"},
    {"_anon_", "it does not authenticate (RFC 9325 §4.1)"},
    {"_EXPORT", "its keys are short on purpose (RFC 9325 §4.1)"},
}};

const Forbidden* find_forbidden(std::string_view suite) {
  const auto found = std::ranges::find_if(
      forbidden, [&](const Forbidden& each) { return suite.find(each.part) != suite.npos; });
  return found == forbidden.end() ? nullptr : &*found;
}

std::vector<std::string> known_suites() {
  std::vector<std::string> names = tls::usable_suites();
  std::erase_if(names, [](const std::string& name) { return find_forbidden(name) != nullptr; });
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string with_file(std::string_view property, const std::string& file) {
  return std::string(property) + (file.empty() ? "" : " (" + file + ")");
}

class Checks {
 public:
  Checks(const TlsSettings& settings, const tls::Deviations& deviations, const Value& map)
      : settings_(settings), deviations_(deviations), map_(map) {}

  std::vector<Diagnostic> run() {
    check_pair();
    check_lab();
    check_verification();
    check_hello();
    if (errors_.empty()) check_engines();
    return std::move(errors_);
  }

 private:
  const Value* given(std::string_view property) const {
    for (const script::MapEntry& entry : map_.entries) {
      if (entry.key == property) return &entry.value;
    }
    return nullptr;
  }

  // At the first of these properties that is given.
  void complain(std::initializer_list<std::string_view> properties, std::string text) {
    for (const std::string_view property : properties) {
      if (const Value* value = given(property)) {
        errors_.push_back({value->at, std::move(text)});
        return;
      }
    }
    errors_.push_back({map_.at, std::move(text)});
  }

  // NBE-CERT-1.
  void check_pair() {
    const std::string certificate = with_file(certificate_property, settings_.certificate_file);
    const std::string key = with_file(key_property, settings_.private_key_file);
    const bool has_certificate = !settings_.certificate_pem.empty();
    const bool has_key = !settings_.private_key_pem.empty();
    if (has_certificate && !has_key) complain({certificate_property}, certificate + " needs " + key);
    if (!has_certificate && has_key) complain({key_property}, key + " needs " + certificate);
    check_roots();
    if (!has_certificate || !has_key) return;
    const auto chain = crypto::parse_certificates_pem(settings_.certificate_pem);
    if (!chain) complain({certificate_property}, certificate + ": " + chain.error().what);
    const auto read = crypto::PrivateKey::from_pem(settings_.private_key_pem, settings_.private_key_password);
    if (!read) {
      const std::string with = given(password_property) != nullptr
                                   ? " with " + std::string(password_property)
                                   : " without " + std::string(password_property);
      complain({key_property}, key + with + ": " + read.error().what);
    }
    if (chain && read && !crypto::is_for_key(chain->front(), *read))
      complain({key_property}, key + " is not the key of the certificate of " + chain->front().subject +
                                   " in " + certificate);
  }

  void check_roots() {
    if (settings_.trusted_roots_pem.empty()) return;
    if (const auto roots = crypto::parse_certificates_pem(settings_.trusted_roots_pem); !roots)
      complain({roots_property},
               with_file(roots_property, settings_.trusted_roots_file) + ": " + roots.error().what);
  }

  void check_lab() {
    if (!settings_.lab_certificate.empty() && !settings_.certificate_pem.empty())
      complain({lab_certificate_property}, std::string(lab_certificate_property) + " and " +
                                               std::string(certificate_property) +
                                               " both say which certificate the gateway has");
    if (!settings_.lab_trust.empty() && !settings_.trusted_roots_pem.empty())
      complain({lab_trust_property}, std::string(lab_trust_property) + " and " + std::string(roots_property) +
                                         " both say whom the gateway trusts");
  }

  void check_verification() {
    const Value* verify = given(verify_property);
    const Value* identity = given(identity_property);
    const Value* validation = given(validation_property);
    if (validation != nullptr && identity != nullptr &&
        script::as_boolean(*identity) != std::optional(settings_.verify_identity))
      complain({validation_property}, std::string(validation_property) + " " + validation->text +
                                          " contradicts " + std::string(identity_property) + " " +
                                          identity->text);
    if (validation == nullptr && settings_.verify_identity && verify != nullptr && verify->text == "none")
      complain({identity_property}, std::string(identity_property) + " cannot check a certificate that " +
                                        std::string(verify_property) + " none takes unchecked");
    if (settings_.lab_trust == no_lab_item && verify != nullptr && verify->text != "none")
      complain({verify_property}, std::string(verify_property) + " " + verify->text +
                                      " needs an authority to check against, and " +
                                      std::string(lab_trust_property) + " is none");
  }

  void check_hello() {
    if (settings_.sslv2_hello && settings_.min_version == tls::Version::tls1_3)
      complain({sslv2_property}, std::string(sslv2_property) + " contradicts " +
                                     std::string(versions_property) +
                                     ": a ClientHello in SSLv2 format cannot offer TLSv1.3");
  }

  // NBE-TLS-4.
  void check_engines() {
    for (const tls::Role role : {tls::Role::client, tls::Role::server}) {
      const auto engine = tls::choose_engine(tls_config(settings_, role, deviations_));
      if (engine) continue;
      if (settings_.engine != tls::EngineKind::automatic && fits_any_engine(role)) {
        complain({engine_property}, std::string(engine_property) + ": " + engine.error().what);
      } else if (tls::Config groups; !settings_.groups.empty() && !groups_are_known(groups)) {
        complain({groups_property}, std::string(groups_property) + ": " + engine.error().what);
      } else {
        complain({suites_property, versions_property}, std::string(suites_property) + " with " +
                                                           std::string(versions_property) + ": " +
                                                           engine.error().what);
      }
      return; // the other role would say the same
    }
  }

  bool fits_any_engine(tls::Role role) const {
    tls::Config config = tls_config(settings_, role, deviations_);
    config.engine = tls::EngineKind::automatic;
    return tls::choose_engine(config).has_value();
  }

  bool groups_are_known(tls::Config& config) const {
    config.groups = settings_.groups;
    return tls::choose_engine(config).has_value();
  }

  const TlsSettings& settings_;
  const tls::Deviations& deviations_;
  const Value& map_;
  std::vector<Diagnostic> errors_;
};

} // namespace

Complaint check_suite_name(const std::string& iana_name) {
  if (const Forbidden* found = find_forbidden(iana_name))
    return "'" + iana_name + "' is refused: " + std::string(found->why);
  const auto support = tls::suite_support(iana_name, tls::Version::tls1_0, tls::Version::tls1_3);
  if (support == tls::SuiteSupport::usable) return std::nullopt;
  const std::vector<std::string> known = known_suites();
  std::string text = "expected IANA names of TLS cipher suites that an engine has, found '" + iana_name + "'";
  if (const auto near = nearest(iana_name, known)) text += ": did you mean '" + *near + "'?";
  return text + "; known are " + joined(known);
}

std::vector<Diagnostic> check_tls_together(const TlsSettings& settings, const tls::Deviations& deviations,
                                           const Value& map) {
  return Checks(settings, deviations, map).run();
}

} // namespace sipvet::gateway
