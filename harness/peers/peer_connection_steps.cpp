// The steps of a scripted peer that are about a connection rather than a call, and what it remembers of its
// connections.
#include "peers/peer_state.hpp"

#include "base/hex.hpp"
#include "base/text.hpp"
#include "sip/message.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::peers {

namespace {

using script::Step;
using RecordState = ConnectionRecord::State;

// Steps are written with LF line ends; SIP wants CRLF (RFC 3261 §7). "Content-Length: auto" becomes the
// body's size.
std::string exact_message(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' && (out.empty() || out.back() != '\r')) out += '\r';
    out += c;
  }
  const auto head_end = out.find("\r\n\r\n");
  const std::size_t body = head_end == std::string::npos ? 0 : out.size() - head_end - 4;
  constexpr std::string_view placeholder = "Content-Length: auto";
  if (const auto at = out.find(placeholder); at != std::string::npos && at < head_end)
    out.replace(at, placeholder.size(), fmt::format("Content-Length: {}", body));
  return out;
}

std::size_t count_of(const Step& step, std::string_view key) {
  const script::Value* value = step.options.find(key);
  return value == nullptr ? 1 : static_cast<std::size_t>(script::as_integer(*value).value_or(1));
}

std::size_t pieces_of(const Step& step) { return count_of(step, "pieces"); }

// Each of several copies has a number in the place of `{n}`, so that none is taken for a retransmission.
std::string numbered(std::string text, std::size_t number) {
  constexpr std::string_view mark = "{n}";
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;)
    text.replace(at, mark.size(), std::to_string(number));
  return text;
}

// Responses come to requests only, and not to ACK (RFC 3261 §17).
bool is_answered(std::string_view message) {
  return !message.starts_with("SIP/") && !message.starts_with("ACK ");
}

} // namespace

ConnectionRecord* Peer::State::find(net::ConnectionId connection) {
  return find_record(connections, connection);
}

ConnectionRecord& Peer::State::record_of(const ua::Hop& hop) { return peers::record_of(connections, hop); }

void Peer::State::notice_connections() {
  if (trunk != nullptr) return; // they are the trunk's
  for (const ua::Hop& hop : agent->transport().hops()) (void)record_of(hop);
}

ConnectionRecord* Peer::State::made_to(const ua::Target& target) {
  const auto fits = [&](const auto& record) {
    return !record->over() && !record->hop.accepted && record->hop.transport == target.transport &&
           record->hop.remote == target.remote;
  };
  const auto found = std::find_if(connections.rbegin(), connections.rend(), fits);
  return found == connections.rend() ? nullptr : found->get();
}

void Peer::State::on_connected(const ua::Hop& hop, const std::optional<tls::SessionInfo>& session) {
  note_connected(connections, hop, session);
}

void Peer::State::on_connect_failed(const ua::Hop& hop, const ua::ConnectFailure& failure) {
  note_failed(connections, hop, failure);
}

void Peer::State::on_closed(const ua::Hop& hop, const ua::Closure& closure) {
  note_closed(connections, hop, closure);
  // A message sent as exact octets has no transaction that would notice.
  while (!answered_all())
    finish(outstanding, std::nullopt, "the connection was closed: " + closure.cause, nullptr);
}

void Peer::State::on_alert(const ua::Hop& hop, const tls::Alert& alert, bool sent) {
  note_alert(connections, hop, alert, sent);
}

void Peer::State::on_pong(const ua::Hop& hop) {
  ConnectionRecord& record = record_of(hop);
  ++record.pongs;
  record.data_received = true;
}

void Peer::State::on_garbage(const ua::Hop& hop, const Error&) {
  if (hop.connection != net::ConnectionId::none) record_of(hop).data_received = true;
}

ActiveStep Peer::State::connect(const Step& step) {
  const auto target = gateway_target(step);
  if (!target) return impossible(step, target.error().what);
  std::vector<const ConnectionRecord*> made;
  for (std::size_t left = count_of(step, "count"); left > 0; --left) {
    const auto hop = agent->connect(*target);
    if (!hop) return impossible(step, hop.error().what);
    made.push_back(&record_of(*hop));
  }
  return {[made]() -> std::optional<Findings> {
            const bool open = std::ranges::any_of(
                made, [](const ConnectionRecord* each) { return each->state == RecordState::handshaking; });
            return open ? std::nullopt : std::optional(Findings{});
          },
          [this] { return fmt::format("the connection of {}", name); }};
}

ActiveStep Peer::State::finish_sending(const Step& step) {
  const auto open = std::find_if(connections.rbegin(), connections.rend(),
                                 [](const auto& record) { return !record->over(); });
  if (open == connections.rend()) return impossible(step, "it has no connection that is open");
  agent->transport().finish((*open)->hop.connection);
  return finished();
}

ActiveStep Peer::State::disconnect(const Step& step) {
  const auto open = std::find_if(connections.rbegin(), connections.rend(),
                                 [](const auto& record) { return !record->over(); });
  if (open == connections.rend()) return impossible(step, "it has no connection that is open");
  ConnectionRecord& record = **open;
  agent->disconnect(record.hop.connection);
  record.state = RecordState::closed;
  record.closed_by_us = true;
  return finished();
}

ActiveStep Peer::State::on_connection(const Step& step, std::function<Result<void>(ConnectionRecord&)> act,
                                      std::function<bool(const ConnectionRecord&)> done,
                                      std::string awaited) {
  const auto target = gateway_target(step);
  if (!target) return impossible(step, target.error().what);
  if (target->transport == ua::Transport::udp) return impossible(step, "UDP has no connections");
  ConnectionRecord* found = made_to(*target);
  if (found == nullptr) {
    const auto hop = agent->connect(*target);
    if (!hop) return impossible(step, hop.error().what);
    found = &record_of(*hop);
  }
  ConnectionRecord& record = *found;
  const auto acted = std::make_shared<bool>(false);
  return {[this, step, &record, acted, act = std::move(act), done]() -> std::optional<Findings> {
            if (record.state == RecordState::handshaking) return std::nullopt;
            if (!*acted && !record.over()) {
              *acted = true;
              if (const auto result = act(record); !result)
                return impossible(step, result.error().what).poll();
            }
            if (*acted && done(record)) return Findings{};
            if (!record.over()) return std::nullopt;
            return Findings{step_finding(step, "connection-lost",
                                         fmt::format("{} has no connection for '{}'.", name, step.action),
                                         "a connection that is open", describe(record))};
          },
          [this, awaited, &record] { return fmt::format("{} of {} ({})", awaited, name, describe(record)); }};
}

Result<void> Peer::State::send_pieces(std::string_view octets, std::size_t pieces,
                                      const ConnectionRecord& record) {
  if (pieces > octets.size())
    return fail(fmt::format("{} octets cannot be cut into {} pieces", octets.size(), pieces));
  const ua::Target target = ua::target_of(record.hop);
  for (std::size_t left = pieces; left > 0; --left) {
    const std::string_view piece = octets.substr(0, octets.size() / left);
    octets.remove_prefix(piece.size());
    SIPVET_CHECK(agent->send_exact(piece, target));
  }
  return {};
}

ActiveStep Peer::State::send(const Step& step) {
  std::string octets;
  std::string method;
  std::size_t answers = 0;
  const auto texts = script::as_texts(step.argument).value_or(std::vector<std::string>{});
  const std::size_t times = count_of(step, "times");
  for (std::size_t copy = 1; copy <= times; ++copy) {
    for (const std::string& text : texts) {
      const std::string message = exact_message(times == 1 ? text : numbered(text, copy));
      octets += message;
      if (!is_answered(message)) continue;
      ++answers;
      method = message.substr(0, message.find(' '));
    }
  }
  begin_outcome(method, answers);
  const std::size_t pieces = pieces_of(step);
  if (pieces > 1)
    return on_connection(
        step, [=, this](ConnectionRecord& record) { return send_pieces(octets, pieces, record); },
        [](const ConnectionRecord&) { return true; }, "the connection");
  auto target = gateway_target(step);
  if (!target) return impossible(step, target.error().what);
  if (const ConnectionRecord* record = made_to(*target)) target->connection = record->hop.connection;
  return done_or_impossible(step, agent->send_exact(octets, *target));
}

ActiveStep Peer::State::send_octets(const Step& step) {
  std::string digits;
  for (const char c : step.argument.text)
    if (c != ' ' && c != '\n') digits += c;
  const auto octets = from_hex(digits);
  if (!octets) return impossible(step, octets.error().what);
  const std::string text(as_text(*octets));
  return on_connection(
      step, [=, this](ConnectionRecord& record) { return send_pieces(text, pieces_of(step), record); },
      [](const ConnectionRecord&) { return true; }, "the connection");
}

ActiveStep Peer::State::ping(const Step& step) {
  const auto before = std::make_shared<std::size_t>(0);
  return on_connection(
      step,
      [this, before](ConnectionRecord& record) {
        *before = record.pongs;
        return agent->transport().ping(record.hop.connection);
      },
      [before](const ConnectionRecord& record) { return record.pongs > *before; }, "the pong to the ping");
}

} // namespace sipvet::peers
