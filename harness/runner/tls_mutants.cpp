// Gateways whose TLS misbehaves in one way each, and the scenario that must notice.
#include "runner/mutants.hpp"

#include "tls/deviations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sipvet::runner {

namespace {

struct Deviant {
  const char* deviation; // of tls/deviations.def, with its value
  const char* scenario;
};
constexpr Deviant deviants[] = {
    // Versions.
    {"accept_ssl3: true", "tls/ssl3-refused"},
    {"record_version_intolerant: true", "tls/hello-record-version"},
    {"accept_any_version: true", "tls/ssl3-server"},
    {"version_intolerant: true", "tls/version-too-high"},
    {"accept_any_version: true", "tls/version-too-low"},
    {"accept_any_version: true", "tls/version-too-low-server"},
    {"ignore_supported_versions: true", "tls/supported-versions-decide"},
    {"ignore_supported_versions: true", "tls/selected-version-too-old"},
    {"no_downgrade_mark: true", "tls/downgrade-mark-sent"},
    {"ignore_downgrade_mark: true", "tls/downgrade-mark-noticed"},
    {"ignore_fallback_scsv: true", "tls/fallback-refused"},
    {"fallback_scsv: true", "tls/fallback-not-signalled"},
    // Hellos.
    {"unknown_suite_intolerant: true", "tls/unknown-offers-ignored"},
    {"unknown_extension_intolerant: true", "tls/unknown-offers-ignored"},
    {"accept_compression: true", "tls/compression-refused"},
    {"accept_compression: true", "tls/compression-chosen"},
    {"accept_unoffered_suite: true", "tls/suite-not-offered"},
    {"ignore_duplicate_extensions: true", "tls/duplicate-extension"},
    {"ignore_duplicate_extensions: true", "tls/server-extensions"},
    {"ignore_unsolicited_extensions: true", "tls/server-extensions"},
    {"unsolicited_extension: true", "tls/own-extensions"},
    {"duplicate_extension: true", "tls/own-extensions"},
    {"server_name: other.example.test", "tls/server-name"},
    // Key exchange and proofs.
    {"premaster_oracle: true", "tls/premaster-secret"},
    {"ignore_premaster_version: true", "tls/premaster-version"},
    {"negotiated_version_in_premaster: true", "tls/premaster-version-sent"},
    {"ignore_finished: true", "tls/bad-finished"},
    {"ignore_finished: true", "tls/bad-finished-server"},
    {"ignore_certificate_verify: true", "tls/bad-certificate-verify"},
    {"ignore_key_exchange_signature: true", "tls/bad-server-signature"},
    {"ignore_key_exchange_signature: true", "certificates/bad-signature"},
    {"accept_missing_change_cipher_spec: true", "tls/change-cipher-spec"},
    {"accept_early_change_cipher_spec: true", "tls/change-cipher-spec"},
    {"accept_missing_change_cipher_spec: true", "tls/change-cipher-spec-server"},
    {"accept_early_change_cipher_spec: true", "tls/change-cipher-spec-server"},
    {"ignore_missing_certificate: true", "tls/client-certificate-missing"},
    {"omit: Certificate", "tls/client-certificate-empty"},
    {"bad_certificate_verify: true", "tls/client-certificate-sent"},
    // TLS 1.3.
    {"accept_retry_suite_change: true", "tls/retry-keeps-suite"},
    {"retry_changes_suite: true", "tls/retry-sent"},
    {"accept_late_hello: true", "tls/no-renegotiation-in-13"},
    {"accept_late_hello: true", "tls/no-hello-request-in-13"},
    {"ignore_psk_binder: true", "tls/psk-binder"},
    {"ignore_psk_index: true", "tls/psk-not-offered"},
    // Records.
    {"fragment_intolerant: true", "tls/record-shapes"},
    {"coalescing_intolerant: true", "tls/record-shapes"},
    {"empty_record_intolerant: true", "tls/record-shapes"},
    {"fragment_intolerant: true", "tls/record-shapes-server"},
    {"coalescing_intolerant: true", "tls/record-shapes-server"},
    {"empty_record_intolerant: true", "tls/record-shapes-server"},
    {"ignore_record_size: true", "tls/record-size"},
    {"ignore_record_size: true", "tls/record-size-server"},
    {"ignore_bad_records: true", "tls/bad-record"},
    {"ignore_bad_records: true", "tls/bad-record-server"},
    {"wrong_alert: decryption_failed", "tls/bad-record"},
    {"first_sequence: 1", "tls/first-sequence-number"},
    {"first_sequence: 1", "tls/first-sequence-number-server"},
    {"encrypt_then_mac_with_aead: true", "tls/no-encrypt-then-mac-with-aead"},
    {"accept_rc4: true", "tls/rc4-refused"},
    // Sessions and closing.
    {"ignore_resumed_extended_master_secret: true", "tls/extended-master-secret"},
    {"ignore_resumed_extended_master_secret: true", "tls/extended-master-secret-server"},
    {"ignore_close_notify: true", "tls/close-notify"},
    {"no_close_notify: true", "tls/close-notify"},
    {"resume_after_fatal_alert: true", "tls/fatal-alert-ends-session"},
    {"ignore_fatal_alerts: true", "tls/fatal-alert-ends-session"},
    {"bad_psk_binder: true", "tls/resumption"},
    {"resume_across_server_names: true", "tls/resumption-keeps-server-name"},
    {"wrong_alert: none", "tls/bad-finished"},
    {"ignore_renegotiation_info: true", "tls/renegotiation-info"},
    {"renegotiation_info: missing", "tls/renegotiation-info"},
    {"ignore_renegotiation_info: true", "tls/renegotiation-info-server"},
    {"hello_request_intolerant: true", "tls/hello-request-storm"},
    {"warning_intolerant: true", "tls/alerts-in-between"},
    {"accept_early_application_data: true", "tls/alerts-in-between"},
    // Certificates.
    {"ignore_dates: true", "certificates/client-variants"},
    {"ignore_issuer: true", "certificates/client-variants"},
    {"ignore_usage: true", "certificates/client-variants"},
    {"ignore_dates: true", "certificates/validation-levels"},
    {"ignore_issuer: true", "certificates/validation-levels"},
    {"ignore_identity: true", "certificates/validation-levels"},
    {"ignore_dates: true", "certificates/clock-behind"},
    {"ignore_dates: true", "certificates/not-yet-valid"},
    {"ignore_identity: true", "certificates/identity"},
    {"accept_wildcard: true", "certificates/identity"},
    {"ignore_identity: true", "certificates/sipxbridge-identity"},
    {"ignore_issuer: true", "certificates/sipxbridge-authority"},
    {"ignore_issuer: true", "certificates/netborder-files"},
};

// SIP on top of it, which misbehaves by fields of gateway/deviations.hpp.
constexpr Deviant carriers[] = {
    {"message_for_each_read: true", "tls/sip-framing"},
    {"no_pong: true", "tls/sip-framing"},
    {"connection_for_each_request: true", "tls/connection-reuse"},
    {"sip_contact_for_sips: true", "tls/sips"},
};

// Gateways that are configured otherwise than the scenario has it.
struct Misconfigured {
  const char* name;
  const char* setting;
  const char* scenario;
};
constexpr Misconfigured misconfigured[] = {
    {"takes hellos in SSLv2 format", "netborder.sip.tls.supportSSLv2ClientHello: true",
     "tls/sslv2-hello-refused"},
    {"takes no hello in SSLv2 format", "netborder.sip.tls.supportSSLv2ClientHello: false",
     "tls/sslv2-hello-accepted"},
    {"sends its hello in TLS format", "netborder.sip.tls.supportSSLv2ClientHello: false",
     "tls/sslv2-hello-sent"},
    {"prefers triple DES",
     "netborder.sip.tls.cypherSuites: 'TLS_RSA_WITH_3DES_EDE_CBC_SHA,TLS_RSA_WITH_AES_128_CBC_SHA'",
     "tls/default-suites"},
    {"offers AES-128 alone", "netborder.sip.tls.cypherSuites: TLS_RSA_WITH_AES_128_CBC_SHA",
     "tls/default-suites-outbound"},
    {"does both suites where one is configured",
     "netborder.sip.tls.cypherSuites: 'TLS_RSA_WITH_AES_128_CBC_SHA,TLS_RSA_WITH_3DES_EDE_CBC_SHA'",
     "tls/restricted-suite"},
    {"passes over suites it does not know", "netborder.sip.tls.cypherSuites: TLS_RSA_WITH_AES_128_CBC_SHA",
     "tls/unknown-suite"},
    {"opens its key with any pass phrase", "netborder.sip.tls.serverCertificatePrivateKeyPassword: netborder",
     "certificates/netborder-files-refused"},
    {"renegotiates", "sipvet.sip.tls.renegotiation: secure", "tls/renegotiation-refused"},
    {"does ephemeral key exchange alone",
     "netborder.sip.tls.cypherSuites: TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "tls/static-rsa"},
    {"takes calls without a host certificate", "sipvet.sip.tls.certificate: good",
     "certificates/host-certificate"},
};

std::string_view text_of(std::string_view deviation) {
  const std::string_view name = deviation.substr(0, deviation.find(':'));
  const auto infos = tls::deviation_infos();
  const auto found = std::ranges::find(infos, name, &tls::DeviationInfo::name);
  return found == infos.end() ? name : found->text;
}

} // namespace

std::vector<Mutant> tls_mutants() {
  std::vector<Mutant> out;
  for (const Deviant& each : deviants)
    out.push_back({fmt::format("TLS: {} [{}]", text_of(each.deviation), each.scenario),
                   fmt::format("tls: {{{}}}", each.deviation), each.scenario});
  for (const Deviant& each : carriers)
    out.push_back(
        {fmt::format("SIP over TLS: {} [{}]", each.deviation, each.scenario), each.deviation, each.scenario});
  for (const Misconfigured& each : misconfigured)
    out.push_back({fmt::format("{} [{}]", each.name, each.scenario), "", each.scenario, "", each.setting});
  return out;
}

} // namespace sipvet::runner
