#include "analysis/sip_follower.hpp"

#include "analysis/plain_sink.hpp"
#include "base/text.hpp"
#include "sip/cseq.hpp"
#include "sip/name_addr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sipvet::analysis {
namespace {

// The URI of an address in its plainest form, <sip:user@host>, which taking it apart and writing it again
// would not change; else empty.
std::string_view plain_uri(std::string_view address) {
  const auto open = address.find('<');
  if (open == std::string_view::npos || address.substr(0, open).find('"') != std::string_view::npos)
    return {};
  const auto uri = address.substr(open + 1, address.find('>', open) - open - 1);
  const auto colon = uri.find(':');
  if (open + 1 + uri.size() == address.size()) return {}; // no end
  if (uri.substr(0, colon) != "sip" && uri.substr(0, colon) != "sips") return {};
  const auto user_and_host = split_once(uri.substr(colon + 1), '@');
  const auto is_plain = [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    });
  };
  const bool plain = user_and_host && is_plain(user_and_host->first) && is_plain(user_and_host->second);
  return plain ? uri : std::string_view();
}

std::string uri_of(const sip::MessageView& message, std::string_view header) {
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
  entry.frame = at.frame;
  entry.time = at.time;
  entry.source = origin.source;
  entry.destination = origin.destination;
  entry.transport = origin.transport;
  entry.connection = origin.connection;
  if (options_.keep_message_text) entry.text = message.text();
  entry.is_request = message.is_request();
  entry.status = message.status();
  write_first_line(message, first_line_);
  entry.first_line = first_line_;
  entry.call_id = message.header("Call-ID").value_or("");
  entry.cseq = message.header("CSeq").value_or("");
  const auto cseq = sip::parse_cseq(entry.cseq);
  if (cseq) entry.method = cseq->method;
  if (entry.is_request) entry.method = message.method();
  note_next_hop(origin, message);
  for (auto* sink : options_.sinks) sink->on_sip(origin, at, message);
  checks_.on_message(origin, at, message, entry);
  auto& known = dialog_of(entry.call_id, message, at.frame);
  auto& dialog = report_.sip.dialogs[known.index];
  note(dialog, known, entry);
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

SipFollower::Known& SipFollower::dialog_of(std::string_view call_id, const sip::MessageView& message,
                                           std::size_t frame) {
  const auto key = std::hash<std::string_view>()(call_id);
  const auto [found, added] = dialogs_.try_emplace(key);
  auto& known = found->second;
  if (added) {
    known.index = static_cast<std::uint32_t>(report_.sip.dialogs.size());
    auto& dialog = report_.sip.dialogs.emplace_back();
    dialog.call_id = call_id;
    dialog.from = uri_of(message, "From");
    dialog.to = uri_of(message, "To");
    dialog.first_frame = frame;
  }
  known.touched = true;
  if (!known.noted) {
    known.noted = std::make_unique<Noted>();
    live_.push_back(key);
    if (live_.size() > max_live_dialogs) put_oldest_away();
  }
  return known;
}

// Each has a second chance: those that were heard of since they were looked at last stay.
void SipFollower::put_oldest_away() {
  for (;;) {
    const auto key = live_.front();
    live_.pop_front();
    auto& known = dialogs_.at(key);
    if (!std::exchange(known.touched, false)) {
      report_.sip.dialogs.put_away(known.index);
      known.noted.reset();
      return;
    }
    live_.push_back(key);
  }
}

void SipFollower::note(Dialog& dialog, Known& known, const SipMessageView& entry) {
  ++dialog.messages;
  dialog.last_frame = entry.frame;
  if (std::ranges::find(dialog.transports, entry.transport) == dialog.transports.end())
    dialog.transports.push_back(entry.transport);
  // A repetition, or a proxy's copy of the same message, has the same CSeq and status.
  const std::size_t what = std::hash<std::string_view>()(entry.cseq) ^ static_cast<std::size_t>(entry.status);
  auto& noted = *known.noted;
  if (std::ranges::find(noted.hashes, what) != noted.hashes.end()) return;
  noted.hashes[noted.next++ % noted.hashes.size()] = what;
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
