#include "dialog/session_timer.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sipvet::dialog {

namespace {

bool lists(const sip::Message& message, std::string_view header, std::string_view option) {
  const std::vector<std::string> all = message.list(header);
  return std::any_of(all.begin(), all.end(), [&](const std::string& each) { return iequals(each, option); });
}

// Unreadable values are as good as none: a header of an extension stops no call (RFC 3261 §8.2.2).
std::optional<sip::SessionExpires> asked_for(const sip::Message& message) {
  const auto header = message.header("Session-Expires");
  if (!header) return std::nullopt;
  const auto parsed = sip::parse_session_expires(*header);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<std::uint32_t> min_se_of(const sip::Message& message) {
  const auto header = message.header("Min-SE");
  if (!header) return std::nullopt;
  const auto parsed = sip::parse_min_se(*header);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

// RFC 4028 §9, table 2: a caller without the extension cannot refresh; one with it has the first word.
sip::Refresher choose(const SessionTimerSettings& settings, bool caller_can,
                      std::optional<sip::Refresher> wish) {
  if (!caller_can) return sip::Refresher::uas;
  return wish.value_or(settings.refresher.value_or(sip::Refresher::uac));
}

} // namespace

Duration refresh_after(const SessionTimer& timer) {
  return std::chrono::milliseconds(std::uint64_t{500} * timer.interval);
}

Duration give_up_after(const SessionTimer& timer) {
  const std::uint64_t whole = std::uint64_t{1000} * timer.interval;
  return std::chrono::milliseconds(whole - std::min<std::uint64_t>(32'000, whole / 3));
}

HeaderLines session_request_headers(const SessionTimerSettings& settings,
                                    const std::optional<SessionTimer>& current, std::uint32_t learnt) {
  HeaderLines headers;
  if (!settings.supported) return headers;
  const std::uint32_t wanted = current ? current->interval : settings.interval;
  if (wanted != 0) {
    const std::uint32_t floor = std::max(learnt, settings.minimum);
    sip::SessionExpires value{std::max(wanted, floor), settings.refresher};
    // §7.4: whoever refreshes goes on to do so, seen from this request.
    if (current) value.refresher = current->ours ? sip::Refresher::uac : sip::Refresher::uas;
    headers.emplace_back("Session-Expires", to_string(value));
  }
  const std::uint32_t minimum = std::max(learnt, settings.minimum);
  if (learnt != 0 || minimum != smallest_session_interval)
    headers.emplace_back("Min-SE", std::to_string(minimum));
  return headers;
}

SessionAnswer answer_session_request(const SessionTimerSettings& settings, const sip::Message& request) {
  SessionAnswer answer;
  if (!settings.supported) return answer;
  const bool caller_can = lists(request, "Supported", "timer") || lists(request, "Require", "timer");
  const std::optional<sip::SessionExpires> asked = asked_for(request);
  if (asked && asked->seconds < settings.minimum && caller_can) {
    answer.status = 422;
    answer.headers.emplace_back("Min-SE", std::to_string(settings.minimum));
    return answer;
  }
  if (!asked && settings.interval == 0) return answer;
  // What was asked for is made shorter at most, and not below either side's minimum (§9).
  const std::uint32_t least =
      std::max(min_se_of(request).value_or(smallest_session_interval), settings.minimum);
  std::uint32_t interval = std::max(settings.interval, least);
  if (asked) interval = settings.interval == 0 ? asked->seconds : std::min(interval, asked->seconds);
  const sip::Refresher refresher = choose(settings, caller_can, asked ? asked->refresher : std::nullopt);
  if (caller_can) answer.headers.emplace_back("Require", "timer"); // §9: must for uac, should for uas
  answer.headers.emplace_back("Session-Expires", to_string(sip::SessionExpires{interval, refresher}));
  answer.timer = SessionTimer{interval, refresher == sip::Refresher::uas};
  return answer;
}

std::optional<SessionTimer> session_of_response(const sip::Message& response) {
  const std::optional<sip::SessionExpires> agreed = asked_for(response);
  if (!agreed || agreed->seconds == 0) return std::nullopt;
  return SessionTimer{agreed->seconds,
                      agreed->refresher.value_or(sip::Refresher::uac) == sip::Refresher::uac};
}

std::optional<std::uint32_t> minimum_of_refusal(const sip::Message& response) { return min_se_of(response); }

} // namespace sipvet::dialog
