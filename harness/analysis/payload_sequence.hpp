// The payloads of one RTP stream in the order of their sequence numbers, each once: counted, hashed, listened
// to.
#pragma once

#include "base/bytes.hpp"
#include "crypto/hash.hpp"
#include "rtp/g711.hpp"
#include "rtp/sequence.hpp"
#include "rtp/voiceprint.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::analysis {

// What waits for its turn in all sequences of an inspection together. When that is much, each may hold
// little.
struct WaitingPayloads {
  std::size_t octets = 0;
};

class PayloadSequence {
 public:
  explicit PayloadSequence(WaitingPayloads& all) : all_(all) {}

  // False: a packet with this number was there before, or so much higher ones that its place in the hash is
  // gone. `law` is set for G.711 payloads.
  bool add(std::uint16_t sequence, ByteView payload, std::optional<rtp::Law> law);
  // Takes what still waits for a number that never came; after this, only the results are asked for.
  void finish();

  std::uint64_t packets() const { return packets_; }
  std::uint64_t octets() const { return octets_; }
  std::uint64_t lost() const { return lost_; }
  std::uint64_t gaps() const { return gaps_; } // runs of lost numbers
  std::uint64_t longest_gap() const { return longest_gap_; }
  std::string sha256(); // hexadecimal

  std::size_t windows() const { return windows_; }
  std::size_t recognised_windows() const;
  std::optional<rtp::Voiceprint> voiceprint() const;

 private:
  struct Waiting {
    Bytes payload;
    std::optional<rtp::Law> law;
  };
  void take(std::uint64_t number, ByteView payload, std::optional<rtp::Law> law);
  void take_waiting(bool all);
  std::size_t most_waiting() const;
  void listen(ByteView payload, rtp::Law law);
  void recognise_window();

  WaitingPayloads& all_;
  rtp::SequenceUnwrapper unwrapper_;
  std::optional<std::uint64_t> next_;
  std::map<std::uint64_t, Waiting> waiting_;
  crypto::Hasher hasher_{crypto::Hash::sha256};
  std::uint64_t packets_ = 0, octets_ = 0, lost_ = 0, gaps_ = 0, longest_gap_ = 0;
  std::vector<std::int16_t> samples_;
  std::size_t windows_ = 0;
  std::map<unsigned, std::size_t> heard_; // voiceprint number to windows
};

} // namespace sipvet::analysis
