#include "rtp/telephone_event.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

#include <string_view>

namespace sipvet::rtp {
namespace {
// The place of a key is its event code (RFC 4733 §3.2).
constexpr std::string_view keys = "0123456789*#ABCD";
} // namespace

Result<TelephoneEvent> parse_telephone_event(ByteView payload) {
  Reader in(payload);
  TelephoneEvent event;
  SIPVET_TRY(event.event, in.u8("telephone event"));
  SIPVET_TRY(const auto flags, in.u8("telephone event flags"));
  event.end = (flags & 0x80) != 0;
  event.volume_dbm0 = flags & 0x3F;
  SIPVET_TRY(event.duration, in.u16("telephone event duration"));
  SIPVET_CHECK(in.expect_end("telephone event"));
  return event;
}

Bytes serialize(const TelephoneEvent& event) {
  Writer out;
  out.u8(event.event);
  out.u8(static_cast<std::uint8_t>((event.end ? 0x80u : 0u) | (event.volume_dbm0 & 0x3Fu)));
  out.u16(event.duration);
  return out.take();
}

std::optional<std::uint8_t> event_of_key(char key) {
  const char upper = key >= 'a' && key <= 'd' ? static_cast<char>(key - 'a' + 'A') : key;
  const auto at = keys.find(upper);
  if (at == keys.npos) return std::nullopt;
  return static_cast<std::uint8_t>(at);
}

std::optional<char> key_of_event(std::uint8_t event) {
  if (event >= keys.size()) return std::nullopt;
  return keys[event];
}

} // namespace sipvet::rtp
