#include "analysis/media_stream.hpp"

#include "analysis/media_reason.hpp"
#include "analysis/rtp_fields.hpp"
#include "base/text.hpp"
#include "rtp/packet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace sipvet::analysis {
namespace {

// A minute of audio in packets of 20 ms may wait for an answer (a phone that rings, with early media).
constexpr std::size_t max_held_packets = 3000;
constexpr std::uint16_t half_cycle = 0x8000; // of sequence numbers
// Keys are tried on the first packets and on the latest.
constexpr std::size_t tried_first = 4, tried_last = 2;
// Where plain RTP was agreed on, so many packets show whether it is.
constexpr std::size_t looked_at_on_plain_leg = 8;
// The same while very many streams begin at once, and what they hold adds up.
constexpr std::size_t looked_at_of_many = 4, many_held_octets = 4 * 1024 * 1024;

// A trial takes some 40 µs: ten seconds of them, which only noise with hundreds of keys and thousands of
// streams comes to.
constexpr std::size_t max_key_trials = 250'000;
// A thorough search for a rollover counter takes some milliseconds for each key: worth it for calls, not for
// noise.
constexpr std::size_t least_for_search = 16, max_rollover_searches = 500;

} // namespace

std::vector<KeyCandidate> MediaContext::candidates(const Endpoint& source, const Endpoint& destination,
                                                   std::uint32_t ssrc, bool thorough) {
  auto all = key_candidates(map, keys, source, destination, ssrc, thorough);
  if (key_trials > max_key_trials && all.size() > 1) all.resize(1);
  key_trials += all.size();
  return all;
}

MediaStreamFollower::MediaStreamFollower(MediaContext& context, const Endpoint& source,
                                         const Endpoint& destination, std::uint32_t ssrc, frames::Captured at)
    : context_(context) {
  facts_.ssrc = ssrc;
  facts_.source = source;
  facts_.destination = destination;
  facts_.first_frame = at.frame;
  facts_.first_time = at.time;
}

void MediaStreamFollower::on_packet(ByteView packet, frames::Captured at) {
  ++packets_;
  last_ = at;
  const auto sequence = sequence_of(packet);
  if (last_sequence_ && static_cast<std::uint16_t>(sequence - *last_sequence_) == 1) ++in_order_;
  last_sequence_ = sequence;
  note_type(packet[1] & 0x7f);
  note_arrival(packet, at);
  if (state_ != State::undecided) return process(packet, at);
  hold(packet, at);
  try_to_decide(false);
}

void MediaStreamFollower::note_type(std::uint8_t type) {
  if (last_type_ == type) return;
  last_type_ = type;
  auto& types = facts_.payload_types;
  if (std::ranges::find(types, type) == types.end()) types.push_back(type);
}

void MediaStreamFollower::note_arrival(ByteView packet, frames::Captured at) {
  const std::uint8_t type = packet[1] & 0x7f;
  if (clock_of_ != type || (clock_hz_ == 0 && clock_version_ != context_.map.version())) {
    const auto codec = codec_of(type);
    // Events share the clock of the audio around them (RFC 4733 §2.1), and keep one timestamp as long as they
    // last.
    clock_hz_ = codec && !iequals(codec->encoding, "telephone-event") ? codec->clock_hz : 0;
    clock_of_ = type;
    clock_version_ = context_.map.version();
  }
  const auto seen = arrival_.add(sequence_of(packet), timestamp_of(packet), clock_hz_, at.time);
  if (seen == Arrival::Seen::repeated) ++quick_repeats_;
  if (seen == Arrival::Seen::repeated_late && !facts_.first_replayed_frame)
    facts_.first_replayed_frame = at.frame;
}

void MediaStreamFollower::hold(ByteView packet, frames::Captured at) {
  held_.push_back({to_bytes(packet), at});
  held_octets_ += packet.size();
  context_.held_octets += packet.size();
}

std::optional<MediaMap::Match> MediaStreamFollower::leg() const {
  if (decided_leg_ && decided_leg_->both_addresses) return decided_leg_;
  auto matches = context_.map.find(facts_.source, facts_.destination);
  if (decided_leg_) {
    // Decided before the answer came, perhaps on a section that it did not take; still it is that call's.
    std::erase_if(matches, [&](const MediaMap::Match& match) {
      return match.leg->call_id != decided_leg_->leg->call_id;
    });
    if (matches.empty()) return decided_leg_;
  }
  // An answered leg says more than an offer that nobody took up, whatever their order; but not one that is
  // over.
  const auto answered = std::ranges::find_if(matches, [&](const MediaMap::Match& match) {
    return match.leg->answered && match.leg->ended == matches.front().leg->ended;
  });
  if (answered != matches.end()) return *answered;
  return matches.empty() ? std::nullopt : std::optional(matches.front());
}

// By the key exchange; by itself a stream begins with 0.
std::uint32_t MediaStreamFollower::rollovers_told() const {
  const auto match = leg();
  if (!match) return 0;
  const auto& told = match->sender().rollovers;
  return told && told->ssrc == facts_.ssrc ? told->count : 0;
}

// Looking again is worth it when the signalling said something new, or packets have doubled.
void MediaStreamFollower::try_to_decide(bool last) {
  const bool full = held_.size() >= max_held_packets || context_.held_octets > max_held_media_octets;
  const bool news =
      tried_packets_ == 0 || tried_version_ != context_.map.version() || held_.size() >= 2 * tried_packets_;
  if (!last && !full && !news) return;
  tried_version_ = context_.map.version();
  tried_packets_ = held_.size();
  const auto match = leg();
  if (match && match->leg->answered && !match->leg->secured) {
    const auto enough = context_.held_octets > many_held_octets ? looked_at_of_many : looked_at_on_plain_leg;
    if (last || full || held_.size() >= enough) decide_on_plain_leg();
    return;
  }
  if (open_with_keys(last || full)) return become(State::secured);
  if (last || full) decide_without_key();
}

bool MediaStreamFollower::open_with_keys(bool thorough) {
  const auto candidates = context_.candidates(facts_.source, facts_.destination, facts_.ssrc, thorough);
  if (candidates.empty()) return false;
  std::vector<ByteView> packets;
  for (std::size_t i = 0; i < held_.size(); ++i)
    if (i < tried_first || i + tried_last >= held_.size()) packets.emplace_back(held_[i].packet);
  RolloverSearch search;
  search.likely = rollovers_told();
  if (thorough && packets_ >= least_for_search && context_.rollover_searches < max_rollover_searches) {
    ++context_.rollover_searches;
    search.most = thorough_rollover_search;
  }
  auto opened = try_keys(candidates, packets, facts_.ssrc, Kind::rtp, search);
  if (!opened && thorough && !packets.empty())
    opened =
        try_keys(mki_candidates(candidates, packets.front()), {packets.data(), 1}, facts_.ssrc, Kind::rtp);
  opener_ = opened ? std::make_unique<Opener>(Opener{std::move(*opened)}) : nullptr;
  if (!opener_) return false;
  facts_.rollover_counter = opener_->key.rollover_counter;
  opener_->told_rollovers = search.likely;
  auto receiver = make_receiver(opener_->key, facts_.ssrc);
  if (!receiver) return false;
  opener_->receiver = std::move(*receiver);
  return true;
}

// SRTP may come all the same: under a key that was offered besides, or one that nobody knows.
void MediaStreamFollower::decide_on_plain_leg() {
  if (open_with_keys(false)) {
    unnegotiated_ = true;
    return become(State::secured);
  }
  unnegotiated_ = looks() == Looks::encrypted;
  if (!unnegotiated_) return become(State::plain);
  facts_.secured = true;
  facts_.reason = media_reason::no_key;
  become(State::unreadable);
}

Looks MediaStreamFollower::looks() const {
  std::vector<Bytes> packets;
  for (std::size_t i = 0; i < held_.size() && i < 64; ++i) packets.push_back(held_[i].packet);
  return looks_plain(packets);
}

void MediaStreamFollower::decide_without_key() {
  const auto looks = this->looks();
  const auto match = leg();
  if (match && match->leg->secured) { // by the answer, or by an offer that allows nothing else
    facts_.secured = true;
    const auto candidates =
        key_candidates(context_.map, context_.keys, facts_.source, facts_.destination, facts_.ssrc, false);
    key_at_hand_ = std::ranges::any_of(
        candidates, [](const KeyCandidate& candidate) { return candidate.fit == Fit::expected; });
    if (looks == Looks::plain)
      facts_.reason = media_reason::plain;
    else
      facts_.reason = key_at_hand_ ? media_reason::wrong_key : media_reason::no_key;
    return become(looks == Looks::plain ? State::plain : State::unreadable);
  }
  const bool encrypted = looks == Looks::encrypted ||
                         (looks == Looks::unclear &&
                          (!context_.keys.srtp.empty() || context_.encrypted_rtcp.contains(facts_.ssrc)));
  if (!encrypted) return become(State::plain);
  facts_.secured = true;
  facts_.reason = media_reason::no_key;
  become(State::unreadable);
}

void MediaStreamFollower::become(State state) {
  state_ = state;
  if (state == State::secured) facts_.secured = true;
  // A leg that a later call makes between the same addresses is not this stream's.
  if (state != State::unreadable) decided_leg_ = leg();
  if (decided_leg_) facts_.call_id = decided_leg_->leg->call_id;
  context_.held_octets -= held_octets_;
  held_octets_ = 0;
  const auto held = std::exchange(held_, {});
  for (const auto& entry : held) process(entry.packet, entry.at);
  if (held.size() >= looked_at_of_many) payloads_.begin();
}

void MediaStreamFollower::process(ByteView packet, frames::Captured at) {
  switch (state_) {
  case State::secured:
    return process_secured(packet, at);
  case State::plain:
    if (facts_.secured) ++facts_.plain;
    return read_payload(packet, at);
  case State::unreadable:
    if (tried_version_ != context_.map.version() && rekey(packet)) {
      state_ = State::secured;
      facts_.reason.reset();
      return process_secured(packet, at);
    }
    if (key_at_hand_) ++facts_.failed;
    return;
  case State::undecided:
    return;
  }
}

void MediaStreamFollower::process_secured(ByteView packet, frames::Captured at) {
  const auto opened = open(packet);
  if (!opened && opened.error().why == srtp::Drop::replay) {
    ++facts_.duplicates;
    return;
  }
  if (opened) {
    opener_->failures_in_a_row = 0;
    ++facts_.authenticated;
    opener_->last_payload_octets = payload_of(*opened, false).size();
    opener_->count_wraps(sequence_of(packet));
    return read_payload(*opened, at);
  }
  ++opener_->failures_in_a_row;
  // As long as its neighbours without their tag: it has none.
  const auto neighbour = opener_->last_payload_octets;
  const bool plain = neighbour != 0 && payload_of(packet, false).size() == neighbour;
  ++(plain ? facts_.plain : facts_.failed);
  auto& first = plain ? facts_.first_plain_frame : facts_.first_failed_frame;
  if (!first) first = at.frame;
}

// Packets from before a change of keys may come behind it; a sender that goes back to the key before may not.
srtp::Unprotected MediaStreamFollower::open(ByteView packet) {
  auto opened = opener_->receiver->unprotect_rtp(packet);
  if (opened || opened.error().why == srtp::Drop::replay) return opened;
  const auto ahead = static_cast<std::uint16_t>(sequence_of(packet) - opener_->changed_at);
  if (opener_->receiver_before && ahead >= half_cycle) {
    auto late = opener_->receiver_before->unprotect_rtp(packet);
    if (late || late.error().why == srtp::Drop::replay) return late;
  }
  return rekey(packet) ? opener_->receiver->unprotect_rtp(packet) : std::move(opened);
}

void MediaStreamFollower::Opener::count_wraps(std::uint16_t sequence) {
  const auto ahead = static_cast<std::uint16_t>(sequence - highest.value_or(sequence));
  if (highest && (ahead == 0 || ahead >= half_cycle)) return;
  if (highest && sequence < *highest) ++wraps;
  highest = sequence;
}

// The key before the last change, which no description in force has any more.
bool MediaStreamFollower::is_given_up(const rtp::SrtpKey& key) const {
  if (!opener_ || opener_->key_before != key) return false;
  const auto matches = context_.map.find(facts_.source, facts_.destination);
  if (matches.empty()) return false;
  const auto& keys = matches.front().sender().keys;
  return std::ranges::find(keys, key) == keys.end();
}

// A re-INVITE changed the key (RFC 4568 §5.1.4), or something else did that trying shows. Tried when the
// signalling has news, and less and less often without.
bool MediaStreamFollower::rekey(ByteView packet) {
  const bool news = tried_version_ != context_.map.version();
  const std::size_t failures = opener_ ? opener_->failures_in_a_row : 0;
  if (!news && failures != 0 && !std::has_single_bit(failures)) return false;
  tried_version_ = context_.map.version();
  const auto candidates = context_.candidates(facts_.source, facts_.destination, facts_.ssrc, false);
  const ByteView one[] = {packet};
  // A new key leaves the rollover counter where it is (RFC 3711 §3.3.1).
  const RolloverSearch search{opener_ ? opener_->key.rollover_counter + opener_->wraps : 0,
                              quick_rollover_search};
  auto found = try_keys(candidates, one, facts_.ssrc, Kind::rtp, search);
  if (!found || (!news && is_given_up(found->candidate.key))) return false;
  auto receiver = make_receiver(*found, facts_.ssrc);
  if (!receiver) return false;
  auto before = std::exchange(opener_, std::make_unique<Opener>(Opener{std::move(*found)}));
  opener_->receiver = std::move(*receiver);
  opener_->changed_at = sequence_of(packet);
  if (!before) return true;
  opener_->receiver_before = std::move(before->receiver);
  opener_->key_before = std::move(before->key.candidate.key);
  opener_->told_rollovers = before->told_rollovers;
  opener_->highest = before->highest;
  opener_->failures_in_a_row = before->failures_in_a_row;
  opener_->last_payload_octets = before->last_payload_octets;
  return true;
}

} // namespace sipvet::analysis
