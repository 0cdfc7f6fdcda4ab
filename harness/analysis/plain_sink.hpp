// Hands on what an inspection could read, message by message and packet by packet, to who writes it
// elsewhere.
#pragma once

#include "analysis/report.hpp"
#include "analysis/sip_stream.hpp"
#include "base/bytes.hpp"
#include "frames/tcp_stream.hpp"
#include "rtp/g711.hpp"
#include "rtp/voiceprint.hpp"
#include "sip/message_view.hpp"

#include <optional>

namespace sipvet::analysis {

class PlainSink {
 public:
  virtual ~PlainSink() = default;
  // The message is valid during the call only.
  virtual void on_sip(const SipOrigin&, frames::Captured /*at*/, const sip::MessageView&) {}
  // An RTP packet that is plain, or was authenticated and decrypted: each once, in the order of the capture.
  // Of `stream` only addresses, SSRC and call_id are final. `law`: its payload is G.711.
  virtual void on_rtp(const MediaStream& /*stream*/, ByteView /*packet*/, frames::Captured /*at*/,
                      std::optional<rtp::Law> /*law*/) {}
  // A compound RTCP packet, the same way.
  virtual void on_rtcp(const RtcpStream& /*stream*/, ByteView /*packet*/, frames::Captured /*at*/) {}
};

} // namespace sipvet::analysis
