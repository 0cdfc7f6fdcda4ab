#include "analysis/websocket.hpp"

#include "base/reader.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sipvet::analysis {
namespace {

// Cookies and tokens make a request long; servers take no more.
constexpr std::size_t max_head_octets = 16 * 1024;
constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr std::string_view request = "GET ", agreement = "HTTP/1.1 101";

namespace opcode {
constexpr std::uint8_t continuation = 0, binary = 2, close = 8, pong = 10;
} // namespace opcode

bool begins_alike(std::string_view text, std::string_view wanted) {
  return text.substr(0, wanted.size()) == wanted.substr(0, text.size());
}

// "Upgrade: websocket", in any case.
bool asks_for_websocket(std::string_view head) {
  for (const auto line : split(head, '\n')) {
    const auto field = split_once(line, ':');
    if (field && iequals(trim(field->first), "Upgrade") && iequals(trim(field->second), "websocket"))
      return true;
  }
  return false;
}

} // namespace

Guess begins_with_websocket(std::string_view text) {
  if (!begins_alike(text, request) && !begins_alike(text, agreement)) return Guess::no;
  const auto end = text.find(end_of_head);
  if (end == std::string_view::npos) return text.size() > max_head_octets ? Guess::no : Guess::more;
  return asks_for_websocket(text.substr(0, end)) ? Guess::yes : Guess::no;
}

WebSocketReader WebSocketReader::joined() {
  WebSocketReader reader;
  reader.opened_ = true;
  return reader;
}

void WebSocketReader::feed(ByteView octets) {
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  append(held_, octets);
}

// RFC 6455 §5.2.
Result<std::optional<WebSocketReader::Frame>> WebSocketReader::next_frame() const {
  const std::optional<Frame> more;
  if (unread().size() < 2) return more;
  Reader reader(unread());
  SIPVET_TRY(const std::uint8_t first, reader.u8("WebSocket opcode"));
  SIPVET_TRY(const std::uint8_t second, reader.u8("WebSocket length"));
  Frame frame;
  frame.opcode = first & 0x0F;
  frame.last = (first & 0x80) != 0;
  // RFC 7692 §6: the first reserved bit of the first frame of a message says that it is compressed.
  frame.compressed = (first & 0x40) != 0;
  const bool begins = frame.opcode != opcode::continuation && frame.opcode < opcode::close;
  if ((first & 0x30) != 0 || (frame.compressed && !begins))
    return fail("a WebSocket frame with an extension that is not known");
  if (frame.opcode > opcode::pong || (frame.opcode > opcode::binary && frame.opcode < opcode::close))
    return fail("expected a WebSocket frame, got opcode " + std::to_string(frame.opcode));
  std::uint64_t octets = second & 0x7F;
  const std::size_t length_octets = octets == 126 ? 2 : octets == 127 ? 8 : 0;
  const std::size_t mask_octets = (second & 0x80) != 0 ? 4 : 0;
  if (reader.remaining() < length_octets + mask_octets) return more;
  if (length_octets == 2) {
    SIPVET_TRY(octets, reader.u16("WebSocket length"));
  } else if (length_octets == 8) {
    SIPVET_TRY(octets, reader.u64("WebSocket length"));
  }
  if (octets > max_message_octets)
    return fail("a WebSocket frame of " + std::to_string(octets) + " octets is too long to be SIP");
  if (mask_octets != 0) {
    SIPVET_TRY(frame.mask, reader.u32("WebSocket mask"));
  }
  frame.header_octets = reader.offset();
  frame.octets = frame.header_octets + octets;
  return unread().size() < frame.octets ? more : std::optional(frame);
}

// True: a message is whole.
Result<bool> WebSocketReader::take(const Frame& frame) {
  const auto payload = unread().subspan(frame.header_octets, frame.octets - frame.header_octets);
  const bool control = frame.opcode >= opcode::close;
  if (!control && (frame.opcode == opcode::continuation) != in_message_)
    return fail(in_message_ ? "expected the rest of a WebSocket message, got another one"
                            : "expected a WebSocket message, got the rest of one");
  if (!control) {
    if (message_.size() + payload.size() > max_message_octets)
      return fail("a WebSocket message is too long to be SIP");
    const std::uint32_t mask = frame.mask.value_or(0);
    const std::array<std::uint8_t, 4> key{
        static_cast<std::uint8_t>(mask >> 24), static_cast<std::uint8_t>(mask >> 16),
        static_cast<std::uint8_t>(mask >> 8), static_cast<std::uint8_t>(mask)};
    for (std::size_t i = 0; i < payload.size(); ++i) message_.push_back(payload[i] ^ key[i % key.size()]);
    if (!in_message_) compressed_ = frame.compressed;
    in_message_ = !frame.last;
  }
  used_ += frame.octets;
  return !control && frame.last;
}

Result<void> WebSocketReader::decompress() {
  if (!inflater_) inflater_.emplace();
  SIPVET_TRY(message_, inflater_->inflate(message_, max_message_octets));
  return {};
}

Result<std::optional<ByteView>> WebSocketReader::next() {
  const std::optional<ByteView> more;
  if (!opened_) {
    const auto end = as_text(unread()).find(end_of_head);
    if (end == std::string_view::npos) return more;
    used_ += end + end_of_head.size();
    opened_ = true;
  }
  if (!in_message_) message_.clear();
  for (;;) {
    SIPVET_TRY(const std::optional<Frame> frame, next_frame());
    if (!frame) return more;
    SIPVET_TRY(const bool whole, take(*frame));
    if (!whole) continue;
    if (compressed_) SIPVET_CHECK(decompress());
    return std::optional<ByteView>(message_);
  }
}

} // namespace sipvet::analysis
