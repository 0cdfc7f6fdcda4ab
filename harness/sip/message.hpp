// A SIP message (RFC 3261 §7): start line, header fields in order, body. What was parsed is kept as it was
// written, so that serialising it gives the same octets; only fields that are set or added afterwards are
// written in our own form.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::sip {

// A message larger than any SIP over TLS seen in the field (INVITEs with certificates and several SDP bodies
// stay below 64 KiB) is refused before it takes memory.
inline constexpr std::size_t max_message_octets = 256 * 1024;
// RFC 4475 tests and long Via or Route sets stay far below this.
inline constexpr std::size_t max_header_fields = 512;

// Valid as long as the message it came from, or any copy of that.
struct HeaderField {
  std::string_view name;  // as written: "v", "Via" and "VIA" stay different here
  std::string_view value; // unfolded (RFC 3261 §7.3.1), without blanks at either end
  // The whole field as it came, line ends included. Empty for a field made here, and for one that came as
  // "name: value" with CRLF, since it is written so anyway.
  std::string_view raw;
};

class Message {
 public:
  static Message request(std::string method, std::string uri);
  static Message response(int status, std::string reason);

  bool is_request() const { return status_ == 0; }
  const std::string& method() const { return method_; } // empty for a response: see cseq.hpp
  const std::string& uri() const { return uri_; }       // Request-URI text; empty for a response
  int status() const { return status_; }                // 0 for a request
  const std::string& reason() const { return reason_; }
  void set_uri(std::string uri);

  // Names match without regard to case, and compact forms match their long names (RFC 3261 §7.3.3).
  std::optional<std::string_view> header(std::string_view name) const; // value of the first such field
  std::vector<std::string_view> headers(std::string_view name) const;  // one for each field
  // Every list element of every such field, split at the commas that separate elements (§7.3.1): not those
  // inside quoted strings or <>. Only for headers whose grammar is a list.
  std::vector<std::string> list(std::string_view name) const;

  void add(std::string_view name, std::string_view value); // after all others
  // In front of the first field of that name, or of all.
  void add_first(std::string_view name, std::string_view value);
  // Replaces the first such field in place, removes the others.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  const std::vector<HeaderField>& fields() const { return fields_; }

  const std::string& body() const { return body_; }
  // Also sets Content-Length and, when `content_type` is not empty, Content-Type.
  void set_body(std::string body, std::string_view content_type);

  // Header fields in order and the body. A Content-Length is written as it stands: deviations need wrong
  // ones.
  std::string serialize() const;

 private:
  friend class HeadParser; // head.hpp

  // Texts are never changed once they are here, and copies of the message share them.
  using Text = std::shared_ptr<const char[]>;
  std::string_view keep(std::span<const std::string_view> parts); // joined, in texts_
  HeaderField made(std::string_view name, std::string_view value);

  std::string method_;
  std::string uri_;
  int status_ = 0;
  std::string reason_;
  std::string_view start_line_raw_; // as it came; empty when the start line was made or changed here
  std::vector<HeaderField> fields_;
  std::string blank_line_ = "\r\n";
  std::string body_;
  std::vector<Text> texts_; // what fields_ and start_line_raw_ point into
};

// One whole message: head and body. Accepts bare LF line ends (kept on output). The body is what follows the
// head up to Content-Length, or all of it where there is none (datagrams, RFC 3261 §18.3); a Content-Length
// beyond the end fails. Errors name the octet and what was expected there.
Result<Message> parse_message(std::string_view text);

// The long name of a compact form ("v" gives "Via"), otherwise the name itself.
std::string_view long_name(std::string_view name);
// The reason phrase RFC 3261 §21 prints for a status code (and those of the RFCs that add codes), or
// "Unknown".
std::string_view reason_phrase(int status);

} // namespace sipvet::sip
