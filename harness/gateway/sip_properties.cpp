// The properties about extensions of SIP: session timers, reliable provisional responses, transfers.
#include "gateway/properties.hpp"

namespace sipvet::gateway {

namespace {

using script::Value;

Complaint read_seconds(const Value& value, std::uint32_t& field) {
  Duration duration{};
  if (auto complaint = read_duration(value, duration)) return complaint;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  if (seconds != duration || seconds.count() > 0xffffffff)
    return "expected a duration of whole seconds, found " + script::describe(value);
  field = static_cast<std::uint32_t>(seconds.count());
  return std::nullopt;
}

Complaint set_timer_supported(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.session_timer.supported);
}
Complaint set_timer_interval(const Value& value, PropertyTarget& target) {
  std::uint32_t seconds = 0;
  if (auto complaint = read_seconds(value, seconds)) return complaint;
  // RFC 4028 §4.
  if (seconds != 0 && seconds < dialog::smallest_session_interval) return "expected 0s, or 90s at least";
  target.config.session_timer.interval = seconds;
  return std::nullopt;
}
Complaint set_timer_minimum(const Value& value, PropertyTarget& target) {
  std::uint32_t seconds = 0;
  if (auto complaint = read_seconds(value, seconds)) return complaint;
  if (seconds < dialog::smallest_session_interval) return "expected 90s at least (RFC 4028 §5)";
  target.config.session_timer.minimum = seconds;
  return std::nullopt;
}
Complaint set_refresher(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"uac", "uas"})) return complaint;
  target.config.session_timer.refresher = text == "uac" ? sip::Refresher::uac : sip::Refresher::uas;
  return std::nullopt;
}

Complaint set_reliable(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"never", "supported", "required"})) return complaint;
  target.config.reliable_provisional = *ua::find_reliable_provisional(text);
  return std::nullopt;
}

Complaint set_update(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"never", "supported", "preferred"})) return complaint;
  target.config.updates = text == "never"       ? UpdateUse::never
                          : text == "supported" ? UpdateUse::supported
                                                : UpdateUse::preferred;
  return std::nullopt;
}

Complaint set_asks_before_changes(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.asks_before_changes);
}

Complaint set_transfers(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.transfers);
}

Complaint set_decline_status(const Value& value, PropertyTarget& target) {
  std::int64_t status = 0;
  if (auto complaint = read_integer(value, 400, 699, status)) return complaint;
  target.config.decline_status = static_cast<int>(status);
  return std::nullopt;
}
Complaint set_dtmf(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"events", "info"})) return complaint;
  target.config.dtmf_by_info = text == "info";
  return std::nullopt;
}

constexpr Property table[] = {
    {{"sipvet.sip.sessionTimer.supported", "boolean", "", "false", "knows session timers (RFC 4028)"},
     set_timer_supported},
    {{"sipvet.sip.sessionTimer.interval", "duration", "", "0s",
      "session interval that it asks for, and cuts longer ones to; 0s: asks for none and takes any"},
     set_timer_interval},
    {{"sipvet.sip.sessionTimer.minimum", "duration", "", "90s",
      "shortest session interval that it takes; a shorter one gets 422"},
     set_timer_minimum},
    {{"sipvet.sip.sessionTimer.refresher", "text", "uac,uas", "",
      "who shall refresh: asked for in its own calls, and chosen in answers where the caller leaves it open"},
     set_refresher},
    {{"sipvet.sip.reliableProvisional", "text", "never,supported,required", "never",
      "reliable provisional responses (RFC 3262)"},
     set_reliable},
    {{"sipvet.sip.update", "text", "never,supported,preferred", "never",
      "UPDATE (RFC 3311) beside that of session timers; preferred: also for new keys of answered calls"},
     set_update},
    {{"sipvet.telephone.asksBeforeChanges", "boolean", "", "false",
      "the telephone side must agree to a changed session: UPDATE with an offer gets 504"},
     set_asks_before_changes},
    {{"sipvet.telephone.transfers", "boolean", "", "true", "follows REFER in a call (RFC 3515)"},
     set_transfers},
    {{"sipvet.telephone.declineStatus", "integer", "", "603",
      "what a caller is told whose call the telephone side declines"},
     set_decline_status},
    {{"sipvet.telephone.dtmf", "text", "events,info", "events",
      "how key presses go out: as telephone events (RFC 4733), or by SIP INFO; both are understood"},
     set_dtmf},
};

} // namespace

std::span<const Property> sip_property_table() { return table; }

} // namespace sipvet::gateway
