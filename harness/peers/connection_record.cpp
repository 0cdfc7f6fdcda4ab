#include "peers/connection_record.hpp"

#include "tlswire/alert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::peers {

namespace {

bool is_fatal(const tls::Alert& alert) { return alert.level == tls::AlertLevel::fatal; }

std::string with_alert(const std::string& cause, const std::optional<tls::Alert>& alert) {
  const std::string text = alert ? to_string(*alert) : std::string();
  return text.empty() || cause.find(text) != cause.npos ? cause : fmt::format("{} ({})", cause, text);
}

} // namespace

bool ConnectionRecord::established() const {
  if (state == State::handshaking || state == State::failed) return false;
  return data_received || std::ranges::none_of(received, is_fatal);
}

bool ConnectionRecord::established_for_good() const {
  if (state == State::handshaking) return false;
  if (over() || data_received || !session) return true;
  // The server in a full handshake before TLS 1.3 (RFC 5246 §7.3), else the client (RFC 8446 §2).
  const bool client_is_last = session->version == tls::Version::tls1_3 || session->resumed;
  return client_is_last == hop.accepted;
}

bool ConnectionRecord::ended_by_other() const {
  if (closure) return closure->by_remote;
  // Who cannot go on in a handshake says so by an alert; without one of ours it was the other.
  return failure && std::ranges::none_of(sent, is_fatal);
}

std::string alert_name(const std::vector<tls::Alert>& alerts) {
  if (alerts.empty()) return "none";
  const auto fatal = std::ranges::find_if(alerts, is_fatal);
  return tlswire::alert_name((fatal == alerts.end() ? alerts.back() : *fatal).description);
}

std::string describe(const ConnectionRecord& record) {
  using State = ConnectionRecord::State;
  std::string out;
  if (record.session)
    out = fmt::format("{} {}, ", tls::name(record.session->version), record.session->cipher);
  if (record.state == State::handshaking) return "the handshake is not over";
  if (record.failure) return out + "failed: " + with_alert(record.failure->cause, record.failure->alert);
  if (record.closure) return out + "closed: " + with_alert(record.closure->cause, record.closure->alert);
  return out + (record.closed_by_us ? "closed by a step" : "open");
}

ConnectionRecord* find_record(ConnectionRecords& records, net::ConnectionId connection) {
  const auto found =
      std::ranges::find(records, connection, [](const auto& record) { return record->hop.connection; });
  return found == records.end() ? nullptr : found->get();
}

ConnectionRecord& record_of(ConnectionRecords& records, const ua::Hop& hop) {
  ConnectionRecord* record = find_record(records, hop.connection);
  if (record == nullptr) record = records.emplace_back(std::make_unique<ConnectionRecord>()).get();
  record->hop = hop;
  return *record;
}

void note_connected(ConnectionRecords& records, const ua::Hop& hop,
                    const std::optional<tls::SessionInfo>& session) {
  ConnectionRecord& record = record_of(records, hop);
  record.state = ConnectionRecord::State::open;
  record.session = session;
}

void note_failed(ConnectionRecords& records, const ua::Hop& hop, const ua::ConnectFailure& failure) {
  ConnectionRecord& record = record_of(records, hop);
  record.state = ConnectionRecord::State::failed;
  record.failure = failure;
}

void note_closed(ConnectionRecords& records, const ua::Hop& hop, const ua::Closure& closure) {
  ConnectionRecord& record = record_of(records, hop);
  record.state = ConnectionRecord::State::closed;
  record.closure = closure;
}

void note_alert(ConnectionRecords& records, const ua::Hop& hop, const tls::Alert& alert, bool sent) {
  constexpr std::uint8_t close_notify = 0; // RFC 8446 §6.1
  ConnectionRecord& record = record_of(records, hop);
  if (alert.description != close_notify)
    (sent ? record.sent : record.received).push_back(alert);
  else if (!sent)
    record.close_notify_received = true;
}

} // namespace sipvet::peers
