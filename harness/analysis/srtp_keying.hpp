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
  other_mki,       // the right key; the packets carry an MKI that was not negotiated
  other_direction, // the key of the other side
  other_call,      // a key that was negotiated for other addresses
};

struct KeyCandidate {
  rtp::SrtpKey key;
  std::string source; // "sdes", "mikey", "supplied", …
  Fit fit = Fit::expected;
  std::optional<std::size_t> supplied; // index into Keys::srtp
  rtp::SrtpOptions options = {};
  rtp::SrtpContext context() const;
};

// In the order in which they are worth trying. `thorough` adds the keys of all other calls.
std::vector<KeyCandidate> key_candidates(const MediaMap& map, const Keys& keys, const Endpoint& source,
                                         const Endpoint& destination, std::uint32_t ssrc, bool thorough);

// The keys that were negotiated, with the MKI that `packet` would carry if it had one of 1 to 8 octets that
// nobody negotiated.
std::vector<KeyCandidate> mki_candidates(std::span<const KeyCandidate> candidates, ByteView packet);

enum class Kind { rtp, rtcp };

// How far rollover counters are searched: 65,536 packets of 20 ms are 22 minutes.
inline constexpr std::uint32_t quick_rollover_search = 3;     // more than an hour
inline constexpr std::uint32_t thorough_rollover_search = 66; // a day

struct OpenedKey {
  KeyCandidate candidate;
  std::uint32_t rollover_counter = 0;
};

// Where rollover counters are looked for: `likely` first, then from 0 to `most`.
struct RolloverSearch {
  std::uint32_t likely = 0;
  std::uint32_t most = quick_rollover_search;
};

// The first candidate under which one of the packets is authentic. Rollover counters are searched for keys
// that are as they should be: for a sender that was joined late, or that counts wrongly.
std::optional<OpenedKey> try_keys(std::span<const KeyCandidate> candidates, std::span<const ByteView> packets,
                                  std::uint32_t ssrc, Kind kind, RolloverSearch search = {});

// A receiver for the key that was found.
Result<srtp::Receiver> make_receiver(const OpenedKey& key, std::uint32_t ssrc);

} // namespace sipvet::analysis
