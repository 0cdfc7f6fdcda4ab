#include "sip/framer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

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

namespace {

// A view that nobody else uses meanwhile. Between messages there is nothing in it, and all framers of a
// thread take the same one by turns: it is in the processor's cache, as one for each of many streams would
// not be. There are more only where a receiver runs another framer.
class LentView {
 public:
  LentView() {
    if (unused().empty()) unused().push_back(std::make_unique<MessageView>());
    view_ = std::move(unused().back());
    unused().pop_back();
  }
  ~LentView() { unused().push_back(std::move(view_)); }
  LentView(const LentView&) = delete;
  LentView& operator=(const LentView&) = delete;
  MessageView* get() const { return view_.get(); }

 private:
  static std::vector<std::unique_ptr<MessageView>>& unused() {
    thread_local std::vector<std::unique_ptr<MessageView>> views;
    return views;
  }
  std::unique_ptr<MessageView> view_;
};

} // namespace

void Framer::receive(ByteView octets, StreamReceiver& to) {
  const LentView view;
  view_ = view.get();
  while (!octets.empty() && !lost_) {
    const ByteView chunk = octets.first(std::min(octets.size(), chunk_octets));
    octets = octets.subspan(chunk.size());
    input_ = buffer_.empty() ? as_text(chunk) : std::string_view(buffer_ += as_text(chunk));
    take(to);
    keep_rest();
  }
  view_ = nullptr;
}

namespace {

struct Collector final : StreamReceiver {
  void on_message(const MessageView& message, std::size_t offset, std::size_t octets) override {
    events.emplace_back(Framed{Message(message), offset, octets});
  }
  void on_ping() override { events.emplace_back(Ping{}); }
  void on_pong() override { events.emplace_back(Pong{}); }
  void on_framing_lost(const Error& error) override { events.emplace_back(FramingLost{error, {}, {}}); }
  std::vector<StreamEvent> events;
};

} // namespace

std::vector<StreamEvent> Framer::receive(ByteView octets) {
  Collector collector;
  receive(octets, collector);
  if (!collector.events.empty())
    if (auto* lost = std::get_if<FramingLost>(&collector.events.back())) {
      lost->overrun = overrun_;
      lost->head = std::move(refused_);
    }
  return std::move(collector.events);
}

void Framer::take(StreamReceiver& to) {
  while (!lost_ && begin_ < input_.size()) {
    if (!head_ && take_keep_alive(to)) continue;
    if (!head_ && !take_head(to)) break;
    if (!take_message(to)) break;
  }
}

void Framer::keep_rest() {
  const std::string_view rest = pending();
  if (lost_)
    buffer_ = std::string();
  else if (!buffer_.empty())
    buffer_.erase(0, begin_);
  else
    buffer_ = rest;
  consumed_ += begin_;
  begin_ = 0;
  input_ = {};
  view_holds_ = false;
}

bool Framer::take_keep_alive(StreamReceiver& to) {
  const auto first = line_end(pending());
  if (!first || *first == 0) return false;
  if (keep_alives_ == KeepAlives::pongs) {
    to.on_pong();
    begin_ += *first;
    return true;
  }
  const auto second = line_end(pending().substr(*first));
  if (!second) return false;
  if (*second == 0)
    to.on_pong();
  else
    to.on_ping();
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

// A head that is all there and good, as most are, is read without a look at where it ends. Of any other it is
// found out elsewhere what is wrong with it, or missing.
bool Framer::take_good_head() {
  if (scanned_ > 0) return false; // it was not all there before
  const auto head = HeadParser::parse(pending(), *view_);
  if (!head || head->octets > limits_.head || !head->content_length) return false;
  if (*head->content_length > limits_.body) return false;
  if (head->octets + *head->content_length > max_message_octets) return false;
  const auto line = pending().substr(0, pending().find('\n'));
  if (!check_start(line)) return false;
  start_seen_ = true;
  head_ = *head;
  view_holds_ = true;
  return true;
}

// False when more octets are needed, or the stream is lost.
bool Framer::take_head(StreamReceiver& to) {
  const std::string_view text = pending();
  const auto blank = line_end(text);
  if (!blank || *blank > 0) return false; // a keep-alive that is not complete
  if (take_good_head()) return true;
  const auto end = head_end(text, scanned_);
  if (auto start = look_at_start(end.has_value()); !start) return lose(to, start.error());
  if (end.value_or(text.size()) > limits_.head)
    return lose(to, fail(fmt::format("head: expected an empty line within {} octets", limits_.head), 0),
                FramingLost::Overrun::head);
  if (!end) return false;
  const auto head = HeadParser::parse(text.substr(0, *end), *view_);
  if (!head) return lose(to, head.error());
  if (!head->content_length)
    return lose(to, fail("a message on a stream has no Content-Length, so its end cannot be found", 0));
  if (*head->content_length > limits_.body) {
    HeadParser::take_body(text, *head, 0, *view_);
    refused_ = Message(*view_);
    return lose(to, fail(fmt::format("body: expected at most {} octets", limits_.body), 0),
                FramingLost::Overrun::body);
  }
  if (head->octets + *head->content_length > max_message_octets)
    return lose(to, fail(fmt::format("message: expected at most {} octets", max_message_octets), 0));
  head_ = *head;
  view_holds_ = true;
  return true;
}

bool Framer::take_message(StreamReceiver& to) {
  const std::string_view text = pending();
  const std::size_t octets = head_->octets + *head_->content_length;
  if (text.size() < octets) return false;
  // A head whose body came later is read once more, from where it stands now: it was good.
  if (!view_holds_ && !HeadParser::parse(text.substr(0, head_->octets), *view_)) return false;
  HeadParser::take_body(text, *head_, *head_->content_length, *view_);
  to.on_message(*view_, consumed_ + begin_, octets);
  head_.reset();
  begin_ += octets;
  scanned_ = 0;
  start_checked_ = 0;
  start_seen_ = false;
  return true;
}

bool Framer::lose(StreamReceiver& to, const Error& error, FramingLost::Overrun overrun) {
  overrun_ = overrun;
  to.on_framing_lost(fail(error.what, consumed_ + begin_ + error.offset.value_or(0)));
  lost_ = true;
  return false;
}

} // namespace sipvet::sip
