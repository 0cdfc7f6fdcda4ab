// The plaintext of TLS connections: its octets hashed, and the SIP in it found.
#pragma once

#include "analysis/report.hpp"
#include "analysis/sip_stream.hpp"
#include "base/bytes.hpp"
#include "crypto/hash.hpp"
#include "frames/tcp_stream.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace sipvet::analysis {

class PlaintextStreams {
 public:
  explicit PlaintextStreams(SipSink& sip) : sip_(sip) {}

  // See ContentSink.
  void feed(const SipOrigin& from, ByteView octets, frames::Captured at);
  void gap(const SipOrigin& from, frames::Captured at) { stream_of(from).sip.gap(at); }
  void end(std::size_t connection);
  // Puts what is known of every connection into its entry.
  void finish(std::vector<TlsConnection>& connections);

 private:
  struct Stream {
    Stream(const SipOrigin& origin, SipSink& sink) : sip(origin, sink) {}
    crypto::Hasher hasher{crypto::Hash::sha256};
    SipStream sip;
  };
  struct Facts {
    std::array<std::array<std::uint8_t, 32>, 2> sha256{}; // of the client's octets, of the server's
    std::size_t messages = 0;
    bool carries_sip = false;
  };
  // What is left of a connection that ended is little.
  struct Connection {
    std::array<std::unique_ptr<Stream>, 2> streams; // of the client, of the server
    std::unique_ptr<Facts> facts;                   // once it ended
  };
  Connection& connection(std::size_t index);
  Stream& stream_of(const SipOrigin& from);

  SipSink& sip_;
  std::vector<Connection> connections_; // by their index in Report::tls
};

} // namespace sipvet::analysis
