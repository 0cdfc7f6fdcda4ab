// What key management agrees on for one direction of SRTP: the cryptographic context of RFC 3711 §3.2, as far
// as it is the same for every stream of that direction.
#pragma once

#include "rtp/srtp_suite.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sipvet::rtp {

struct SrtpOptions {
  bool encrypt_rtp = true;      // false: UNENCRYPTED_SRTP (RFC 4568 §6.3.2)
  bool encrypt_rtcp = true;     // false: UNENCRYPTED_SRTCP
  bool authenticate_rtp = true; // false: UNAUTHENTICATED_SRTP; SRTCP is authenticated always (RFC 3711 §3.4)
  // Packets from one derivation of session keys to the next, a power of two up to 2^24; 0: derived once (RFC
  // 3711 §4.3.1).
  std::uint32_t key_derivation_rate = 0;
  std::size_t replay_window_packets = 0; // 0: the engine's own choice, 64 at least (RFC 3711 §3.3.2)
  // SRTP packets that one master key may protect, whatever lifetime was agreed on: over all its streams, and
  // where there are several of them (RFC 3711 §9.2, RFC 4568 §6.4.2, RFC 5764 §4.1.2).
  std::uint64_t most_packets = std::uint64_t{1} << 48;
  std::uint64_t most_shared_packets = std::uint64_t{1} << 48;
  bool operator==(const SrtpOptions&) const = default;
};

struct SrtpContext {
  SrtpContext() = default;
  SrtpContext(SrtpKey key) : keys{std::move(key)} {}

  // All of one suite. A sender begins with the first; packets name theirs by MKI where there are several (RFC
  // 3711 §3.1).
  std::vector<SrtpKey> keys;
  SrtpOptions options;
  // Of streams that do not begin with 0, as far as the key exchange tells (RFC 3830 §6.1.1).
  struct Rollovers {
    std::uint32_t ssrc = 0, count = 0;
    bool operator==(const Rollovers&) const = default;
  };
  std::vector<Rollovers> rollovers;

  const SrtpKey& first_key() const { return keys.at(0); }
  SrtpSuite suite() const { return first_key().suite; }
  bool operator==(const SrtpContext&) const = default;
};

} // namespace sipvet::rtp
