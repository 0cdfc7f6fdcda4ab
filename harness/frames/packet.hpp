// What a captured frame turns out to carry: a TCP segment, a UDP datagram, or something that is passed over.
#pragma once

#include "base/bytes.hpp"
#include "base/endpoint.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

namespace sipvet::frames {

// Payloads are views: into the frame, or, after IP reassembly, into the decoder (valid until its next
// decode()).
struct Segment {
  Endpoint source;
  Endpoint destination;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0; // meaningful when `ack`
  bool syn = false;
  bool ack = false;
  bool fin = false;
  bool rst = false;
  ByteView payload;
};

struct Datagram {
  Endpoint source;
  Endpoint destination;
  ByteView payload;
};

// Well-formed as far as it was looked at, but neither TCP nor UDP, or a fragment whose rest has not come yet.
struct Ignored {
  std::string_view why; // static text
};

using Packet = std::variant<Ignored, Segment, Datagram>;

} // namespace sipvet::frames
