#include "analysis/sip_follower.hpp"

#include "analysis/plain_sink.hpp"
#include "base/ascii.hpp"
#include "base/text.hpp"
#include "sip/cseq.hpp"
#include "sip/name_addr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sipvet::analysis {
namespace {

bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

// Behind the bracket of an address: nothing, or a tag.
bool is_plain_end(std::string_view text) {
  return text.empty() || (text.starts_with(";tag=") && is_plain(text.substr(5)));
}

// The URI of an address in its plainest form, <sip:user@host>, which taking it apart and writing it again
// would not change; else empty.
std::string_view plain_uri(std::string_view address) {
  const auto open = address.find('<');
  if (open == std::string_view::npos) return {};
  const auto name = address.substr(0, open);
  const auto close = address.find('>', open);
  if (close == std::string_view::npos) return {};
  if (name.find('"') != std::string_view::npos) { // a quoted name, and nothing in it that needs a second look
    const bool plain_name = name.size() > 2 && name.front() == '"' && name.find('"', 1) == name.size() - 2 &&
                            name.ends_with(' ') && name.find('\\') == std::string_view::npos;
    if (!plain_name || !is_plain_end(address.substr(close + 1))) return {};
  }
  const auto uri = address.substr(open + 1, close - open - 1);
  const auto colon = uri.find(':');
  if (uri.substr(0, colon) != "sip" && uri.substr(0, colon) != "sips") return {};
  const auto user_and_host = split_once(uri.substr(colon + 1), '@');
  const bool plain = user_and_host && is_plain(user_and_host->first) && is_plain(user_and_host->second);
  return plain ? uri : std::string_view();
}

std::string uri_of(const sip::MessageView& message, sip::KnownHeader header) {
  const auto value = message.header(header);
  if (!value) return {};
  if (const auto uri = plain_uri(*value); !uri.empty()) return std::string(uri);
  const auto parsed = sip::parse_name_addr(*value);
  return parsed ? sip::to_string(parsed->uri) : std::string(*value);
}

constexpr std::size_t max_live_dialogs = 16'384;

void write_first_line(const sip::MessageView& message, std::string& out) {
  out.clear();
  if (message.is_request())
    out.append(message.method()).append(" ").append(message.uri()).append(" SIP/2.0");
  else
    out.append("SIP/2.0 ").append(std::to_string(message.status())).append(" ").append(message.reason());
}

} // namespace

void SipFollower::on_datagram(const SipOrigin& origin, frames::Captured at, ByteView payload) {
  auto text = as_text(payload);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of("\r\n")));
  const auto message = sip::view_message(text);
  if (message) return on_sip(origin, at, *message);
  findings_.warning("sip-message-unreadable", at.frame,
                    fmt::format("The datagram from {} begins like SIP but cannot be read: {}",
                                to_string(origin.source), to_string(message.error())),
                    "compare the message with RFC 3261 §7 at the octet named");
}

void SipFollower::on_sip(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message) {
  SipMessageView entry;
  entry.call_id = message.header(sip::KnownHeader::call_id).value_or("");
  const auto dialog_hash = text_hash(entry.call_id);
  dialogs_.expect(dialog_hash);
  entry.frame = at.frame;
  entry.time = at.time;
  entry.source = origin.source;
  entry.destination = origin.destination;
  entry.transport = origin.transport;
  entry.connection = origin.connection;
  if (options_.keep_message_text) entry.text = message.text();
  entry.is_request = message.is_request();
  entry.status = message.status();
  entry.first_line = message.plain_start_line();
  if (entry.first_line.empty()) {
    write_first_line(message, first_line_);
    entry.first_line = first_line_;
  }
  entry.cseq = message.header(sip::KnownHeader::cseq).value_or("");
  const auto cseq = sip::view_cseq(entry.cseq);
  if (cseq) entry.method = cseq->method;
  if (entry.is_request) entry.method = message.method();
  note_next_hop(origin, message);
  for (auto* sink : options_.sinks) sink->on_sip(origin, at, message);
  const auto cseq_hash = text_hash(entry.cseq, dialog_hash);
  checks_.on_message(origin, at, message, entry, cseq_hash);
  const auto& known = dialog_of(dialog_hash, message, entry);
  auto& dialog = report_.sip.dialogs[known.index];
  note(dialog, live_[known.live], entry, cseq_hash);
  offers_.on_message(origin, at, message, dialog);
  report_.sip.messages.push_back(entry);
}

// What a certificate has to name.
void SipFollower::note_next_hop(const SipOrigin& origin, const sip::MessageView& message) {
  if (!origin.connection || !message.is_request()) return;
  if (next_hops_.size() <= *origin.connection) next_hops_.resize(*origin.connection + 1);
  auto& hop = next_hops_[*origin.connection];
  if (hop || !origin.from_client) return;
  std::string target(message.uri());
  if (const auto routes = message.list("Route"); !routes.empty())
    if (const auto route = sip::parse_name_addr(routes.front())) target = sip::to_string(route->uri);
  const auto uri = sip::parse_uri(target);
  hop = uri && uri->scheme != "tel" ? uri->host : std::string();
}

void SipFollower::finish(Instant end) {
  checks_.finish(end);
  for (std::size_t i = 0; i < next_hops_.size(); ++i)
    report_.tls[i].next_hop = std::move(next_hops_[i]).value_or("");
  next_hops_.clear();
}

SipFollower::Known& SipFollower::dialog_of(std::uint64_t key, const sip::MessageView& message,
                                           const SipMessageView& entry) {
  const auto [known, added] = dialogs_.try_emplace(key);
  if (added) {
    known->index = static_cast<std::uint32_t>(report_.sip.dialogs.size());
    auto& dialog = report_.sip.dialogs.emplace_back();
    dialog.call_id = entry.call_id;
    dialog.from = uri_of(message, sip::KnownHeader::from);
    dialog.to = uri_of(message, sip::KnownHeader::to);
    dialog.first_frame = entry.frame;
  }
  if (known->live == not_live)
    make_live(*known, key);
  else
    live_[known->live].touched = true;
  return *known;
}

void SipFollower::make_live(Known& known, std::uint64_t key) {
  if (unused_live_ == not_live) {
    unused_live_ = static_cast<std::uint32_t>(live_.size());
    live_.emplace_back();
  }
  known.live = std::exchange(unused_live_, not_live);
  live_[known.live] = {};
  live_[known.live].key = key;
  live_[known.live].touched = true;
  by_age_.push_back(known.live);
  if (by_age_.size() > max_live_dialogs) put_oldest_away();
}

// Each has a second chance: those that were heard of since they were looked at last stay.
void SipFollower::put_oldest_away() {
  for (;;) {
    const auto oldest = by_age_.front();
    by_age_.pop_front();
    if (!std::exchange(live_[oldest].touched, false)) {
      auto& known = *dialogs_.find(live_[oldest].key);
      report_.sip.dialogs.put_away(known.index);
      unused_live_ = std::exchange(known.live, not_live);
      return;
    }
    by_age_.push_back(oldest);
  }
}

void SipFollower::note(Dialog& dialog, Live& live, const SipMessageView& entry, std::uint64_t cseq_hash) {
  ++dialog.messages;
  dialog.last_frame = entry.frame;
  if (std::ranges::find(dialog.transports, entry.transport) == dialog.transports.end())
    dialog.transports.push_back(entry.transport);
  // A repetition, or a proxy's copy of the same message, has the same CSeq and status.
  const auto what = cseq_hash ^ static_cast<std::uint64_t>(entry.status);
  if (std::ranges::find(live.hashes, what) != live.hashes.end()) return;
  live.hashes[live.next++ % live.hashes.size()] = what;
  if (entry.is_request)
    dialog.methods.emplace_back(entry.method);
  else if (entry.method == "INVITE")
    dialog.invite_statuses.push_back(entry.status);
}

void SipFollower::on_framing_lost(const SipOrigin& origin, frames::Captured at, const Error& error) {
  findings_.error("sip-framing-lost", at.frame,
                  fmt::format("The SIP stream from {} to {} cannot be followed here: {}",
                              to_string(origin.source), to_string(origin.destination), to_string(error)),
                  "compare Content-Length with the body before this octet, or capture without loss");
}

} // namespace sipvet::analysis
