// The settings of a peer about SRTP: its suites, how it writes and reads offers, and its crypto lines.
#include "peers/setting_row.hpp"

#include <array>

namespace sipvet::peers {

namespace {

using script::Value;

Problems take_suites(Settings& settings, const Value& value) {
  return take_list(settings.suites, value, rtp::find_srtp_suite,
                   "the SRTP crypto suites of RFC 4568, 6188 and 7714");
}

Problems take_form(Settings& settings, const Value& value) {
  const auto form = value.is_scalar() ? keying::find_choice_form(value.text) : std::nullopt;
  if (!form)
    return wrong(value, "two-sections, avp-with-crypto, capability-negotiation or avp-with-encryption");
  settings.form = *form;
  return {};
}

Problems take_understood(Settings& settings, const Value& value) {
  if (value.is_list() && value.items.empty()) {
    settings.shape_rules.understood.clear();
    return {};
  }
  return take_list(settings.shape_rules.understood, value, keying::find_choice_form,
                   "two-sections, avp-with-crypto, capability-negotiation, avp-with-encryption");
}

template <std::uint32_t keying::SdesStyle::*Field, std::int64_t Least, std::int64_t Most>
Problems take_number(Settings& settings, const Value& value) {
  const auto number = script::as_integer(value);
  if (!number || *number < Least || *number > Most)
    return wrong(value, "a number from " + std::to_string(Least) + " to " + std::to_string(Most));
  settings.sdes.style.*Field = static_cast<std::uint32_t>(*number);
  return {};
}

Problems take_lifetime(Settings& settings, const Value& value) {
  const auto lifetime = sdp::parse_lifetime(value.is_scalar() ? value.text : "");
  if (!lifetime) return wrong(value, "a lifetime such as 2^20 or 1000");
  settings.sdes.style.lifetime = *lifetime;
  return {};
}

Problems take_parameters(Settings& settings, const Value& value) {
  const auto find = [](std::string_view text) -> std::optional<sdp::SessionParameter> {
    auto parameter = sdp::parse_session_parameter(text);
    return parameter ? std::optional(std::move(*parameter)) : std::nullopt;
  };
  return take_list(settings.sdes.style.parameters, value, find,
                   "session parameters such as KDR=4 or UNENCRYPTED_SRTCP");
}

Problems take_accepted(Settings& settings, const Value& value) {
  const auto find = [](std::string_view text) -> std::optional<std::string> {
    const auto* known = keying::find_parameter(text);
    return known == nullptr ? std::nullopt : std::optional(std::string(known->name));
  };
  return take_list(settings.sdes.accepted_parameters, value, find, "the session parameters of RFC 4568");
}

Problems take_answer_order(Settings& settings, const Value& value) {
  const bool offered = value.is_scalar() && value.text == "offered";
  if (!offered && !(value.is_scalar() && value.text == "own")) return wrong(value, "own or offered");
  settings.sdes.offerers_order = offered;
  return {};
}

Problems take_sdes_deviations(Settings& settings, const Value& value) {
  return take_deviations(value, [&](const std::string& name, const std::vector<std::string>& values) {
    return keying::set_sdes_deviation(settings.sdes.deviations, name, values);
  });
}

constexpr std::array rows = {
    SettingRow{{"srtp.suites", "SRTP crypto suites it offers and accepts, most preferred first"},
               take_suites},
    SettingRow{{"srtp.form", "how it writes an offer of SRTP and RTP: two-sections, avp-with-crypto, "
                             "capability-negotiation or avp-with-encryption"},
               take_form},
    SettingRow{{"srtp.understands", "in which of these forms it understands such an offer; default all"},
               take_understood},
    SettingRow{{"srtp.first-tag", "tag of the first crypto line of its offers; default 1"},
               take_number<&keying::SdesStyle::first_tag, 0, 999'999'000>},
    SettingRow{{"srtp.answer-order",
                "which of several crypto lines it answers: own, that with the first of its "
                "own suites, or offered, the first that it can use; default own"},
               take_answer_order},
    SettingRow{{"srtp.keys", "master keys in each of its crypto lines, from 1 to 16; several need an MKI"},
               take_number<&keying::SdesStyle::keys, 1, 16>},
    SettingRow{{"srtp.mki-octets", "length of the MKI of its keys, from 1 to 128; default 0: no MKI"},
               take_number<&keying::SdesStyle::mki_octets, 0, 128>},
    SettingRow{{"srtp.lifetime", "lifetime written with its keys, as 2^n or as a number of packets"},
               take_lifetime},
    SettingRow{{"srtp.parameters", "session parameters of its crypto lines, such as KDR=4"}, take_parameters},
    SettingRow{{"srtp.accepted-parameters",
                "session parameters that the gateway may ask for; default all that can be done"},
               take_accepted},
    SettingRow{{"srtp.deviations", "SDES that misbehaves: names of docs/sdes.md to true"},
               take_sdes_deviations},
};

} // namespace

std::span<const SettingRow> srtp_setting_rows() { return rows; }

keying::SdesSettings lenient_sdes() {
  keying::SdesSettings settings;
  settings.accepted_parameters.clear();
  for (const keying::ParameterInfo& parameter : keying::session_parameters())
    if (parameter.kind != keying::ParameterKind::not_done)
      settings.accepted_parameters.emplace_back(parameter.name);
  return settings;
}

} // namespace sipvet::peers
