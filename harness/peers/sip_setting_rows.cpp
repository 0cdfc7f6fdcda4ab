// The settings of a peer that concern extensions of SIP: session timers and reliable provisional responses.
#include "peers/setting_row.hpp"

#include <array>

namespace sipvet::peers {

namespace {

using script::Value;

Problems take_seconds(std::uint32_t& field, const Value& value) {
  const auto duration = script::as_duration(value);
  const auto seconds = duration ? std::chrono::duration_cast<std::chrono::seconds>(*duration).count() : -1;
  if (seconds < 0 || seconds > 0xffffffff || std::chrono::seconds(seconds) != *duration)
    return wrong(value, "a duration of whole seconds");
  field = static_cast<std::uint32_t>(seconds);
  return {};
}

Problems take_interval(Settings& settings, const Value& value) {
  settings.session_timer.supported = true;
  return take_seconds(settings.session_timer.interval, value);
}

Problems take_minimum(Settings& settings, const Value& value) {
  settings.session_timer.supported = true;
  return take_seconds(settings.session_timer.minimum, value);
}

Problems take_refresher(Settings& settings, const Value& value) {
  constexpr Choice<sip::Refresher> choices[] = {{"uac", sip::Refresher::uac}, {"uas", sip::Refresher::uas}};
  sip::Refresher refresher{};
  Problems problems = take_choice(refresher, value, choices);
  if (problems.empty()) settings.session_timer.refresher = refresher;
  return problems;
}

Problems take_reliable(Settings& settings, const Value& value) {
  constexpr Choice<ua::ReliableProvisional> choices[] = {
      {"never", ua::ReliableProvisional::never},
      {"supported", ua::ReliableProvisional::supported},
      {"required", ua::ReliableProvisional::required},
  };
  return take_choice(settings.reliable_provisional, value, choices);
}

Problems take_updates(Settings& settings, const Value& value) {
  using Updates = Settings::Updates;
  constexpr Choice<Updates> choices[] = {
      {"never", Updates::never}, {"answered", Updates::answered}, {"by-steps", Updates::by_steps}};
  return take_choice(settings.updates, value, choices);
}

struct DeviationRow {
  std::string_view name;
  bool ua::UserAgentDeviations::*flag;
};
constexpr DeviationRow deviation_rows[] = {
    {"no_ack", &ua::UserAgentDeviations::no_ack},
    {"no_bye_response", &ua::UserAgentDeviations::no_bye_response},
    {"no_prack", &ua::UserAgentDeviations::no_prack},
    {"crossing_offers_taken", &ua::UserAgentDeviations::crossing_offers_taken},
    {"no_session_refresh", &ua::UserAgentDeviations::no_session_refresh},
};

Problems take_sip_deviations(Settings& settings, const Value& value) {
  if (!value.is_map()) return wrong(value, "a map of deviations");
  Problems problems;
  for (const script::MapEntry& entry : value.entries) {
    const auto* const row = std::find_if(std::begin(deviation_rows), std::end(deviation_rows),
                                         [&](const DeviationRow& each) { return each.name == entry.key; });
    const auto on = script::as_boolean(entry.value);
    if (row == std::end(deviation_rows))
      problems.push_back({entry.at, "has no deviation '" + entry.key + "'"});
    else if (!on)
      problems.push_back({entry.value.at, entry.key + " needs true or false"});
    else
      settings.sip_deviations.*row->flag = *on;
  }
  return problems;
}

constexpr std::array rows = {
    SettingRow{
        {"sip.session-timer.interval",
         "session interval that it asks for (RFC 4028); 0s: it knows session timers and asks for none"},
        take_interval},
    SettingRow{{"sip.session-timer.minimum", "shortest session interval that it takes; default 90s"},
               take_minimum},
    SettingRow{{"sip.session-timer.refresher", "who shall refresh: uac or uas"}, take_refresher},
    SettingRow{{"sip.reliable-provisional", "reliable provisional responses (RFC 3262): never, supported or "
                                            "required"},
               take_reliable},
    SettingRow{{"sip.update", "UPDATE (RFC 3311): never; answered, its offers too; or by-steps, answer and "
                              "reject, where it has an offer"},
               take_updates},
    SettingRow{{"sip.deviations", "a map of ways in which its SIP misbehaves, true for each: no_ack, "
                                  "no_bye_response, no_prack, no_session_refresh, crossing_offers_taken"},
               take_sip_deviations},
};

} // namespace

std::span<const SettingRow> sip_setting_rows() { return rows; }

} // namespace sipvet::peers
