#include "sip/framer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::sip {

namespace {

// Bounds what is held when one piece brings many messages; each chunk is cut up before the next is looked at.
constexpr std::size_t chunk_octets = 64 * 1024;

// The octets of the line end at the front of `text`: 0 when there is none, nothing when it cannot be told
// yet.
std::optional<std::size_t> line_end(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text[0] == '\n') return 1;
  if (text[0] != '\r') return 0;
  if (text.size() == 1) return std::nullopt;
  return text[1] == '\n' ? 2 : 0;
}

// Where the empty line that ends the head ends, or nothing. `scanned` moves to where the next search may
// begin.
std::optional<std::size_t> head_end(std::string_view text, std::size_t& scanned) {
  for (std::size_t at = text.find('\n', scanned); at != text.npos; at = text.find('\n', at + 1)) {
    const auto empty_line = line_end(text.substr(at + 1));
    scanned = at;
    if (!empty_line) return std::nullopt;
    if (*empty_line > 0) return at + 1 + *empty_line;
  }
  scanned = text.size();
  return std::nullopt;
}

} // namespace

std::vector<StreamEvent> Framer::receive(ByteView octets) {
  std::vector<StreamEvent> events;
  while (!octets.empty() && !lost_) {
    const ByteView chunk = octets.first(std::min(octets.size(), chunk_octets));
    octets = octets.subspan(chunk.size());
    buffer_ += as_text(chunk);
    take(events);
  }
  return events;
}

void Framer::take(std::vector<StreamEvent>& events) {
  while (!lost_ && begin_ < buffer_.size()) {
    if (!head_ && take_keep_alive(events)) continue;
    if (!head_ && !take_head(events)) break;
    if (!take_message(events)) break;
  }
  if (lost_) {
    buffer_.clear();
    buffer_.shrink_to_fit();
    begin_ = 0;
    return;
  }
  buffer_.erase(0, begin_);
  consumed_ += begin_;
  begin_ = 0;
}

bool Framer::take_keep_alive(std::vector<StreamEvent>& events) {
  const auto first = line_end(pending());
  if (!first || *first == 0) return false;
  if (keep_alives_ == KeepAlives::pongs) {
    events.emplace_back(Pong{});
    begin_ += *first;
    return true;
  }
  const auto second = line_end(pending().substr(*first));
  if (!second) return false;
  if (*second == 0)
    events.emplace_back(Pong{});
  else
    events.emplace_back(Ping{});
  begin_ += *first + *second;
  return true;
}

// Notices what is no SIP as early as it can be seen.
Result<void> Framer::look_at_start(bool head_complete) {
  if (start_seen_) return {};
  const std::string_view text = pending();
  const std::size_t end = text.find('\n', start_checked_);
  std::string_view line = text.substr(0, end);
  SIPVET_CHECK(check_start(line, start_checked_));
  start_checked_ = line.size();
  if (end == text.npos) return {};
  start_seen_ = true;
  if (head_complete) return {}; // it is about to be parsed whole
  if (line.ends_with('\r')) line.remove_suffix(1);
  return HeadParser::check_start_line(line);
}

// False when more octets are needed, or the stream is lost.
bool Framer::take_head(std::vector<StreamEvent>& events) {
  const std::string_view text = pending();
  const auto blank = line_end(text);
  if (!blank || *blank > 0) return false; // a keep-alive that is not complete
  const auto end = head_end(text, scanned_);
  if (auto start = look_at_start(end.has_value()); !start) return lose(events, start.error());
  if (end.value_or(text.size()) > max_message_octets)
    return lose(events,
                fail(fmt::format("head: expected an empty line within {} octets", max_message_octets), 0));
  if (!end) return false;
  auto head = HeadParser::parse(text.substr(0, *end));
  if (!head) return lose(events, head.error());
  if (!head->content_length)
    return lose(events, fail("a message on a stream has no Content-Length, so its end cannot be found", 0));
  if (head->octets + *head->content_length > max_message_octets)
    return lose(events, fail(fmt::format("message: expected at most {} octets", max_message_octets), 0));
  head_ = std::move(*head);
  return true;
}

bool Framer::take_message(std::vector<StreamEvent>& events) {
  const std::string_view text = pending();
  const std::size_t octets = head_->octets + *head_->content_length;
  if (text.size() < octets) return false;
  const std::string_view body = text.substr(head_->octets, *head_->content_length);
  events.emplace_back(Framed{HeadParser::finish(std::move(*head_), body), consumed_ + begin_, octets});
  head_.reset();
  begin_ += octets;
  scanned_ = 0;
  start_checked_ = 0;
  start_seen_ = false;
  return true;
}

bool Framer::lose(std::vector<StreamEvent>& events, const Error& error) {
  events.emplace_back(FramingLost{fail(error.what, consumed_ + begin_ + error.offset.value_or(0))});
  lost_ = true;
  return false;
}

} // namespace sipvet::sip
