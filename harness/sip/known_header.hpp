// The header fields that nearly every message is asked for, by number: a message knows where they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipvet::sip {

enum class KnownHeader : std::uint8_t {
  via,
  from,
  to,
  call_id,
  cseq,
  contact,
  route,
  record_route,
  content_type,
  content_length,
  other
};
inline constexpr std::size_t known_headers = static_cast<std::size_t>(KnownHeader::other);

// Of a name as written, in any case, long or compact (RFC 3261 §7.3.3).
KnownHeader known_header(std::string_view name);

} // namespace sipvet::sip
