#include "analysis/record_seeker.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {
constexpr std::size_t tail_octets = 64; // a block of any cipher and a MAC
} // namespace

void RecordSeeker::feed(ByteView octets) {
  const std::size_t dropped = at_ > tail_octets ? at_ - tail_octets : 0;
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(dropped));
  start_ += dropped;
  at_ -= dropped;
  append(held_, octets);
}

std::optional<tlswire::Record> RecordSeeker::next() {
  for (; held_.size() - at_ >= tlswire::record_header_octets; ++at_) {
    const auto here = ByteView(held_).subspan(at_);
    if (!tlswire::looks_like_record(here)) continue;
    const auto octets = tlswire::record_header_octets + static_cast<std::size_t>(here[3] << 8 | here[4]);
    if (here.size() < octets) return std::nullopt;
    tlswire::Record record;
    record.type = static_cast<tlswire::ContentType>(here[0]);
    record.version = static_cast<std::uint16_t>(here[1] << 8 | here[2]);
    record.fragment = here.subspan(tlswire::record_header_octets, octets - tlswire::record_header_octets);
    record.stream_offset = start_ + at_;
    found_ = at_++;
    found_octets_ = octets;
    return record;
  }
  return std::nullopt;
}

ByteView RecordSeeker::before() const {
  return ByteView(held_).subspan(found_ - std::min(found_, tail_octets), std::min(found_, tail_octets));
}

ByteView RecordSeeker::behind() const { return ByteView(held_).subspan(found_ + found_octets_); }

} // namespace sipvet::analysis
