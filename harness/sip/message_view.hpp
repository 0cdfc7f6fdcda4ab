// A SIP message read where it stands: views into octets that somebody else holds. For onlookers, who see very
// many messages and keep few; sip/message.hpp is the message that owns what it says.
#pragma once

#include "base/result.hpp"
#include "sip/header_field.hpp"
#include "sip/known_header.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace sipvet::sip {

// A message larger than any SIP over TLS seen in the field (INVITEs with certificates and several SDP bodies
// stay below 64 KiB) is refused before it takes memory.
inline constexpr std::size_t max_message_octets = 256 * 1024;
// RFC 4475 tests and long Via or Route sets stay far below this.
inline constexpr std::size_t max_header_fields = 512;

// Valid as long as the octets it was read from. One that is read into again and again allocates nothing.
class MessageView {
 public:
  bool is_request() const { return status_ == 0; }
  std::string_view method() const { return method_; } // empty for a response: see cseq.hpp
  std::string_view uri() const { return uri_; }       // Request-URI text; empty for a response
  int status() const { return status_; }              // 0 for a request
  std::string_view reason() const { return reason_; }

  // The start line without its end, if method, Request-URI, status and reason written in our own form give
  // it again; else nothing.
  std::string_view plain_start_line() const;

  // See header_field.hpp.
  std::optional<std::string_view> header(std::string_view name) const {
    const KnownHeader known = known_header(name);
    return known == KnownHeader::other ? first_value(fields_, name) : header(known);
  }
  // The first such field. Not for KnownHeader::other.
  std::optional<std::string_view> header(KnownHeader known) const {
    const std::size_t place = places_[static_cast<std::size_t>(known)];
    return place == 0 ? std::nullopt : std::optional(fields_[place - 1].value);
  }
  std::vector<std::string> list(std::string_view name) const { return all_elements(fields_, name); }
  HeaderFields fields() const { return fields_; }
  std::string_view body() const { return body_; }
  // The whole message as it came, without what stood behind its body.
  std::string_view text() const { return text_; }

 private:
  friend class HeadParser; // head.hpp
  friend class Message;

  void clear();

  std::string_view method_, uri_, reason_;
  int status_ = 0;
  std::string_view start_line_; // with its end, and with empty lines in front of it
  std::vector<HeaderField> fields_;
  std::array<std::uint16_t, known_headers> places_{}; // in fields_, of each first one, from 1; 0: none
  std::string_view blank_line_;
  std::string_view body_;
  std::string_view text_;
  std::vector<std::shared_ptr<const char[]>> unfolded_; // values that came on several lines
};

// One whole message, as parse_message() of message.hpp reads it. `out` is of no use after an error.
Result<void> read_message(std::string_view text, MessageView& out);
Result<MessageView> view_message(std::string_view text);

} // namespace sipvet::sip
