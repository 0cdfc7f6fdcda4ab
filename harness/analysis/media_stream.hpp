// Follows one RTP or SRTP stream (an SSRC from one address to another) from its first packet to its entry in
// the report.
#pragma once

#include "analysis/arrival.hpp"
#include "analysis/finding_list.hpp"
#include "analysis/keys.hpp"
#include "analysis/media_map.hpp"
#include "analysis/payload_sequence.hpp"
#include "analysis/plain_check.hpp"
#include "analysis/plain_sink.hpp"
#include "analysis/report.hpp"
#include "analysis/srtp_keying.hpp"
#include "frames/tcp_stream.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace sipvet::analysis {

// What packets that wait for a key may take, all streams together.
inline constexpr std::size_t max_held_media_octets = 64 * 1024 * 1024;

// What all media of an inspection share.
struct MediaContext {
  const MediaMap& map;
  const Keys& keys;
  FindingList& findings;
  std::vector<bool> supplied_used; // of Keys::srtp
  std::size_t held_octets = 0;     // of packets that wait for a key, all streams together
  // Senders whose RTCP is no plain RTCP: what they send as RTP is SRTP.
  std::set<std::uint32_t> encrypted_rtcp = {};
  std::size_t key_trials = 0;
  std::span<PlainSink* const> sinks = {};
  std::size_t rollover_searches = 0;
  WaitingPayloads waiting = {};

  // Those of key_candidates(); after very many trials only the likeliest of them.
  std::vector<KeyCandidate> candidates(const Endpoint& source, const Endpoint& destination,
                                       std::uint32_t ssrc, bool thorough);
};

class MediaStreamFollower {
 public:
  MediaStreamFollower(MediaContext& context, const Endpoint& source, const Endpoint& destination,
                      std::uint32_t ssrc, frames::Captured at);

  // `packet` has a whole RTP header.
  void on_packet(ByteView packet, frames::Captured at);
  // Decides what is still open. False: this was no media stream after all (a few datagrams on a port nobody
  // promised media on).
  bool finish();
  MediaStream take() { return std::move(facts_); }
  // SRTP where offer and answer settled on plain RTP.
  bool unnegotiated() const { return unnegotiated_; }
  // What the signalling said of its addresses, if anything.
  std::optional<MediaMap::Match> leg() const;
  // How the packets could be opened, once finish() said true.
  std::optional<Fit> fit() const {
    return opener_ ? std::optional(opener_->key.candidate.fit) : std::nullopt;
  }

 private:
  enum class State : std::uint8_t { undecided, secured, plain, unreadable };
  struct Held {
    Bytes packet;
    frames::Captured at;
  };
  // How SRTP is opened; plain streams, of which there may be as many, have none of it.
  struct Opener {
    OpenedKey key;
    std::optional<srtp::Receiver> receiver = {};
    // Of the key before the one in force, and the number of the first packet under that one.
    std::optional<srtp::Receiver> receiver_before = {};
    std::optional<rtp::SrtpKey> key_before = {};
    std::uint16_t changed_at = 0;
    std::optional<std::uint16_t> highest = {};
    std::uint32_t told_rollovers = 0; // where the stream should have begun
    std::uint32_t wraps = 0;          // of the sequence number, since the receiver began
    std::size_t failures_in_a_row = 0;
    std::size_t last_payload_octets = 0; // of the last authentic packet
    void count_wraps(std::uint16_t sequence);
  };

  void hold(ByteView packet, frames::Captured at);
  void try_to_decide(bool last);
  bool open_with_keys(bool thorough);
  void become(State state);
  void process(ByteView packet, frames::Captured at);
  void process_secured(ByteView packet, frames::Captured at);
  void read_payload(ByteView packet, frames::Captured at);
  void read_event(ByteView packet);
  bool rekey(ByteView packet);
  bool is_given_up(const rtp::SrtpKey& key) const;
  srtp::Unprotected open(ByteView packet);
  void decide_without_key();
  void decide_on_plain_leg();
  Looks looks() const;
  void note_type(std::uint8_t type);
  void note_arrival(ByteView packet, frames::Captured at);
  std::optional<sdp::Codec> codec_of(std::uint8_t payload_type) const;
  std::optional<rtp::Law> law_of(std::uint8_t payload_type);
  std::uint32_t rollovers_told() const;
  void describe(const std::optional<MediaMap::Match>& match);

  // First what every packet of a plain stream touches, so that it lies in few cache lines.
  MediaContext& context_;
  std::uint64_t packets_ = 0;
  frames::Captured last_{};
  std::uint32_t in_order_ = 0; // packets whose number followed the one before
  std::optional<std::uint16_t> last_sequence_;
  State state_ = State::undecided;
  std::optional<std::uint8_t> last_type_;
  // The clock of the payload type that came last; 0 as long as no description says it.
  std::uint32_t clock_hz_ = 0;
  std::optional<std::uint8_t> clock_of_;
  bool unnegotiated_ = false;
  bool key_at_hand_ = false;    // unreadable: although there was a key to try
  std::optional<rtp::Law> law_; // of the payload type `law_of_`
  std::optional<std::uint8_t> law_of_;
  std::optional<std::uint8_t> event_type_; // telephone-event, as soon as one came
  PayloadSequence payloads_{context_.waiting};
  Arrival arrival_;

  std::size_t clock_version_ = 0; // of the map
  std::vector<Held> held_;
  std::size_t held_octets_ = 0;
  std::size_t tried_version_ = 0; // of the map, when keys were tried last
  std::size_t tried_packets_ = 0;
  std::unique_ptr<Opener> opener_;
  std::optional<MediaMap::Match> decided_leg_; // legs stay where they are in the map
  // Of the payload types before that one.
  struct KnownLaw {
    std::uint8_t type;
    std::optional<rtp::Law> law;
  };
  std::unique_ptr<std::vector<KnownLaw>> laws_;
  std::optional<std::uint32_t> last_event_timestamp_;
  std::uint64_t quick_repeats_ = 0;
  MediaStream facts_; // but for the counts above, which go into it at the end
};

} // namespace sipvet::analysis
