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
#include <map>
#include <optional>
#include <set>
#include <span>
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
  std::optional<Fit> fit() const { return opened_ ? std::optional(opened_->candidate.fit) : std::nullopt; }

 private:
  enum class State { undecided, secured, plain, unreadable };
  struct Held {
    Bytes packet;
    frames::Captured at;
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
  void count_wraps(std::uint16_t sequence);
  void decide_without_key();
  void decide_on_plain_leg();
  Looks looks() const;
  void note_arrival(ByteView packet, frames::Captured at);
  std::optional<sdp::Codec> codec_of(std::uint8_t payload_type) const;
  std::optional<rtp::Law> law_of(std::uint8_t payload_type);
  std::uint32_t rollovers_told() const;
  void describe(const std::optional<MediaMap::Match>& match);

  MediaContext& context_;
  MediaStream facts_;
  State state_ = State::undecided;
  std::vector<Held> held_;
  std::size_t held_octets_ = 0;
  std::size_t tried_version_ = 0; // of the map, when keys were tried last
  std::size_t tried_packets_ = 0;
  std::optional<OpenedKey> opened_;
  std::optional<MediaMap::Match> decided_leg_; // legs stay where they are in the map
  std::optional<srtp::Receiver> receiver_;
  // Of the key before the one in force, and the number of the first packet under that one.
  std::optional<srtp::Receiver> receiver_before_;
  std::optional<rtp::SrtpKey> key_before_;
  std::uint16_t changed_at_ = 0;
  std::uint32_t told_rollovers_ = 0; // where the stream should have begun
  std::uint32_t wraps_ = 0;          // of the sequence number, since the receiver began
  std::optional<std::uint16_t> highest_;
  std::size_t failures_in_a_row_ = 0;
  std::size_t last_payload_octets_ = 0; // of the last authentic packet
  std::size_t in_order_ = 0;            // packets whose number followed the one before
  std::optional<std::uint16_t> last_sequence_;
  bool unnegotiated_ = false;
  bool key_at_hand_ = false; // unreadable: although there was a key to try
  std::map<std::uint8_t, std::optional<rtp::Law>> laws_;
  std::optional<std::uint8_t> event_type_; // telephone-event, as soon as one came
  std::optional<std::uint32_t> last_event_timestamp_;
  PayloadSequence payloads_{context_.waiting};
  Arrival arrival_;
  std::uint64_t quick_repeats_ = 0;
  // The clock of the payload type that came last; 0 as long as no description says it.
  std::optional<std::uint8_t> clock_of_;
  std::uint32_t clock_hz_ = 0;
  std::size_t clock_version_ = 0;
};

} // namespace sipvet::analysis
