#include "analysis/connection_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sipvet::analysis {
namespace {

// Shorter pauses are conversation.
constexpr std::chrono::seconds long_silence(10);
// A closing alert, protected, takes no more octets than this.
constexpr std::uint64_t closing_octets = 100;

} // namespace

ConnectionWatch::Flow& ConnectionWatch::flow_of(const frames::TcpFlow& flow) {
  const auto [seen, added] = flows_.try_emplace(static_cast<std::uint64_t>(flow.id));
  if (added) seen->known_connections = report_.tls.size();
  return *seen;
}

void ConnectionWatch::on_octets(const frames::TcpFlow& flow, frames::Direction direction,
                                std::uint64_t offset, ByteView octets, frames::Captured at) {
  auto& seen = flow_of(flow);
  const auto silence = at.time - seen.last;
  if (seen.last != Instant{} && silence > long_silence) {
    seen.pause = silence;
    seen.octets_since = 0;
  }
  seen.octets_since += octets.size();
  seen.last = at.time;
  next_.on_octets(flow, direction, offset, octets, at);
}

void ConnectionWatch::on_finished(const frames::TcpFlow& flow, frames::Direction direction,
                                  frames::Captured at) {
  close(flow, flow_of(flow), direction == frames::Direction::to_server, at);
  next_.on_finished(flow, direction, at);
}

void ConnectionWatch::close(const frames::TcpFlow&, Flow& seen, bool by_client, frames::Captured at) {
  if (seen.closed) return;
  seen.closed = at;
  seen.closed_by_client = by_client;
  if (seen.last != Instant{} && at.time - seen.last > long_silence)
    seen.pause = at.time - seen.last;
  else if (seen.octets_since > closing_octets)
    seen.pause = {};
}

void ConnectionWatch::on_closed(const frames::TcpFlow& flow, frames::FlowEnd how, frames::Captured at) {
  const auto id = static_cast<std::uint64_t>(flow.id);
  if (auto* const found = flows_.find(id)) {
    auto& seen = *found;
    const bool reset_only = how == frames::FlowEnd::reset && !seen.closed;
    if (reset_only) close(flow, seen, false, at);
    if (seen.closed) {
      // The latest with these ends: ports are used again.
      for (auto i = report_.tls.size(); i > seen.known_connections; --i) {
        auto& entry = report_.tls[i - 1];
        const bool forward = entry.client == flow.client && entry.server == flow.server;
        const bool reversed = entry.client == flow.server && entry.server == flow.client;
        if (!forward && !reversed) continue;
        entry.closed_frame = seen.closed->frame;
        entry.closed_time = seen.closed->time;
        if (!reset_only) entry.closed_by = seen.closed_by_client == forward ? "client" : "server";
        entry.idle_before_close = std::chrono::duration_cast<std::chrono::milliseconds>(seen.pause);
        break;
      }
    }
    flows_.erase(id);
  }
  next_.on_closed(flow, how, at);
}

namespace {

struct Depending {
  std::set<std::string> calls;                // answered, and without a BYE: Call-IDs
  std::set<std::string> registrations;        // Call-IDs
  std::map<std::string, std::string> waiting; // Call-ID and CSeq to the request's first line
};

void follow(const SipMessageView& message, Depending& depends) {
  const auto key = fmt::format("{}\n{}", message.call_id, message.cseq);
  const std::string call(message.call_id);
  if (message.is_request) {
    if (message.method == "BYE") depends.calls.erase(call);
    if (message.method != "ACK") depends.waiting.emplace(key, message.first_line);
    return;
  }
  depends.waiting.erase(key);
  const bool success = message.status >= 200 && message.status < 300;
  if (success && message.method == "INVITE") depends.calls.insert(call);
  if (success && message.method == "REGISTER") depends.registrations.insert(call);
}

void report_one(const TlsConnection& connection, const Depending& depends, FindingList& findings) {
  std::vector<std::string> lost;
  for (const auto& call : depends.calls) lost.push_back(fmt::format("the call {} in progress", call));
  for (const auto& call : depends.registrations) lost.push_back(fmt::format("the registration {}", call));
  for (const auto& [key, line] : depends.waiting) lost.push_back(fmt::format("the unanswered {}", line));
  if (lost.empty()) return;
  std::string text;
  for (std::size_t i = 0; i < lost.size() && i < 5; ++i) text += (i == 0 ? "" : ", ") + lost[i];
  if (lost.size() > 5) text += fmt::format(" and {} more", lost.size() - 5);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(connection.idle_before_close).count();
  findings.note(
      "tls-closed-idle", connection.closed_frame,
      fmt::format("The TLS connection from {} to {} was closed{} after {} s of silence; it carried {}",
                  to_string(connection.client), to_string(connection.server),
                  connection.closed_by.empty() ? "" : " by the " + connection.closed_by, seconds, text));
}

} // namespace

void check_idle_closes(const Report& report, FindingList& findings) {
  std::map<std::size_t, Depending> depending; // by connection
  for (std::size_t i = 0; i < report.tls.size(); ++i)
    if (report.tls[i].idle_before_close > long_silence && report.tls[i].closed_frame) depending[i];
  if (depending.empty()) return;
  for (const auto& message : report.sip.messages)
    if (message.connection)
      if (const auto found = depending.find(*message.connection); found != depending.end())
        follow(message, found->second);
  for (const auto& [index, depends] : depending) report_one(report.tls[index], depends, findings);
}

} // namespace sipvet::analysis
