#include "analysis/call_audio.hpp"

#include "analysis/plain_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace sipvet::analysis {
namespace {

constexpr std::size_t max_tracks = 10'000;
constexpr std::size_t pending_samples = 8000; // a second
// A sender whose clock goes further than this in one step has set it anew (RFC 3550 §5.1).
constexpr std::int64_t longest_silence = 600 * 8000;

// A Call-ID may hold anything, path separators too.
std::string file_name(const MediaStream& stream, std::size_t number) {
  std::string call;
  for (const char c : stream.call_id.substr(0, 60))
    call += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '@' ? c : '_';
  auto from = to_string(stream.source);
  std::ranges::replace_if(
      from, [](char c) { return c == ':' || c == '[' || c == ']'; }, '_');
  return fmt::format("{:04}-{}-{}-{:08x}.wav", number, call.empty() ? "no-call" : call, from, stream.ssrc);
}

} // namespace

void CallAudio::note(const Result<void>& result) {
  if (!result && !failed_) failed_ = result.error();
}

CallAudio::Track* CallAudio::track_of(const MediaStream& stream, std::uint32_t timestamp) {
  const std::tuple key(stream.source, stream.destination, stream.ssrc);
  const auto found = tracks_.find(key);
  if (found != tracks_.end()) return &found->second;
  if (failed_ || tracks_.size() >= max_tracks) return nullptr;
  auto file = io::WavFile::create(folder_ + "/" + file_name(stream, ++made_), rtp::sample_rate_hz);
  if (!file) {
    failed_ = file.error();
    return nullptr;
  }
  return &tracks_.emplace(key, Track{std::move(*file), timestamp, 0, 0, {}}).first->second;
}

void CallAudio::on_rtp(const MediaStream& stream, ByteView packet, frames::Captured,
                       std::optional<rtp::Law> law) {
  if (!law || packet.size() < 12) return;
  std::uint32_t timestamp = 0;
  for (std::size_t i = 4; i < 8; ++i) timestamp = timestamp << 8 | packet[i];
  auto* track = track_of(stream, timestamp);
  if (track == nullptr) return;
  // The clock wraps: the step from the latest packet is what counts.
  const auto clock_of_last = track->first_timestamp + static_cast<std::uint32_t>(track->last);
  auto place = track->last + static_cast<std::int32_t>(timestamp - clock_of_last);
  if (std::abs(place - track->last) > longest_silence) {
    place = track->last + static_cast<std::int64_t>(rtp::sample_rate_hz / 50);
    track->first_timestamp = timestamp - static_cast<std::uint32_t>(place);
  }
  if (place < 0) return; // overtook the very first packet
  const auto samples = rtp::decode(*law, payload_of(packet));
  const auto end = track->start_of_pending + static_cast<std::int64_t>(track->pending.size());
  if (place != end || track->pending.size() + samples.size() > pending_samples) {
    flush(*track);
    track->start_of_pending = place;
  }
  track->pending.insert(track->pending.end(), samples.begin(), samples.end());
  track->last = std::max(track->last, place);
}

void CallAudio::flush(Track& track) {
  if (!track.pending.empty())
    note(track.file.write(static_cast<std::uint64_t>(track.start_of_pending), track.pending));
  track.pending.clear();
}

Result<std::vector<std::string>> CallAudio::close() {
  std::vector<std::string> paths;
  for (auto& [key, track] : tracks_) {
    flush(track);
    note(track.file.finish());
    paths.push_back(track.file.path());
  }
  tracks_.clear();
  if (failed_) return *failed_;
  std::ranges::sort(paths);
  return paths;
}

} // namespace sipvet::analysis
