// The Session-Expires and Min-SE header fields (RFC 4028 §4 and §5).
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sipvet::sip {

// Which end of the transaction sends the refreshes.
enum class Refresher { uac, uas };
std::string_view name(Refresher refresher);

struct SessionExpires {
  std::uint32_t seconds = 0;
  std::optional<Refresher> refresher;
};

// Seconds are delta-seconds (RFC 3261 §20.19): 0 to 2^32-1. Parameters that are not known are passed over.
Result<SessionExpires> parse_session_expires(std::string_view text);
std::string to_string(const SessionExpires& value);
Result<std::uint32_t> parse_min_se(std::string_view text);

} // namespace sipvet::sip
