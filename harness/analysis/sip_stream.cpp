#include "analysis/sip_stream.hpp"

#include <algorithm>
#include <cctype>

namespace sipvet::analysis {
namespace {

// Longer request lines are refused by real devices; nothing is held for them.
constexpr std::size_t max_start_line_octets = 8 * 1024;
constexpr std::string_view version = "SIP/2.0";

bool is_method_octet(char c) { // RFC 3261 §25.1: token, of which methods in use have letters only
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

} // namespace

Guess begins_with_sip(std::string_view text) {
  const auto start = text.find_first_not_of("\r\n");
  if (start == std::string_view::npos) return text.size() > max_start_line_octets ? Guess::no : Guess::more;
  text.remove_prefix(start);
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  if (line.starts_with("SIP/2.0 ")) return Guess::yes;
  const bool all_there = end != std::string_view::npos;
  if (!all_there && std::string_view("SIP/2.0 ").starts_with(line)) return Guess::more;
  const auto method_end = line.find(' ');
  const auto method = line.substr(0, method_end);
  if (method.empty() || method.size() > 32 || !std::ranges::all_of(method, is_method_octet)) return Guess::no;
  if (!all_there) return line.size() > max_start_line_octets ? Guess::no : Guess::more;
  const auto bare = line.substr(0, line.find_last_not_of("\r ") + 1);
  return bare.ends_with(version) && bare.size() > method.size() + version.size() + 2 ? Guess::yes : Guess::no;
}

Guess begins_with_readable(std::string_view text) {
  const auto sip = begins_with_sip(text);
  if (sip == Guess::yes) return sip;
  for (const auto guess : {begins_with_websocket(text), begins_with_turn(as_bytes(text))})
    if (guess != Guess::no) return guess;
  return sip;
}

void SipStream::feed(ByteView octets, frames::Captured at) {
  if (mode_ == Mode::undecided) return decide(octets, at);
  if (lost_) {
    return take_up_again(octets, at);
  }
  if (mode_ == Mode::sip) frame(octets, at);
  if (mode_ == Mode::websocket) read_websocket(octets, at);
  if (mode_ == Mode::turn) read_turn(octets, at);
}

void SipStream::take_up_again(ByteView octets, frames::Captured at) {
  if (begins_with_readable(as_text(octets)) == Guess::yes) {
    lost_ = false;
    return begin(octets, at);
  }
  if (mode_ != Mode::websocket) return;
  auto probe = WebSocketReader::joined();
  probe.feed(octets);
  const auto message = probe.next();
  if (!message || !*message || begins_with_sip(as_text(**message)) != Guess::yes) return;
  lost_ = false;
  websocket_ = WebSocketReader::joined();
  read_websocket(octets, at);
}

void SipStream::gap(frames::Captured at) {
  if (reads() && mode_ != Mode::turn && !lost_)
    sink_->on_framing_lost(origin_, at, fail("octets are missing from the stream"));
  lost_ = true;
  undecided_.clear();
  if (mode_ == Mode::undecided) mode_ = Mode::other;
}

void SipStream::decide(ByteView octets, frames::Captured at) {
  append(undecided_, octets);
  const auto guess = begins_with_readable(as_text(undecided_));
  if (guess == Guess::more) return;
  const Bytes held = std::exchange(undecided_, {});
  if (guess == Guess::yes) return begin(held, at);
  mode_ = Mode::other;
  // A server may refuse a WebSocket first, and ask for credentials (RFC 7118 §7).
  lost_ = as_text(held).starts_with("HTTP/1.1 401");
}

void SipStream::begin(ByteView octets, frames::Captured at) {
  if (begins_with_sip(as_text(octets)) == Guess::yes) {
    mode_ = Mode::sip;
    framer_ = sip::Framer();
    return frame(octets, at);
  }
  if (begins_with_turn(octets) == Guess::yes) {
    mode_ = Mode::turn;
    turn_ = TurnReader();
    return read_turn(octets, at);
  }
  mode_ = Mode::websocket;
  websocket_ = WebSocketReader();
  if (origin_.transport == Transport::tcp) origin_.transport = Transport::ws;
  if (origin_.transport == Transport::tls) origin_.transport = Transport::wss;
  read_websocket(octets, at);
}

void SipStream::read_turn(ByteView octets, frames::Captured at) {
  turn_.feed(octets);
  for (;;) {
    const auto next = turn_.next();
    if (!next) lost_ = true;
    if (!next || !*next) return;
    sink_->on_turn(origin_, at, **next);
  }
}

// RFC 7118 §5: one SIP message in each WebSocket message, whose end is the end of the body as well. Some keep
// the connection alive with line ends (RFC 5626 §3.5.1).
void SipStream::read_websocket(ByteView octets, frames::Captured at) {
  websocket_.feed(octets);
  for (;;) {
    const auto next = websocket_.next();
    if (!next) {
      lost_ = true;
      if (messages_ > 0) sink_->on_framing_lost(origin_, at, next.error());
      return;
    }
    if (!*next) return;
    if (begins_with_sip(as_text(**next)) != Guess::yes) continue;
    const auto message = sip::view_message(as_text(**next));
    if (!message) {
      sink_->on_framing_lost(origin_, at, message.error());
      continue;
    }
    ++messages_;
    sink_->on_sip(origin_, at, *message);
  }
}

void SipStream::frame(ByteView octets, frames::Captured at) {
  struct Receiver final : sip::StreamReceiver {
    Receiver(SipStream& to, frames::Captured now) : stream(to), at(now) {}
    void on_message(const sip::MessageView& message, std::size_t, std::size_t) override {
      ++stream.messages_;
      stream.sink_->on_sip(stream.origin_, at, message);
    }
    void on_framing_lost(const Error& error) override {
      stream.lost_ = true;
      stream.sink_->on_framing_lost(stream.origin_, at, error);
    }
    SipStream& stream;
    frames::Captured at;
  } receiver(*this, at);
  framer_.receive(octets, receiver);
}

} // namespace sipvet::analysis
