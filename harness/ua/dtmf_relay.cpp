#include "ua/dtmf_relay.hpp"

#include "base/text.hpp"
#include "rtp/telephone_event.hpp"

namespace sipvet::ua {

std::string dtmf_relay_body(char key, unsigned duration_ms) {
  return "Signal=" + std::string(1, key) + "\r\nDuration=" + std::to_string(duration_ms) + "\r\n";
}

std::optional<char> dtmf_relay_key(const sip::Message& request) {
  const std::string_view type = split(request.header("Content-Type").value_or(""), ';').front();
  if (request.method() != "INFO" || !iequals(trim(type), dtmf_relay_type)) return std::nullopt;
  for (const std::string_view line : split(request.body(), '\n')) {
    const auto sides = split_once(line, '=');
    if (!sides || !iequals(trim(sides->first), "Signal")) continue;
    const std::string_view signal = trim(sides->second);
    const auto event = signal.size() == 1 ? rtp::event_of_key(signal.front()) : std::nullopt;
    return event ? rtp::key_of_event(*event) : std::nullopt; // letters as capitals
  }
  return std::nullopt;
}

} // namespace sipvet::ua
