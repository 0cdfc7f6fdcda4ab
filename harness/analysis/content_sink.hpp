// What the reader of packets hands to the reader of what they carry, in the order of the capture: messages,
// datagrams, and the plaintext of TLS.
#pragma once

#include "analysis/sip_stream.hpp"
#include "base/bytes.hpp"
#include "frames/packet.hpp"
#include "frames/tcp_stream.hpp"

#include <cstddef>
#include <string_view>

namespace sipvet::analysis {

// Octets and messages are valid during the call only.
class ContentSink : public SipSink {
 public:
  // Of one direction of a TLS connection, in order. `from` has its connection.
  virtual void on_plaintext(const SipOrigin& from, ByteView octets, frames::Captured at) = 0;
  // Octets of it are missing here.
  virtual void on_plaintext_gap(const SipOrigin& from, frames::Captured at) = 0;
  // Once for each connection: nothing more of it will come.
  virtual void on_plaintext_end(std::size_t connection) = 0;
  virtual void on_datagram(const frames::Datagram& datagram, frames::Captured at) = 0;
  // A line of a TLS key log that stands in the capture.
  virtual void on_secret(std::string_view line) = 0;
};

} // namespace sipvet::analysis
