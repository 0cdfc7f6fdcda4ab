// SRTP and SRTCP (RFC 3711): protect what is sent, authenticate and decrypt what is received, for one
// direction under the keys and parameters that were agreed on.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "rtp/srtp_context.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sipvet::srtp {

// Why a packet was dropped; each is counted apart and reported by name.
enum class Drop { authentication, replay, too_old, malformed, unknown_mki, key_expired, other };

struct Dropped {
  Drop why;
  std::string what;
};
using Unprotected = boost::system::result<Bytes, Dropped>;

// Our own transform does everything; libsrtp2 is the second witness of what it can do.
enum class Engine { own, library };

// What of a context libsrtp2 cannot do ("a key derivation rate"); empty when it can do all. It counts up to
// the limits of RFC 3711 §9.2, whatever smaller ones a key exchange has: years of one call.
std::string_view library_gap(const rtp::SrtpContext& context);

// Packets are looked at by SSRC: each SSRC has its own rollover counter and replay window, as RFC 3711 §3.2.3
// has it.
class Sender {
 public:
  // Fails for keys of other lengths than the suite's, for keys that packets could not tell apart, and for
  // what the engine cannot do.
  static Result<Sender> create(const rtp::SrtpContext& context, Engine engine = Engine::own);
  Sender(Sender&&) noexcept;
  Sender& operator=(Sender&&) noexcept;
  ~Sender();
  // Fail when the packet is none of its kind, when its index was used before (RFC 3711 §9.1), and when the
  // lifetime of the last key is over (§9.2). A key that has come to its end is followed by the next one.
  Result<Bytes> protect_rtp(ByteView packet);
  Result<Bytes> protect_rtcp(ByteView packet);
  // New keys for the same streams: rollover counters and SRTCP indices go on (RFC 3711 §3.3.1, §3.4).
  Result<void> rekey(const rtp::SrtpContext& context);
  // From now on the key at this place of the context's list.
  Result<void> use_key(std::size_t position);
  // The next packets of an SSRC begin at this rollover counter.
  Result<void> set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers);

 private:
  struct State;
  explicit Sender(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What a faulty receiver does not look at. Only our own engine knows how.
struct ReceiverFaults {
  bool replays = false;         // takes packets again
  bool wrong_tags = false;      // takes them whatever their tag; not with an AEAD
  bool short_rtcp_tags = false; // takes SRTCP with tags of 32 bits as well
  bool operator==(const ReceiverFaults&) const = default;
};

class Receiver {
 public:
  // Fails as Sender::create() does. Streams begin at the rollover counters that the context names.
  static Result<Receiver> create(const rtp::SrtpContext& context, Engine engine = Engine::own,
                                 ReceiverFaults faults = {});
  Receiver(Receiver&&) noexcept;
  Receiver& operator=(Receiver&&) noexcept;
  ~Receiver();
  // The packet with its tag removed and its payload decrypted.
  Unprotected unprotect_rtp(ByteView packet);
  Unprotected unprotect_rtcp(ByteView packet);
  // New keys for the same streams, which go on where they are (RFC 3711 §3.3.1).
  Result<void> rekey(const rtp::SrtpContext& context);
  // Starts the next packets of an SSRC at this rollover counter (a capture or a listener that joins late).
  Result<void> set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers);

 private:
  struct State;
  explicit Receiver(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

[[noreturn]] void throw_exception_from_error(const Dropped& dropped, const boost::source_location& where);

} // namespace sipvet::srtp
