#include "analysis/payload_sequence.hpp"

#include "base/hex.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

constexpr std::size_t most_reach = 128, least_reach = 8; // packets
// So much may wait in all: 80 streams that miss a packet each at the farthest reach, thousands at the least.
constexpr std::size_t most_octets = 8 * 1024 * 1024;
// The first packets of a stream that wait for one before them.
constexpr std::size_t waiting_at_the_start = 8;
// What a packet takes beside its payload: for the sum only.
constexpr std::size_t waiting_overhead = 64;
// 60 ms, three packets as most devices send them: long enough to tell the tones apart.
constexpr std::size_t window_samples = 480;
constexpr std::size_t least_samples = 320; // what rtp::recognise() needs
// Two minutes: who speaks is known long before.
constexpr std::size_t max_windows = 2000;

// Of two heard as often, the one with the lower number.
auto most_heard(const std::vector<std::pair<unsigned, std::size_t>>& heard) {
  return std::ranges::max_element(heard, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second < b.second : a.first > b.first;
  });
}

} // namespace

std::size_t WaitingPayloads::reach() const {
  if (octets <= most_octets / 2) return most_reach;
  if (octets >= most_octets) return least_reach;
  return least_reach + (most_reach - least_reach) * (most_octets - octets) / (most_octets / 2);
}

bool PayloadSequence::add(std::uint16_t sequence, ByteView payload, std::optional<rtp::Law> law) {
  const auto number = unwrapper_.extend(sequence);
  if (!next_ || (packets_ == 0 && number < *next_)) next_ = number;
  if (number < *next_) return false;
  const bool started = packets_ > 0;
  if (started && number == *next_) {
    take(number, payload, law);
    if (!waiting_.empty()) take_waiting(all_.reach());
    return true;
  }
  if (!wait(number, payload, law)) return false;
  const auto most = all_.reach();
  if (waiting_.size() > (started ? most : std::min(waiting_at_the_start, most / 2))) take_waiting(most);
  return true;
}

void PayloadSequence::begin() {
  if (packets_ == 0 && !waiting_.empty()) take_waiting(all_.reach());
}

bool PayloadSequence::wait(std::uint64_t number, ByteView payload, std::optional<rtp::Law> law) {
  const auto place = std::ranges::lower_bound(waiting_, number, {}, &Waiting::number);
  if (place != waiting_.end() && place->number == number) return false;
  waiting_.insert(place, {number, law, to_bytes(payload)});
  all_.octets += payload.size() + waiting_overhead;
  return true;
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
  hash_.update(payload);
  if (law) listen(payload, *law);
}

// Takes those whose turn it is; where one is missing and more than `keep` wait, it will not come any more.
void PayloadSequence::take_waiting(std::size_t keep) {
  std::size_t taken = 0;
  for (; taken < waiting_.size(); ++taken) {
    const Waiting& first = waiting_[taken];
    if (first.number != *next_ && waiting_.size() - taken <= keep) break;
    take(first.number, first.payload, first.law);
    all_.octets -= first.payload.size() + waiting_overhead;
  }
  if (taken == waiting_.size())
    waiting_ = std::vector<Waiting>(); // gives its memory back
  else
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken));
}

void PayloadSequence::finish() {
  take_waiting(0);
  if (window_.size() >= least_samples) recognise_window();
}

std::string PayloadSequence::sha256() const { return to_hex(hash_.peek()); }

void PayloadSequence::listen(ByteView payload, rtp::Law law) {
  if (windows_ >= max_windows) return;
  if (law != window_law_) window_.clear();
  window_law_ = law;
  window_.reserve(window_.size() + payload.size()); // no more than is needed, of each of so many streams
  append(window_, payload);
  if (window_.size() >= window_samples) recognise_window();
}

void PayloadSequence::recognise_window() {
  ++windows_;
  const Bytes window = std::exchange(window_, {});
  const auto print = rtp::recognise(rtp::decode(window_law_, window));
  if (!print) return;
  const auto known = std::ranges::find(heard_, print->number(), &std::pair<unsigned, std::size_t>::first);
  if (known != heard_.end())
    ++known->second;
  else
    heard_.emplace_back(print->number(), 1);
}

std::size_t PayloadSequence::recognised_windows() const {
  return heard_.empty() ? 0 : most_heard(heard_)->second;
}

std::optional<rtp::Voiceprint> PayloadSequence::voiceprint() const {
  if (heard_.empty()) return std::nullopt;
  return rtp::Voiceprint(most_heard(heard_)->first);
}

} // namespace sipvet::analysis
