#include "analysis/payload_sequence.hpp"

#include "base/hex.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

// How far packets may overtake each other and still find their place: more than the 64 that RFC 3711 §3.3.2
// asks of a replay window.
constexpr std::size_t max_waiting = 128;
// Where thousands of streams begin at once, or lose packets: as far as one network reorders.
constexpr std::size_t max_waiting_of_many = 8;
constexpr std::size_t many_octets = 8 * 1024 * 1024;
// What a packet takes beside its payload: for the sum only.
constexpr std::size_t waiting_overhead = 128;
// 60 ms, three packets as most devices send them: long enough to tell the tones apart.
constexpr std::size_t window_samples = 480;
constexpr std::size_t least_samples = 320; // what rtp::recognise() needs
// Two minutes: who speaks is known long before.
constexpr std::size_t max_windows = 2000;

} // namespace

std::size_t PayloadSequence::most_waiting() const {
  return all_.octets > many_octets ? max_waiting_of_many : max_waiting;
}

bool PayloadSequence::add(std::uint16_t sequence, ByteView payload, std::optional<rtp::Law> law) {
  const auto number = unwrapper_.extend(sequence);
  if (!next_ || (packets_ == 0 && number < *next_)) next_ = number;
  if (number < *next_) return false;
  // The first ones all wait, so that one that overtook the very first does not cut it off.
  if (number == *next_ && packets_ > 0) {
    take(number, payload, law);
    take_waiting(false);
    return true;
  }
  const bool added = waiting_.try_emplace(number, Waiting{to_bytes(payload), law}).second;
  if (added) all_.octets += payload.size() + waiting_overhead;
  if (waiting_.size() > most_waiting()) take_waiting(false);
  return added;
}

void PayloadSequence::take(std::uint64_t number, ByteView payload, std::optional<rtp::Law> law) {
  if (packets_ > 0 && number != *next_) {
    const auto missing = number - *next_;
    lost_ += missing;
    ++gaps_;
    longest_gap_ = std::max(longest_gap_, missing);
  }
  next_ = number + 1;
  ++packets_;
  octets_ += payload.size();
  hasher_.update(payload);
  if (law) listen(payload, *law);
}

void PayloadSequence::take_waiting(bool all) {
  while (!waiting_.empty()) {
    const auto first = waiting_.begin();
    if (!all && first->first != *next_ && waiting_.size() <= most_waiting()) return;
    take(first->first, first->second.payload, first->second.law);
    all_.octets -= first->second.payload.size() + waiting_overhead;
    waiting_.erase(first);
  }
}

void PayloadSequence::finish() {
  take_waiting(true);
  if (samples_.size() >= least_samples) recognise_window();
}

std::string PayloadSequence::sha256() { return to_hex(hasher_.peek()); }

void PayloadSequence::listen(ByteView payload, rtp::Law law) {
  if (windows_ >= max_windows) return;
  const auto decoded = rtp::decode(law, payload);
  if (samples_.empty()) samples_.reserve(window_samples); // mostly it needs no more
  samples_.insert(samples_.end(), decoded.begin(), decoded.end());
  if (samples_.size() >= window_samples) recognise_window();
}

void PayloadSequence::recognise_window() {
  ++windows_;
  if (const auto print = rtp::recognise(samples_)) ++heard_[print->number()];
  samples_.clear();
}

std::size_t PayloadSequence::recognised_windows() const {
  return heard_.empty()
             ? 0
             : std::ranges::max_element(heard_, {}, [](const auto& e) { return e.second; })->second;
}

std::optional<rtp::Voiceprint> PayloadSequence::voiceprint() const {
  if (heard_.empty()) return std::nullopt;
  return rtp::Voiceprint(std::ranges::max_element(heard_, {}, [](const auto& e) { return e.second; })->first);
}

} // namespace sipvet::analysis
