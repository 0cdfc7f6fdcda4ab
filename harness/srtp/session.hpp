// SRTP and SRTCP (RFC 3711): protect what is sent, authenticate and decrypt what is received, for one
// direction under one master key. The only folder that knows libsrtp2.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "rtp/srtp_context.hpp"

#include <cstdint>
#include <memory>

namespace sipvet::srtp {

// Why a packet was dropped; each is counted apart and reported by name.
enum class Drop { authentication, replay, too_old, malformed, other };

struct Dropped {
  Drop why;
  std::string what;
};

// Packets are looked at by SSRC: each SSRC has its own rollover counter and replay window, as RFC 3711 §3.2.3
// has it.
class Sender {
 public:
  static Result<Sender> create(const rtp::SrtpContext& context);
  Sender(Sender&&) noexcept;
  Sender& operator=(Sender&&) noexcept;
  ~Sender();
  Result<Bytes> protect_rtp(ByteView packet);
  Result<Bytes> protect_rtcp(ByteView packet);

 private:
  struct State;
  explicit Sender(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class Receiver {
 public:
  static Result<Receiver> create(const rtp::SrtpContext& context);
  Receiver(Receiver&&) noexcept;
  Receiver& operator=(Receiver&&) noexcept;
  ~Receiver();
  // The packet with its tag removed and its payload decrypted.
  boost::system::result<Bytes, Dropped> unprotect_rtp(ByteView packet);
  boost::system::result<Bytes, Dropped> unprotect_rtcp(ByteView packet);
  // Starts the next packets of an SSRC at this rollover counter (a capture or a listener that joins late).
  Result<void> set_rollover_counter(std::uint32_t ssrc, std::uint32_t roc);

 private:
  struct State;
  explicit Receiver(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

[[noreturn]] void throw_exception_from_error(const Dropped& dropped, const boost::source_location& where);

} // namespace sipvet::srtp
