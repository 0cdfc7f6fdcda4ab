// UDPTL packets (ITU-T T.38 §9): what carries a fax over UDP once a call has changed to `m=image … udptl
// t38`.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sipvet::rtp {

inline constexpr std::size_t max_udptl_secondaries = 16;
// Of one field: what a length of one or two octets can say (ITU-T X.691 §10.9.3.6 and 7).
inline constexpr std::size_t max_udptl_field_octets = 16383;

struct Udptl {
  std::uint16_t sequence = 0;
  Bytes primary; // an IFP packet
  // Earlier primaries, latest first (redundancy); of packets with parity FEC this is empty.
  std::vector<Bytes> secondaries;
  bool parity_fec = false; // error recovery by parity, which is not looked into
  bool operator==(const Udptl&) const = default;
};
Result<Udptl> parse_udptl(ByteView datagram);
// Redundancy only; at most 16 secondaries of at most 16383 octets each.
Bytes serialize(const Udptl& packet);

// The T.30 signals that an IFP packet without data stands for (ITU-T T.38 §7.3.1).
enum class T30Indicator : std::uint8_t { no_signal = 0, cng = 1, ced = 2, v21_preamble = 3 };
Bytes ifp_of(T30Indicator indicator);
// Of the indicators above; nothing for IFP packets of any other kind.
std::optional<T30Indicator> indicator_of(ByteView ifp);
std::string_view name(T30Indicator indicator); // "cng"

} // namespace sipvet::rtp
