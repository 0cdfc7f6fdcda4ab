// The rows of a peer's settings about how SRTP keys are made, and those that begin with "dtls.".
#include "keying/media_keys.hpp"
#include "peers/setting_row.hpp"

#include <fmt/format.h>

#include <array>

namespace sipvet::peers {

namespace {

using script::Value;

std::optional<std::string> known_hash(std::string_view name) {
  for (const std::string_view each : {"sha-1", "sha-256", "sha-384", "sha-512"})
    if (each == name) return std::string(each);
  return std::nullopt;
}

Problems take_key_exchange(Settings& settings, const Value& value) {
  return take_list(settings.key_exchanges, value, keying::find_key_exchange, "sdes, dtls-srtp");
}

Problems take_versions(Settings& settings, const Value& value) {
  return take_list(settings.dtls.versions, value, tls::find_dtls_version, "DTLSv1.0, DTLSv1.2");
}

Problems take_offer_setup(Settings& settings, const Value& value) {
  static constexpr Choice<keying::Setup> choices[] = {{"actpass", keying::Setup::actpass},
                                                      {"active", keying::Setup::active},
                                                      {"passive", keying::Setup::passive},
                                                      {"holdconn", keying::Setup::holdconn}};
  return take_choice(settings.dtls.offer_setup, value, choices);
}

Problems take_answer_setup(Settings& settings, const Value& value) {
  static constexpr Choice<keying::Setup> choices[] = {{"active", keying::Setup::active},
                                                      {"passive", keying::Setup::passive}};
  return take_choice(settings.dtls.answer_setup, value, choices);
}

Problems take_hashes(Settings& settings, const Value& value) {
  return take_list(settings.dtls.hashes, value, known_hash, "sha-1, sha-256, sha-384, sha-512");
}

Problems take_rtcp_mux(Settings& settings, const Value& value) {
  const auto boolean = script::as_boolean(value);
  if (!boolean) return wrong(value, "true or false");
  settings.dtls.rtcp_mux = *boolean;
  return {};
}

Problems take_deviations(Settings& settings, const Value& value) {
  if (!value.is_map()) return wrong(value, "a map of deviations");
  Problems problems;
  for (const script::MapEntry& entry : value.entries) {
    const auto set = ua::set_dtls_deviation(settings.dtls.deviations, entry.key, entry.value.text);
    if (!set) problems.push_back({entry.at, set.error().what});
  }
  return problems;
}

constexpr std::array rows = {
    SettingRow{{"key-exchange", "how it makes SRTP keys, sdes or dtls-srtp: all are offered in this order, "
                                "the first that was offered is answered"},
               take_key_exchange},
    SettingRow{{"dtls.versions", "versions of DTLS-SRTP: DTLSv1.0, DTLSv1.2"}, take_versions},
    SettingRow{{"dtls.offer-setup", "a=setup of its offers: actpass, active, passive or holdconn"},
               take_offer_setup},
    SettingRow{{"dtls.answer-setup", "a=setup of its answers where the offer leaves the choice: active or "
                                     "passive"},
               take_answer_setup},
    SettingRow{{"dtls.fingerprints", "hash functions of its fingerprints, a line for each"}, take_hashes},
    SettingRow{{"dtls.rtcp-mux", "whether it offers and takes RTCP on the port of RTP"}, take_rtcp_mux},
    SettingRow{{"dtls.deviations", "a map of ways in which its DTLS-SRTP misbehaves"}, take_deviations},
};

} // namespace

std::span<const SettingRow> dtls_setting_rows() { return rows; }

std::string dtls_deviations_reference() {
  std::string out = "| deviation | what it does |\n|---|---|\n";
  for (const ua::DtlsDeviationInfo& info : ua::dtls_deviation_infos())
    out += fmt::format("| `{}` | {} |\n", info.name, info.text);
  return out;
}

} // namespace sipvet::peers
