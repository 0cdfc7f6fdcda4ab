#include "analysis/plain_capture.hpp"

#include "base/text.hpp"
#include "frames/build.hpp"
#include "sip/message.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

constexpr std::uint16_t tls_port = 5061, plain_port = 5060; // RFC 3261 §19.1.2
// As Ethernet would carry it; longer messages become several segments.
constexpr std::size_t segment_octets = 1400;

Endpoint plain(Endpoint endpoint) {
  if (endpoint.port == tls_port) endpoint.port = plain_port;
  return endpoint;
}

} // namespace

std::string without_srtp(const sip::MessageView& message) {
  const auto type = message.header("Content-Type");
  if (!type || !iequals(type->substr(0, 15), "application/sdp")) return std::string(message.text());
  std::string body;
  bool changed = false;
  const std::string_view text = message.body();
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find('\n', start), text.size() - 1) + 1;
    std::string line(text.substr(start, end - start));
    start = end;
    if (line.starts_with("a=crypto:") || line.starts_with("a=key-mgmt:")) {
      changed = true;
      continue;
    }
    if (line.starts_with("m="))
      for (const std::string_view secure : {" UDP/TLS/RTP/SAVP", " RTP/SAVP"})
        if (const auto at = line.find(secure); at != std::string::npos) {
          line.replace(at, secure.size(), " RTP/AVP"); // an F behind it stays: RTP/AVPF
          changed = true;
          break;
        }
    body += line;
  }
  if (!changed) return std::string(message.text());
  sip::Message copy(message);
  copy.set_body(std::move(body), {});
  return copy.serialize();
}

Result<std::unique_ptr<PlainCapture>> PlainCapture::create(const std::string& path) {
  SIPVET_TRY(auto writer, io::PcapngWriter::create(path));
  return std::unique_ptr<PlainCapture>(new PlainCapture(std::move(writer)));
}

void PlainCapture::datagram(const Endpoint& from, const Endpoint& to, ByteView payload, Instant time) {
  Bytes packet;
  if (frames::append_packet(packet, frames::Datagram{from, to, payload})) writer_->frame(time, packet);
}

void PlainCapture::segment(Connection& connection, bool from_client, ByteView payload, Instant time, bool syn,
                           bool ack, bool fin) {
  auto& mine = from_client ? connection.next_from_client : connection.next_from_server;
  const auto theirs = from_client ? connection.next_from_server : connection.next_from_client;
  const frames::Segment out{from_client ? connection.client : connection.server,
                            from_client ? connection.server : connection.client,
                            mine,
                            ack ? theirs : 0,
                            syn,
                            ack,
                            fin,
                            false,
                            payload};
  Bytes packet;
  if (frames::append_packet(packet, out)) writer_->frame(time, packet);
  mine += static_cast<std::uint32_t>(payload.size()) + (syn || fin ? 1 : 0);
  connection.last = time;
}

void PlainCapture::on_sip(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message) {
  const auto text = without_srtp(message);
  const auto from = plain(origin.source), to = plain(origin.destination);
  if (origin.transport == Transport::udp) return datagram(from, to, as_bytes(text), at.time);
  const auto& [low, high] = std::minmax(from, to);
  const auto [place, added] = connections_.try_emplace({low, high});
  auto& connection = place->second;
  const bool another = !added && connection.tls != origin.connection;
  if (another) end(connection);
  if (added || another) {
    connection = {};
    connection.client = from;
    connection.server = to;
    connection.tls = origin.connection;
    // Far from the numbers of a connection that had the same ports.
    connection.next_from_client = connection.next_from_server = ++made_ * 100'000'000;
    segment(connection, true, {}, at.time, true, false, false);
    segment(connection, false, {}, at.time, true, true, false);
    segment(connection, true, {}, at.time, false, true, false);
  }
  const ByteView octets = as_bytes(text);
  const bool from_client = from == connection.client;
  for (std::size_t start = 0; start < octets.size(); start += segment_octets)
    segment(connection, from_client, octets.subspan(start, std::min(segment_octets, octets.size() - start)),
            at.time, false, true, false);
}

void PlainCapture::on_rtp(const MediaStream& stream, ByteView packet, frames::Captured at,
                          std::optional<rtp::Law>) {
  datagram(stream.source, stream.destination, packet, at.time);
}

void PlainCapture::on_rtcp(const RtcpStream& stream, ByteView packet, frames::Captured at) {
  datagram(stream.source, stream.destination, packet, at.time);
}

void PlainCapture::end(Connection& connection) {
  segment(connection, true, {}, connection.last, false, true, true);
  segment(connection, false, {}, connection.last, false, true, true);
  segment(connection, true, {}, connection.last, false, true, false);
}

Result<void> PlainCapture::close() {
  for (auto& [ends, connection] : connections_) end(connection);
  connections_.clear();
  return writer_->close();
}

} // namespace sipvet::analysis
