// Finds the SRTP key that opens packets, by trying: the negotiated one first, then everything that could have
// gone wrong.
#pragma once

#include "analysis/keys.hpp"
#include "analysis/media_map.hpp"
#include "base/bytes.hpp"
#include "srtp/session.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sipvet::analysis {

enum class Fit {
  expected,        // what offer and answer settled on for this direction, or what the user gave
  other_line,      // another key that this side wrote in its description
  other_suite,     // the right key under a suite with another tag length
  without_mki,     // the right key; the MKI that was negotiated is not in the packets
  other_direction, // the key of the other side
  other_call,      // a key that was negotiated for other addresses
};

struct KeyCandidate {
  rtp::SrtpKey key;
  std::string source; // "sdes", "mikey", "supplied", …
  Fit fit = Fit::expected;
  std::optional<std::size_t> supplied; // index into Keys::srtp
};

// In the order in which they are worth trying. `thorough` adds the keys of all other calls.
std::vector<KeyCandidate> key_candidates(const MediaMap& map, const Keys& keys, const Endpoint& source,
                                         const Endpoint& destination, std::uint32_t ssrc, bool thorough);

enum class Kind { rtp, rtcp };

struct OpenedKey {
  KeyCandidate candidate;
  std::uint32_t rollover_counter = 0;
};

// The first candidate under which one of the packets is authentic. Rollover counters from 0 up are tried for
// a sender that was joined late.
std::optional<OpenedKey> try_keys(std::span<const KeyCandidate> candidates, std::span<const ByteView> packets,
                                  std::uint32_t ssrc, Kind kind);

// A receiver for the key that was found.
Result<srtp::Receiver> make_receiver(const OpenedKey& key, std::uint32_t ssrc);

} // namespace sipvet::analysis
