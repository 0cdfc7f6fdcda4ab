// Reads the head of a SIP message: start line, header fields and the empty line. Shared by the parser of
// whole messages and the framer of streams, which learns from it how long the body is.
#pragma once

#include "sip/message_view.hpp"

namespace sipvet::sip {

// Longer first lines are refused: Request-URIs of RFC 4475's longreq have some 1,000 octets.
inline constexpr std::size_t max_start_line_octets = 16 * 1024;
// The longest method in use has 9 letters, RFC 4475's intmeth has 43.
inline constexpr std::size_t max_method_octets = 128;

struct Head {
  std::size_t octets = 0;
  std::optional<std::size_t> content_length;
};

class HeadParser {
 public:
  // Into `out`, all but the body. `text` begins with the start line, or with empty lines in front of it (RFC
  // 3261 §7.5), and holds the whole head.
  static Result<Head> parse(std::string_view text, MessageView& out);
  // `text`: the head that was parsed, and `octets` of body behind it.
  static void take_body(std::string_view text, const Head& head, std::size_t octets, MessageView& out);
  // Only the first line, without its end: for streams whose head is not complete yet.
  static Result<void> check_start_line(std::string_view line);

 private:
  static Result<void> start_line(std::string_view line, std::size_t offset, MessageView& out);
  static Result<void> request_line(std::string_view line, std::size_t offset, MessageView& out);
  static Result<void> status_line(std::string_view line, std::size_t offset, MessageView& out);
  static Result<void> header_fields(std::string_view text, Head& head, MessageView& out);
  static Result<void> continuation_lines(std::string_view text, std::size_t& offset, HeaderField& field,
                                         MessageView& out);
};

// Whether `line`, the beginning of a stream with no line end yet, can still become a start line. It says no
// as soon as it can: a TLS record or an HTTP response on a SIP port does not wait for more octets. The first
// `checked` octets passed an earlier call.
Result<void> check_start(std::string_view line, std::size_t checked = 0);

} // namespace sipvet::sip
