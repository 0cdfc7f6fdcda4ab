#include "analysis/record_seeker.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

constexpr std::size_t tail_octets = 64; // a block of any cipher and a MAC

// Of the record whose header stands at the start of `octets`, with the header.
std::size_t octets_of_record(ByteView octets) {
  return tlswire::record_header_octets + static_cast<std::size_t>(octets[3] << 8 | octets[4]);
}

} // namespace

void RecordSeeker::feed(ByteView octets) {
  const std::size_t wanted =
      waiting_.empty() ? at_ : std::min(at_, static_cast<std::size_t>(waiting_.front() - start_));
  const std::size_t dropped = wanted > tail_octets ? wanted - tail_octets : 0;
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(dropped));
  start_ += dropped;
  at_ -= dropped;
  append(held_, octets);
}

std::optional<tlswire::Record> RecordSeeker::next() {
  for (auto each = waiting_.begin(); each != waiting_.end(); ++each) {
    const auto at = static_cast<std::size_t>(*each - start_);
    if (!is_whole(at)) continue;
    waiting_.erase(each);
    return give(at);
  }
  for (; held_.size() - at_ >= tlswire::record_header_octets; ++at_) {
    if (!tlswire::looks_like_record(ByteView(held_).subspan(at_))) continue;
    if (is_whole(at_)) return give(at_++);
    waiting_.push_back(start_ + at_);
  }
  return std::nullopt;
}

bool RecordSeeker::is_whole(std::size_t at) const {
  const auto here = ByteView(held_).subspan(at);
  return here.size() >= octets_of_record(here);
}

tlswire::Record RecordSeeker::give(std::size_t at) {
  found_ = at;
  const auto here = ByteView(held_).subspan(at);
  tlswire::Record record;
  record.type = static_cast<tlswire::ContentType>(here[0]);
  record.version = static_cast<std::uint16_t>(here[1] << 8 | here[2]);
  record.fragment = here.first(octets_of_record(here)).subspan(tlswire::record_header_octets);
  record.stream_offset = start_ + at;
  return record;
}

ByteView RecordSeeker::before() const {
  return ByteView(held_).subspan(found_ - std::min(found_, tail_octets), std::min(found_, tail_octets));
}

ByteView RecordSeeker::behind() const {
  const auto here = ByteView(held_).subspan(found_);
  return here.subspan(octets_of_record(here));
}

} // namespace sipvet::analysis
