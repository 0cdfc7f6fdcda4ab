// The master keys of one context: which of them a packet is under, how long each may be used, and the session
// keys that come from it.
#pragma once

#include "rtp/srtp_context.hpp"
#include "srtp/packet_transform.hpp"

#include <cstdint>
#include <list>
#include <optional>
#include <vector>

namespace sipvet::srtp {

class MasterKeys {
 public:
  // `context` has been checked.
  MasterKeys(const rtp::SrtpContext& context, crypto::Direction direction);

  std::size_t size() const { return keys_.size(); }
  std::size_t mki_octets() const { return mki_octets_; }
  std::size_t tag_octets(Traffic traffic) const;
  bool aead() const { return aead_; }
  ByteView mki(std::size_t position) const { return keys_[position].key.mki; }
  // The key with this MKI; the only key when there is no MKI.
  std::optional<std::size_t> find(ByteView mki) const;

  // Whether the key has protected as many packets as it may: SRTP and SRTCP are counted apart, and the count
  // that is full first ends both (RFC 3711 §9.2).
  bool expired(std::size_t position) const;
  void count(std::size_t position, Traffic traffic, std::uint32_t ssrc);

  // With the session keys of the packet's derivation period. Fails only when the cryptographic library does.
  Result<PacketTransform*> transform(std::size_t position, Traffic traffic, std::uint64_t index);

 private:
  struct Derived {
    std::uint64_t period;
    PacketTransform transform;
  };
  struct MasterKey {
    rtp::SrtpKey key;
    std::uint64_t rtp_used = 0, rtcp_used = 0;
    std::optional<std::uint32_t> first_ssrc = {}; // of SRTP
    bool shared = false;                          // by several
    std::list<Derived> rtp, rtcp;                 // the one used last in front
  };

  Services services(Traffic traffic) const;

  std::vector<MasterKey> keys_;
  rtp::SrtpOptions options_;
  crypto::Direction direction_;
  std::size_t mki_octets_;
  bool aead_;
};

} // namespace sipvet::srtp
