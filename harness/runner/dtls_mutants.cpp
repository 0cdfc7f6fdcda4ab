// Gateways whose DTLS-SRTP misbehaves in one way each, and the scenario that must notice.
#include "runner/mutants.hpp"

#include "ua/dtls_deviations.hpp"

#include <algorithm>
#include <string_view>

namespace sipvet::runner {

namespace {

struct Deviant {
  std::string_view deviation; // of ua/dtls_deviations.def
  std::string_view scenario;
};
constexpr Deviant deviants[] = {
    {"no_fingerprint", "dtls-srtp/offer"},
    {"wrong_fingerprint", "dtls-srtp/offer"},
    {"wrong_fingerprint", "dtls-srtp/fingerprint-hashes"},
    {"same_setup", "dtls-srtp/setup-answered"},
    {"no_handshake", "dtls-srtp/setup-taken"},
    {"any_setup", "dtls-srtp/holdconn"},
    {"any_setup", "dtls-srtp/answer-setup-contradiction"},
    {"fingerprint_not_needed", "dtls-srtp/offer-without-fingerprint"},
    {"fingerprint_not_needed", "dtls-srtp/answer-without-fingerprint"},
    {"any_fingerprint", "dtls-srtp/wrong-fingerprint"},
    {"any_fingerprint", "dtls-srtp/wrong-fingerprint-answered"},
    {"any_fingerprint", "dtls-srtp/client-without-certificate"},
    {"no_certificate", "dtls-srtp/setup-taken"},
    {"no_use_srtp", "dtls-srtp/no-use-srtp"},
    {"no_use_srtp", "dtls-srtp/profile-not-offered"},
    {"other_profile", "dtls-srtp/profile-chosen"},
    {"media_before_handshake", "dtls-srtp/late-handshake"},
    {"hears_before_handshake", "dtls-srtp/media-before-keys"},
    {"new_tls_id", "dtls-srtp/association-goes-on"},
    {"no_check_sent", "dtls-srtp/stun-checks"},
    {"checks_not_answered", "dtls-srtp/stun-checks"},
};

// Settings that are what a gateway gets wrong.
struct WrongSetting {
  std::string_view name, setting, scenario;
};
constexpr WrongSetting wrong_settings[] = {
    {"does DTLS 1.0 where nobody asked for it", "sipvet.media.dtls.versions: [DTLSv1.0, DTLSv1.2]",
     "dtls-srtp/old-version"},
    {"waits for a handshake that does not come", "sipvet.media.dtls.timeout: 60s", "dtls-srtp/no-handshake"},
    {"takes RTCP on the port of RTP without a word", "sipvet.media.dtls.rtcpMux: false",
     "dtls-srtp/rtcp-mux"},
    {"offers SDES alone", "sipvet.media.keyExchange: sdes", "dtls-srtp/beside-sdes-offered"},
    {"takes SDES although DTLS-SRTP comes first", "sipvet.media.keyExchange: [sdes, dtls-srtp]",
     "dtls-srtp/beside-sdes-answered"},
};

std::string_view text_of(std::string_view deviation) {
  const auto infos = ua::dtls_deviation_infos();
  const auto row = std::ranges::find(infos, deviation, &ua::DtlsDeviationInfo::name);
  return row == infos.end() ? deviation : row->text;
}

// One misbehaviour is looked for by several scenarios.
std::string name_of(std::string_view text, std::string_view scenario) {
  return "DTLS-SRTP: " + std::string(text) + " (" + std::string(scenario.substr(scenario.find('/') + 1)) +
         ")";
}

} // namespace

std::vector<Mutant> dtls_mutants() {
  std::vector<Mutant> out;
  for (const Deviant& each : deviants)
    out.push_back({name_of(text_of(each.deviation), each.scenario),
                   "dtls: {" + std::string(each.deviation) + ": true}", std::string(each.scenario)});
  for (const WrongSetting& each : wrong_settings)
    out.push_back(
        {name_of(each.name, each.scenario), "", std::string(each.scenario), "", std::string(each.setting)});
  return out;
}

} // namespace sipvet::runner
