#include "analysis/tcp_router.hpp"

#include "tlswire/record.hpp"

#include <fmt/format.h>

#include <utility>

namespace sipvet::analysis {
namespace {

// RFC 3261 §19.1.2: the port of SIP over TLS when nothing else is said.
constexpr std::uint16_t sips_port = 5061;
// A hello, a start line: what is to be recognised shows within this.
constexpr std::size_t max_waiting_octets = 16 * 1024;
constexpr std::size_t max_unanswered = 10'000;
// What connections that ended may hold; half of what all may, so that those that go on have room.
constexpr std::size_t max_waiting_for_secrets_octets = 16 * 1024 * 1024;
constexpr std::size_t max_waiting_connections = 4096;

Side side_of(frames::Direction direction, bool reversed) {
  return (direction == frames::Direction::to_server) != reversed ? Side::client : Side::server;
}

// An SSLv2-format hello (RFC 5246 appendix E.2): two octets of length with the top bit set, CLIENT-HELLO,
// a version of TLS.
bool looks_like_sslv2_hello(ByteView octets) {
  return octets.size() >= 5 && (octets[0] & 0x80) != 0 && octets[2] == 1 && octets[3] == 3 && octets[4] <= 4;
}

// Who sent this, where a hello says so: a flow whose SYN was not captured may have been taken for its
// reverse.
std::optional<Side> sender_of_hello(ByteView octets) {
  if (looks_like_sslv2_hello(octets)) return Side::client;
  if (octets.size() <= tlswire::record_header_octets ||
      octets[0] != static_cast<std::uint8_t>(tlswire::ContentType::handshake))
    return std::nullopt;
  switch (static_cast<tlswire::HandshakeType>(octets[tlswire::record_header_octets])) {
  case tlswire::HandshakeType::client_hello:
    return Side::client;
  case tlswire::HandshakeType::server_hello:
    return Side::server;
  default:
    return std::nullopt;
  }
}

bool is_tls_alert(ByteView octets) {
  return tlswire::looks_like_record(octets) &&
         octets[0] == static_cast<std::uint8_t>(tlswire::ContentType::alert);
}

} // namespace

TcpRouter::Flow::Flow(const frames::TcpFlow& flow, SipSink& sink)
    : to_server{.sip = SipStream({flow.client, flow.server, Transport::tcp, {}}, sink), .waiting = {}},
      to_client{.sip = SipStream({flow.server, flow.client, Transport::tcp, {}}, sink), .waiting = {}} {}

TcpRouter::Flow& TcpRouter::flow_of(const frames::TcpFlow& flow) {
  auto& slot = *flows_.try_emplace(static_cast<std::uint64_t>(flow.id)).first;
  if (!slot) slot = std::make_unique<Flow>(flow, context_.content);
  return *slot;
}

void TcpRouter::on_octets(const frames::TcpFlow& facts, frames::Direction direction, std::uint64_t offset,
                          ByteView octets, frames::Captured at) {
  auto& flow = flow_of(facts);
  if (flow.tls) return flow.tls->on_octets(side_of(direction, flow.reversed), offset, octets, at);
  auto& half = direction == frames::Direction::to_server ? flow.to_server : flow.to_client;
  if (half.sip.reads()) {
    half.sip.feed(octets, at);
    if (half.sip.is_sip()) note_plain_sip(flow, facts, at);
    return;
  }
  if (half.other) return;
  look(flow, facts, direction, offset, octets, at);
}

void TcpRouter::look(Flow& flow, const frames::TcpFlow& facts, frames::Direction direction,
                     std::uint64_t offset, ByteView octets, frames::Captured at) {
  auto& half = direction == frames::Direction::to_server ? flow.to_server : flow.to_client;
  if (half.waiting.empty()) half.waiting_offset = offset;
  append(half.waiting, octets);
  const ByteView seen(half.waiting);
  const bool start = facts.from_start && !half.gap;
  const bool tls =
      tlswire::looks_like_record(seen) || (half.waiting_offset == 0 && looks_like_sslv2_hello(seen));
  if (tls && flow.plain_sip && is_tls_alert(seen)) { // a TLS port's answer to plain SIP
    report_plain_sip(facts.server, at.frame);
    flow.reported = half.other = true;
  } else if (tls && !flow.plain_sip) {
    const auto sender = facts.from_start ? std::nullopt : sender_of_hello(seen);
    flow.reversed = sender && *sender != side_of(direction, false);
    start_tls(flow, facts, at);
    return;
  }
  const auto guess = half.other ? Guess::no : begins_with_readable(as_text(seen));
  if (guess == Guess::yes) {
    const Bytes held = std::exchange(half.waiting, {});
    half.sip.feed(held, at);
    if (half.sip.is_sip()) note_plain_sip(flow, facts, at);
    return;
  }
  if (guess == Guess::more && seen.size() < max_waiting_octets) return;
  if (guess == Guess::no && start && seen.size() < tlswire::record_header_octets) return;
  half.waiting.clear();
  // In the middle of a stream the next segment may begin with a record or a message; at its start it may not.
  half.other = half.other || start;
}

void TcpRouter::start_tls(Flow& flow, const frames::TcpFlow& facts, frames::Captured at) {
  auto ends = facts;
  if (flow.reversed) std::swap(ends.client, ends.server);
  flow.tls = std::make_unique<TlsFollower>(context_, ends, at);
  tls_servers_.insert(ends.server);
  for (auto* half : {&flow.to_server, &flow.to_client}) {
    const Bytes held = std::exchange(half->waiting, {});
    if (!held.empty())
      flow.tls->on_octets(
          side_of(half == &flow.to_server ? frames::Direction::to_server : frames::Direction::to_client,
                  flow.reversed),
          half->waiting_offset, held, at);
  }
}

void TcpRouter::note_plain_sip(Flow& flow, const frames::TcpFlow& facts, frames::Captured at) {
  if (flow.plain_sip) return;
  flow.plain_sip = true;
  if (flow.to_server.sip.is_sip() && unanswered_.size() < max_unanswered)
    unanswered_.push_back({facts.server, at.frame});
}

void TcpRouter::on_gap(const frames::TcpFlow& facts, frames::Direction direction, std::uint64_t offset,
                       std::uint64_t count, frames::Captured at) {
  auto& flow = flow_of(facts);
  if (flow.tls) return flow.tls->on_gap(side_of(direction, flow.reversed), offset, count, at);
  auto& half = direction == frames::Direction::to_server ? flow.to_server : flow.to_client;
  half.waiting.clear();
  half.gap = true;
  half.other = false;
  if (half.sip.reads()) half.sip.gap(at);
}

void TcpRouter::on_closed(const frames::TcpFlow& facts, frames::FlowEnd, frames::Captured) {
  const auto id = static_cast<std::uint64_t>(facts.id);
  const auto* const found = flows_.find(id);
  if (found == nullptr) return;
  auto& flow = **found;
  if (flow.tls) end(std::move(flow.tls));
  if (flow.reported || flow.to_client.sip.is_sip())
    std::erase_if(unanswered_, [&](const PlainSip& entry) { return entry.server == facts.server; });
  flows_.erase(id);
}

// Secrets may stand behind the packets they are for: in a later block of the file, or in another file.
void TcpRouter::end(std::unique_ptr<TlsFollower> tls) {
  if (!tls->waits_for_secret()) return tls->close();
  waiting_.push_back(std::move(tls));
  while (!waiting_.empty() && (waiting_.size() > max_waiting_connections ||
                               context_.held_octets > max_waiting_for_secrets_octets)) {
    waiting_.front()->close();
    waiting_.pop_front();
  }
}

void TcpRouter::finish() {
  for (const auto& tls : waiting_) tls->close();
  waiting_.clear();
  for (const auto& entry : unanswered_)
    if (tls_servers_.contains(entry.server) || entry.server.port == sips_port)
      report_plain_sip(entry.server, entry.frame);
  unanswered_.clear();
}

void TcpRouter::report_plain_sip(const Endpoint& server, std::size_t frame) {
  findings_.error(
      "plain-sip-to-tls-port", frame,
      fmt::format("SIP was sent without TLS to {}, which speaks TLS and cannot answer it", to_string(server)),
      "set the transport towards this port to TLS, or use the port for plain SIP");
}

} // namespace sipvet::analysis
