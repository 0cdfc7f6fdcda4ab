// What Sender and Receiver hand their packets to: one engine is our own, the other libsrtp2.
#pragma once

#include "srtp/session.hpp"

#include <memory>

namespace sipvet::srtp {

class SendEngine {
 public:
  virtual ~SendEngine() = default;
  // The packet has a whole RTP header; a whole RTCP header with an SSRC.
  virtual Result<Bytes> protect_rtp(ByteView packet, std::size_t header_octets) = 0;
  virtual Result<Bytes> protect_rtcp(ByteView packet) = 0;
  virtual Result<void> rekey(const rtp::SrtpContext& context) = 0;
  virtual Result<void> use_key(std::size_t position) = 0;
  virtual Result<void> set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers) = 0;
};

class ReceiveEngine {
 public:
  virtual ~ReceiveEngine() = default;
  virtual Unprotected unprotect_rtp(ByteView packet, std::size_t header_octets) = 0;
  virtual Unprotected unprotect_rtcp(ByteView packet) = 0;
  virtual Result<void> rekey(const rtp::SrtpContext& context) = 0;
  virtual Result<void> set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers) = 0;
};

// Of the replay list (RFC 3711 §3.3.2).
std::size_t window_packets(const rtp::SrtpOptions& options);

// Keys must be whole, of one suite, with MKIs of one length that differ, and more than one only with MKIs.
Result<void> check_context(const rtp::SrtpContext& context);

Result<std::unique_ptr<SendEngine>> own_sender(const rtp::SrtpContext& context);
Result<std::unique_ptr<ReceiveEngine>> own_receiver(const rtp::SrtpContext& context, ReceiverFaults faults);

// Fail for what the library cannot do: see library_gap().
Result<std::unique_ptr<SendEngine>> library_sender(const rtp::SrtpContext& context);
Result<std::unique_ptr<ReceiveEngine>> library_receiver(const rtp::SrtpContext& context);

} // namespace sipvet::srtp
