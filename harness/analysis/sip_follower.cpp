#include "analysis/sip_follower.hpp"

#include "analysis/plain_sink.hpp"
#include "sip/cseq.hpp"
#include "sip/name_addr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sipvet::analysis {
namespace {

std::string uri_of(const sip::Message& message, std::string_view header) {
  const auto value = message.header(header);
  if (!value) return {};
  const auto parsed = sip::parse_name_addr(*value);
  return parsed ? sip::to_string(parsed->uri) : std::string(*value);
}

constexpr std::size_t max_live_dialogs = 16'384;

std::string first_line(const sip::Message& message) {
  std::string out;
  out.reserve(message.method().size() + message.uri().size() + message.reason().size() + 16);
  if (message.is_request())
    out.append(message.method()).append(" ").append(message.uri()).append(" SIP/2.0");
  else
    out.append("SIP/2.0 ").append(std::to_string(message.status())).append(" ").append(message.reason());
  return out;
}

} // namespace

void SipFollower::on_datagram(const SipOrigin& origin, frames::Captured at, ByteView payload) {
  auto text = as_text(payload);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of("\r\n")));
  const auto message = sip::parse_message(text);
  if (message) return on_sip(origin, at, *message);
  findings_.warning("sip-message-unreadable", at.frame,
                    fmt::format("The datagram from {} begins like SIP but cannot be read: {}",
                                to_string(origin.source), to_string(message.error())),
                    "compare the message with RFC 3261 §7 at the octet named");
}

void SipFollower::on_sip(const SipOrigin& origin, frames::Captured at, const sip::Message& message) {
  SipMessage entry;
  entry.frame = at.frame;
  entry.time = at.time;
  entry.source = origin.source;
  entry.destination = origin.destination;
  entry.transport = origin.transport;
  entry.connection = origin.connection;
  if (options_.keep_message_text) entry.text = message.serialize();
  entry.is_request = message.is_request();
  entry.status = message.status();
  entry.first_line = first_line(message);
  entry.call_id = std::string(message.header("Call-ID").value_or(""));
  entry.cseq = std::string(message.header("CSeq").value_or(""));
  const auto cseq = sip::parse_cseq(entry.cseq);
  entry.method = entry.is_request ? message.method() : cseq ? cseq->method : std::string();
  entry.next_hop = next_hop(origin, message);
  for (auto* sink : options_.sinks) sink->on_sip(origin, at, message);
  checks_.on_message(origin, at, message, entry);
  auto& known = dialog_of(entry.call_id, message, at.frame);
  auto& dialog = report_.sip.dialogs[known.index];
  note(dialog, known, entry);
  offers_.on_message(origin, at, message, dialog);
  report_.sip.messages.push_back(std::move(entry));
}

// Of the first request in a connection only: what a certificate has to name.
std::string SipFollower::next_hop(const SipOrigin& origin, const sip::Message& message) {
  if (!origin.connection || !message.is_request()) return {};
  if (heard_client_.size() <= *origin.connection) heard_client_.resize(*origin.connection + 1);
  if (origin.source != report_.tls[*origin.connection].client || heard_client_[*origin.connection]) return {};
  heard_client_[*origin.connection] = true;
  auto target = message.uri();
  if (const auto routes = message.list("Route"); !routes.empty())
    if (const auto route = sip::parse_name_addr(routes.front())) target = sip::to_string(route->uri);
  const auto uri = sip::parse_uri(target);
  return uri && uri->scheme != "tel" ? uri->host : std::string();
}

SipFollower::Known& SipFollower::dialog_of(const std::string& call_id, const sip::Message& message,
                                           std::size_t frame) {
  const auto key = std::hash<std::string>()(call_id);
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

void SipFollower::note(Dialog& dialog, Known& known, const SipMessage& entry) {
  ++dialog.messages;
  dialog.last_frame = entry.frame;
  if (std::ranges::find(dialog.transports, entry.transport) == dialog.transports.end())
    dialog.transports.push_back(entry.transport);
  // A repetition, or a proxy's copy of the same message, has the same CSeq and status.
  const std::size_t what = std::hash<std::string>()(entry.cseq) ^ static_cast<std::size_t>(entry.status);
  auto& noted = *known.noted;
  if (std::ranges::find(noted.hashes, what) != noted.hashes.end()) return;
  noted.hashes[noted.next++ % noted.hashes.size()] = what;
  if (entry.is_request)
    dialog.methods.push_back(entry.method);
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
