// The payloads of one RTP stream in the order of their sequence numbers, each once: counted, hashed, listened
// to.
#pragma once

#include "base/bytes.hpp"
#include "crypto/sha256.hpp"
#include "rtp/g711.hpp"
#include "rtp/sequence.hpp"
#include "rtp/voiceprint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::analysis {

// What waits for its turn in all sequences of an inspection together, and how far a packet may come late: 128
// packets, more than the 64 that RFC 3711 §3.3.2 asks of a replay window. Beyond half of what may wait that
// shrinks, down to the 8 that a network reorders by.
struct WaitingPayloads {
  std::size_t octets = 0;
  std::size_t reach() const; // packets
};

class PayloadSequence {
 public:
  explicit PayloadSequence(WaitingPayloads& all) : all_(all) {}

  // False: a packet with this number was there before, or so much higher ones that its place in the hash is
  // gone. `law` is set for G.711 payloads.
  bool add(std::uint16_t sequence, ByteView payload, std::optional<rtp::Law> law);
  // The first packets wait, so that one that overtook the very first does not cut it off. No more than those
  // added are needed for that: they were collected elsewhere.
  void begin();
  // Takes what still waits for a number that never came; after this, only the results are asked for.
  void finish();

  std::uint64_t packets() const { return packets_; }
  std::uint64_t octets() const { return octets_; }
  std::uint64_t lost() const { return lost_; }
  std::uint64_t gaps() const { return gaps_; } // runs of lost numbers
  std::uint64_t longest_gap() const { return longest_gap_; }
  std::string sha256() const; // hexadecimal

  std::size_t windows() const { return windows_; }
  std::size_t recognised_windows() const;
  std::optional<rtp::Voiceprint> voiceprint() const;

 private:
  struct Waiting {
    std::uint64_t number = 0;
    std::optional<rtp::Law> law;
    Bytes payload;
  };
  void take(std::uint64_t number, ByteView payload, std::optional<rtp::Law> law);
  void take_waiting(std::size_t keep);
  bool wait(std::uint64_t number, ByteView payload, std::optional<rtp::Law> law);
  void listen(ByteView payload, rtp::Law law);
  void recognise_window();

  // What each packet touches first.
  rtp::SequenceUnwrapper unwrapper_;
  std::optional<std::uint64_t> next_;
  std::uint64_t packets_ = 0, octets_ = 0;
  crypto::Sha256 hash_;
  std::vector<Waiting> waiting_; // in the order of their numbers
  Bytes window_;                 // G.711, as long as it takes to hear what it says
  rtp::Law window_law_ = rtp::Law::mu;
  std::uint32_t windows_ = 0;
  WaitingPayloads& all_;
  std::uint64_t lost_ = 0, gaps_ = 0, longest_gap_ = 0;
  std::vector<std::pair<unsigned, std::size_t>> heard_; // voiceprint number to windows
};

} // namespace sipvet::analysis
