// What the session keys of one derivation do to single packets: encryption and authentication, with the
// packet index given. Remembers nothing between packets.
#pragma once

#include "crypto/cipher.hpp"
#include "crypto/counter_mode.hpp"
#include "crypto/hmac.hpp"
#include "srtp/key_derivation.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace sipvet::srtp {

// What a context asks of packets of one kind.
struct Services {
  bool encrypts = true;
  bool authenticates = true;
};

// Octets of the tag that these services put into packets of this kind.
std::size_t tag_octets(rtp::SrtpSuite suite, Traffic traffic, Services services);

inline constexpr std::size_t rtcp_header_octets = 8; // with the sender's SSRC
inline constexpr std::size_t rtcp_index_octets = 4;  // E bit and index (RFC 3711 §3.4)

class PacketTransform {
 public:
  static Result<PacketTransform> make(const SessionKeys& keys, rtp::SrtpSuite suite, Traffic traffic,
                                      Services services, crypto::Direction direction);

  // `header_octets` of the packet stay as they are; `index` has 48 bits. The MKI stands in front of the tag,
  // behind it with an AEAD (RFC 3711 §3.1, RFC 7714 §8.1). Empty when the cipher fails.
  std::optional<Bytes> protect_rtp(ByteView packet, std::size_t header_octets, std::uint64_t index,
                                   ByteView mki);
  std::optional<Bytes> protect_rtcp(ByteView packet, std::uint32_t index, ByteView mki);

  // `packet` is long enough for header, MKI and tag. Empty when the tag is wrong. `trusting` does not look at
  // tags; an AEAD knows no such way.
  std::optional<Bytes> unprotect_rtp(ByteView packet, std::size_t header_octets, std::uint64_t index,
                                     std::size_t mki_octets, bool trusting);
  // `tag_octets` is that of the packet, not longer than the suite's. The index is read from the packet.
  std::optional<Bytes> unprotect_rtcp(ByteView packet, std::size_t mki_octets, std::size_t tag_octets,
                                      bool trusting);

 private:
  PacketTransform(Services services, std::size_t tag_octets, bool null_cipher)
      : services_(services), tag_octets_(tag_octets), null_cipher_(null_cipher) {}

  std::array<std::uint8_t, 16> start(ByteView ssrc, std::uint64_t index) const;
  bool encrypt(ByteView ssrc, std::uint64_t index, ByteView in, std::span<std::uint8_t> out);
  bool seal(ByteView ssrc, std::uint64_t index, ByteView associated, ByteView in, Bytes& out);
  bool open(ByteView ssrc, std::uint64_t index, ByteView associated, ByteView sealed,
            std::span<std::uint8_t> out);
  std::array<std::uint8_t, 20> tag_of(ByteView authenticated, ByteView more);
  std::optional<Bytes> protect_rtcp_aead(ByteView packet, std::uint32_t index, ByteView word, ByteView mki);
  std::optional<Bytes> unprotect_rtcp_aead(ByteView packet, std::uint32_t index, ByteView word);

  Services services_;
  std::size_t tag_octets_;
  bool null_cipher_;
  std::array<std::uint8_t, 16> salt_{};
  std::optional<crypto::CounterMode> counter_; // AES-CM that encrypts
  std::optional<crypto::Hmac> hmac_;           // AES-CM and NULL that authenticate
  std::optional<crypto::Aead> aead_;
};

} // namespace sipvet::srtp
