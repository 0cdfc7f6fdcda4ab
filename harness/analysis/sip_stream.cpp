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

void SipStream::feed(ByteView octets, frames::Captured at) {
  if (mode_ == Mode::undecided) return decide(octets, at);
  if (lost_) {
    if (begins_with_sip(as_text(octets)) != Guess::yes) return;
    framer_ = sip::Framer();
    lost_ = false;
    mode_ = Mode::sip;
  }
  if (mode_ == Mode::sip) frame(octets, at);
}

void SipStream::gap(frames::Captured at) {
  if (mode_ == Mode::sip && !lost_)
    sink_->on_framing_lost(origin_, at, fail("octets are missing from the stream"));
  lost_ = true;
  undecided_.clear();
  if (mode_ == Mode::undecided) mode_ = Mode::other;
}

void SipStream::decide(ByteView octets, frames::Captured at) {
  append(undecided_, octets);
  const auto guess = begins_with_sip(as_text(undecided_));
  if (guess == Guess::more) return;
  mode_ = guess == Guess::yes ? Mode::sip : Mode::other;
  const Bytes held = std::exchange(undecided_, {});
  if (mode_ == Mode::sip) frame(held, at);
}

void SipStream::frame(ByteView octets, frames::Captured at) {
  for (const auto& event : framer_.receive(octets)) {
    if (const auto* framed = std::get_if<sip::Framed>(&event)) {
      ++messages_;
      sink_->on_sip(origin_, at, framed->message);
    } else if (const auto* lost = std::get_if<sip::FramingLost>(&event)) {
      lost_ = true;
      sink_->on_framing_lost(origin_, at, lost->error);
    }
  }
}

} // namespace sipvet::analysis
