// Session timers (RFC 4028): what requests and responses say of them, and when a session is refreshed or
// over.
#pragma once

#include "base/clock.hpp"
#include "sip/message.hpp"
#include "sip/session_expires.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::dialog {

// RFC 4028 §5: the least that Min-SE may be, and what holds where there is none.
inline constexpr std::uint32_t smallest_session_interval = 90; // seconds

struct SessionTimerSettings {
  bool supported = false;                            // says so, and takes the other side's wish
  std::uint32_t interval = 0;                        // seconds; 0: asks for no session timer itself
  std::uint32_t minimum = smallest_session_interval; // seconds; a shorter interval gets 422
  std::optional<sip::Refresher> refresher;           // wished for in our requests, and chosen in our answers
};

// The session timer of a dialog, as agreed with its last refresh.
struct SessionTimer {
  std::uint32_t interval = 0; // seconds
  bool ours = false;          // we send the refreshes
};
// §10: the refresher begins at half of the interval; the other side gives up a third of it, at most 32 s,
// before the end.
Duration refresh_after(const SessionTimer& timer);
Duration give_up_after(const SessionTimer& timer);

using HeaderLines = std::vector<std::pair<std::string, std::string>>;

// For an INVITE or UPDATE that we send (§7.1, §7.4). `current`: the timer in force. `learnt`: the largest
// Min-SE of a 422 in this dialog, 0 for none.
HeaderLines session_request_headers(const SessionTimerSettings& settings,
                                    const std::optional<SessionTimer>& current, std::uint32_t learnt);

// What becomes of an INVITE or UPDATE that came (§9).
struct SessionAnswer {
  int status = 200;    // or 422
  HeaderLines headers; // of the response
  std::optional<SessionTimer> timer;
};
SessionAnswer answer_session_request(const SessionTimerSettings& settings, const sip::Message& request);

// What the 2xx to our INVITE or UPDATE says (§7.2); none: no session timer runs. A Session-Expires without
// refresher, which must not be, leaves the refreshes to us.
std::optional<SessionTimer> session_of_response(const sip::Message& response);

// The Min-SE of a 422 (§7.3); none: it has no usable one.
std::optional<std::uint32_t> minimum_of_refusal(const sip::Message& response);

} // namespace sipvet::dialog
