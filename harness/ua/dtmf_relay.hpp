// Key presses in the body of an INFO request: application/dtmf-relay, which no RFC describes and telephony
// gateways of all makers send ("Signal=5", "Duration=160", a line each).
#pragma once

#include "sip/message.hpp"

#include <optional>
#include <string>

namespace sipvet::ua {

inline constexpr const char* dtmf_relay_type = "application/dtmf-relay";

// `key`: 0 to 9, *, #, A to D.
std::string dtmf_relay_body(char key, unsigned duration_ms);
// The key of an INFO request; none where it is of another type, or names no key.
std::optional<char> dtmf_relay_key(const sip::Message& request);

} // namespace sipvet::ua
