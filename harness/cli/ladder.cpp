#include "cli/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace sipvet::cli {

namespace {

using Kind = LadderEvent::Kind;

class Maker {
 public:
  explicit Maker(const analysis::Report& report) : report_(report) {
    for (const auto& message : report.sip.messages) note_pair(message.source, message.destination);
    for (const auto& tls : report.tls) note_pair(tls.client, tls.server);
    for (const auto* list : {&report.srtp, &report.rtp})
      for (const auto& stream : *list) note_pair(stream.source, stream.destination);
    note_owners();
  }

  Ladder make() {
    for (const auto& message : report_.sip.messages) add_message(message);
    for (const auto& tls : report_.tls) add_tls(tls);
    for (const auto* list : {&report_.srtp, &report_.rtp})
      for (const auto& stream : *list) add_stream(stream);
    for (const auto& finding : report_.findings) add_finding(finding);
    std::ranges::stable_sort(ladder_.events, [](const LadderEvent& a, const LadderEvent& b) {
      // What a finding is about comes first; a handshake before what it carries.
      const auto rank = [](const LadderEvent& event) {
        return event.kind == Kind::finding ? 2 : event.kind == Kind::tls ? 0 : 1;
      };
      return a.frame != b.frame ? a.frame < b.frame : rank(a) < rank(b);
    });
    number_parties();
    return std::move(ladder_);
  }

 private:
  void note_pair(const Endpoint& a, const Endpoint& b) {
    if (a.ip == b.ip) self_talkers_.insert(a.ip);
  }
  void note_media(const analysis::MediaSide& side, const Endpoint& sender) {
    if (side.rtp.port != 0 && self_talkers_.contains(side.rtp.ip)) owners_.try_emplace(side.rtp, sender);
  }
  // Who sent a description receives, and mostly sends, its media.
  void note_owners() {
    if (self_talkers_.empty()) return;
    std::unordered_map<std::size_t, Endpoint> by_frame;
    for (const auto& message : report_.sip.messages) by_frame.emplace(message.frame, message.source);
    for (const auto& dialog : report_.sip.dialogs)
      for (const auto& media : dialog.media) {
        if (const auto offer = by_frame.find(media.offer_frame); offer != by_frame.end())
          note_media(media.offer, offer->second);
        if (const auto answer = by_frame.find(media.answer_frame); answer != by_frame.end())
          note_media(media.answer, answer->second);
      }
  }
  std::size_t party(Endpoint endpoint) {
    if (const auto owner = owners_.find(endpoint); owner != owners_.end()) endpoint = owner->second;
    const bool whole = self_talkers_.contains(endpoint.ip);
    const auto name = whole ? to_string(endpoint) : to_string(endpoint.ip);
    const auto [found, added] = index_.try_emplace(name, ladder_.parties.size());
    if (added) ladder_.parties.push_back(name);
    return found->second;
  }
  LadderEvent& add(Kind kind, std::size_t frame, Instant time, const Endpoint& from, const Endpoint& to) {
    const auto sender = party(from), receiver = party(to);
    return ladder_.events.emplace_back(LadderEvent{kind, frame, time, sender, receiver, false, {}, {}, {}});
  }

  void add_message(const analysis::SipMessageView& message) {
    auto& event = add(message.is_request ? Kind::request : Kind::response, message.frame, message.time,
                      message.source, message.destination);
    std::string what(message.first_line);
    if (message.is_request && what.ends_with(" SIP/2.0")) what.resize(what.size() - 8);
    if (!message.is_request && what.starts_with("SIP/2.0 "))
      what = fmt::format("{} ({})", what.substr(8), message.method);
    event.brief = message.is_request ? std::string(message.method) : what;
    event.label = fmt::format("{} [{}]", what, to_string(message.transport));
  }

  void add_tls(const analysis::TlsConnection& tls) {
    auto& event = add(Kind::tls, tls.first_frame, tls.first_time, tls.client, tls.server);
    event.both_ways = true;
    event.label =
        tls.version.empty() ? "TLS: no ServerHello" : fmt::format("TLS: {} {}", tls.version, tls.cipher);
    event.brief = tls.version.empty() ? "TLS" : tls.version;
    if (tls.decrypted) event.label += ", decrypted";
    if (tls.reason) event.label += ", " + *tls.reason;
    if (!tls.closed_frame) return;
    const bool by_server = tls.closed_by == "server";
    const auto& from = by_server ? tls.server : tls.client;
    auto& closed =
        add(Kind::tls, *tls.closed_frame, tls.closed_time, from, by_server ? tls.client : tls.server);
    closed.label = closed.brief = "closed";
    if (tls.idle_before_close.count() >= 10'000)
      closed.label += fmt::format(" after {} s of silence", tls.idle_before_close.count() / 1000);
  }

  void add_stream(const analysis::MediaStream& stream) {
    auto& event = add(Kind::media, stream.first_frame, stream.first_time, stream.source, stream.destination);
    const auto what = stream.secured ? (stream.suite.empty() ? "SRTP" : "SRTP " + stream.suite) : "RTP";
    event.label = fmt::format("{}{}{}, {} packets", what, stream.codec.empty() ? "" : " " + stream.codec,
                              stream.plain > 0 ? " NOT ENCRYPTED" : "", stream.packets);
    event.brief = fmt::format("{} {}", stream.secured ? "SRTP" : "RTP", stream.packets);
    if (stream.secured) event.label += fmt::format(", {} authentic", stream.authenticated);
    if (stream.lost > 0) event.label += fmt::format(", {} lost", stream.lost);
    if (stream.failed + stream.plain > 0) event.severity = verdict::Severity::error;
  }

  void add_finding(const verdict::Finding& finding) {
    LadderEvent event;
    event.kind = Kind::finding;
    event.frame = finding.frame.value_or(0);
    event.severity = finding.severity;
    event.label = fmt::format("{}: {} [{}]", to_string(finding.severity), finding.text, finding.id);
    ladder_.events.push_back(std::move(event));
  }

  // From left to right as the sorted events show them, not as the kinds were gone through.
  void number_parties() {
    std::vector<std::size_t> place(ladder_.parties.size(), ladder_.parties.size());
    std::vector<std::string> names;
    const auto number = [&](std::size_t& index) {
      if (place[index] == ladder_.parties.size()) {
        place[index] = names.size();
        names.push_back(ladder_.parties[index]);
      }
      index = place[index];
    };
    for (auto& event : ladder_.events) {
      if (event.kind == Kind::finding) continue;
      number(event.from);
      number(event.to);
    }
    ladder_.parties = std::move(names);
  }

  const analysis::Report& report_;
  std::set<IpAddress> self_talkers_;
  std::unordered_map<Endpoint, Endpoint> owners_; // of media addresses
  std::unordered_map<std::string, std::size_t> index_;
  Ladder ladder_;
};

} // namespace

Ladder make_ladder(const analysis::Report& report) { return Maker(report).make(); }

} // namespace sipvet::cli
