// What a media stream turned out to be: the end of media_stream.hpp.
#include "analysis/media_reason.hpp"
#include "analysis/media_stream.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

// On ports that no description names: so many packets with numbers in order are no accident.
constexpr std::size_t least_in_order = 4;

} // namespace

bool MediaStreamFollower::finish() {
  facts_.packets = packets_;
  facts_.last_frame = last_.frame;
  facts_.last_time = last_.time;
  const auto match = leg();
  if (!match && in_order_ < least_in_order) {
    context_.held_octets -= held_octets_;
    return false;
  }
  if (state_ == State::undecided) try_to_decide(true);
  payloads_.finish();
  if (match && opener_) {
    // Packets may come before the answer that has their key, the same as the other side's perhaps.
    const auto& keys = match->sender().keys;
    auto& candidate = opener_->key.candidate;
    const bool own = std::ranges::find(keys, candidate.key) != keys.end();
    if (own && candidate.fit == Fit::other_direction) candidate.fit = Fit::expected;
  }
  describe(match);
  return true;
}

void MediaStreamFollower::describe(const std::optional<MediaMap::Match>& match) {
  if (match) facts_.call_id = match->leg->call_id;
  if (opener_) {
    const auto& candidate = opener_->key.candidate;
    facts_.suite = std::string(rtp::name(candidate.key.suite));
    facts_.key_source = candidate.source;
    if (candidate.supplied) context_.supplied_used[*candidate.supplied] = true;
    if (candidate.fit == Fit::other_direction) facts_.reason = media_reason::other_direction;
    if (candidate.fit == Fit::other_call) facts_.reason = media_reason::other_call;
    if (candidate.fit == Fit::other_suite || candidate.fit == Fit::without_mki ||
        candidate.fit == Fit::other_mki)
      facts_.reason = media_reason::tag_length;
    // Whoever heard the key given away heard the stream begin.
    const bool wrong = facts_.rollover_counter != opener_->told_rollovers;
    if (wrong && candidate.fit == Fit::expected && !candidate.supplied)
      facts_.reason = media_reason::rollover_counter;
    if (facts_.failed > 0 && !facts_.reason) facts_.reason = media_reason::wrong_key;
  } else if (facts_.secured && match) {
    facts_.suite = match->leg->suite;
  }
  facts_.lost = payloads_.lost();
  facts_.gaps = payloads_.gaps();
  facts_.longest_gap = payloads_.longest_gap();
  facts_.replayed = facts_.duplicates - std::min(facts_.duplicates, quick_repeats_);
  facts_.mean_jitter_ms = arrival_.mean_jitter_ms();
  facts_.max_jitter_ms = arrival_.max_jitter_ms();
  facts_.payload_bytes = payloads_.octets();
  if (payloads_.packets() > 0) facts_.payload_sha256 = payloads_.sha256();
  facts_.voiceprint = payloads_.voiceprint();
  facts_.windows = payloads_.windows();
  facts_.recognised_windows = payloads_.recognised_windows();
}

} // namespace sipvet::analysis
