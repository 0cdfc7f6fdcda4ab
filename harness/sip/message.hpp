// A SIP message (RFC 3261 §7): start line, header fields in order, body. What was parsed is kept as it was
// written, so that serialising it gives the same octets; only fields that are set or added afterwards are
// written in our own form.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "sip/header_field.hpp"
#include "sip/message_view.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::sip {

class Message {
 public:
  Message() = default;
  static Message request(std::string method, std::string uri);
  static Message response(int status, std::string reason);
  explicit Message(const MessageView& view);

  bool is_request() const { return status_ == 0; }
  const std::string& method() const { return method_; } // empty for a response: see cseq.hpp
  const std::string& uri() const { return uri_; }       // Request-URI text; empty for a response
  int status() const { return status_; }                // 0 for a request
  const std::string& reason() const { return reason_; }
  void set_uri(std::string uri);

  // See header_field.hpp.
  std::optional<std::string_view> header(std::string_view name) const { return first_value(fields_, name); }
  std::vector<std::string_view> headers(std::string_view name) const { return all_values(fields_, name); }
  std::vector<std::string> list(std::string_view name) const { return all_elements(fields_, name); }

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

// The reason phrase RFC 3261 §21 prints for a status code (and those of the RFCs that add codes), or
// "Unknown".
std::string_view reason_phrase(int status);

} // namespace sipvet::sip
