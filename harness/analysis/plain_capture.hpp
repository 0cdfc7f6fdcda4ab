// Writes a capture in which TLS and SRTP are gone: SIP over plain TCP or UDP, and plain RTP, as Wireshark
// takes them apart.
#pragma once

#include "analysis/plain_sink.hpp"
#include "io/pcapng_writer.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sipvet::analysis {

// Times and addresses are those of the capture; TCP connections are made anew around their messages. Port
// 5061 becomes 5060, since readers take it for TLS. Descriptions lose the S of their profiles and their keys,
// as the media does. What is neither SIP nor media, or could not be read, is left out.
class PlainCapture final : public PlainSink {
 public:
  static Result<std::unique_ptr<PlainCapture>> create(const std::string& path);

  void on_sip(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message) override;
  void on_rtp(const MediaStream& stream, ByteView packet, frames::Captured at,
              std::optional<rtp::Law> law) override;
  void on_rtcp(const RtcpStream& stream, ByteView packet, frames::Captured at) override;
  // Ends the connections and reports the first error of any write.
  Result<void> close();

 private:
  explicit PlainCapture(std::unique_ptr<io::PcapngWriter> writer) : writer_(std::move(writer)) {}
  struct Connection {
    std::uint32_t next_from_client = 1, next_from_server = 1; // sequence numbers
    Endpoint client, server;
    std::optional<std::size_t> tls; // the connection it stands for: ports are used again
    Instant last;
  };
  void segment(Connection& connection, bool from_client, ByteView payload, Instant time, bool syn, bool ack,
               bool fin);
  void datagram(const Endpoint& from, const Endpoint& to, ByteView payload, Instant time);

  std::unique_ptr<io::PcapngWriter> writer_;
  void end(Connection& connection);

  std::map<std::pair<Endpoint, Endpoint>, Connection> connections_; // by the two ends, the lower first
  std::uint32_t made_ = 0;
};

// A message as it would be without SRTP: profiles plain, a=crypto and a=key-mgmt gone, Content-Length right.
// Other messages come back octet for octet.
std::string without_srtp(const sip::MessageView& message);

} // namespace sipvet::analysis
