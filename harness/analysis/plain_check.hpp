// Tells plain RTP from SRTP where no key does: by sizes, clocks and disorder of payloads.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace sipvet::analysis {

enum class Looks { plain, encrypted, unclear };

// Packets of one stream, in the order they were captured.
//  - G.711 has an octet for each tick of its clock (RFC 3551 §4.5.14): the timestamps of neighbours say how
//    long the payload is, and what is longer carries a tag.
//  - Ciphertext has no structure: payloads whose octets repeat are plain.
Looks looks_plain(std::span<const Bytes> packets);

// The payload of an RTP packet, without its padding; empty when the packet cannot be read.
ByteView payload_of(ByteView packet, bool padding_readable = true);

} // namespace sipvet::analysis
