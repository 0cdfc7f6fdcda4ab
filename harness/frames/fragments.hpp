// Puts IP datagrams together again from their fragments, in bounded memory.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "frames/ip_layer.hpp"

#include <bitset>
#include <compare>
#include <map>
#include <optional>

namespace sipvet::frames {

class Fragments {
 public:
  // Each holds at most 64 KiB, so all together at most 16 MiB.
  static constexpr std::size_t max_datagrams = 256;
  // RFC 8200 §4.5: reassembly is given up 60 seconds after the first fragment came.
  static constexpr Duration max_age = std::chrono::seconds(60);

  struct Whole {
    std::uint8_t protocol = 0;
    ByteView payload; // valid until the next add()
  };
  // `packet.fragment` is set. Gives the datagram when this was its last missing piece. Where fragments
  // overlap, the octets that came first stay.
  std::optional<Whole> add(const IpPacket& packet, ByteView payload, Instant time);

  std::size_t incomplete() const { return datagrams_.size(); }
  std::size_t abandoned() const { return abandoned_; }

 private:
  struct Key {
    IpAddress source;
    IpAddress destination;
    std::uint32_t identification = 0;
    std::uint8_t protocol = 0; // 0 for IPv6, where it is not part of the key (RFC 8200 §4.5)
    auto operator<=>(const Key&) const = default;
  };
  struct Datagram {
    Instant first_seen;
    Bytes octets;
    std::bitset<8192> have; // units of 8 octets
    std::size_t have_units = 0;
    std::optional<std::size_t> total_octets; // known from the last fragment
    std::uint8_t protocol = 0;               // as the first fragment says
  };
  void make_room(Instant time);
  static bool store(Datagram& datagram, const FragmentField& fragment, ByteView payload);

  std::map<Key, Datagram> datagrams_;
  std::size_t abandoned_ = 0;
  Bytes whole_;
};

} // namespace sipvet::frames
