// Fields of a packet that has a whole RTP header, read in place: captures have many (RFC 3550 §5.1).
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace sipvet::analysis {

inline std::uint16_t sequence_of(ByteView packet) {
  return static_cast<std::uint16_t>(packet[2] << 8 | packet[3]);
}

inline std::uint32_t timestamp_of(ByteView packet) {
  std::uint32_t timestamp = 0;
  for (std::size_t i = 4; i < 8; ++i) timestamp = timestamp << 8 | packet[i];
  return timestamp;
}

} // namespace sipvet::analysis
