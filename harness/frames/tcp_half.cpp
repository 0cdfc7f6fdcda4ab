#include "frames/tcp_half.hpp"

#include <algorithm>

namespace sipvet::frames {

namespace {
// RFC 7323 §2.3: no window is larger than 2^30, so a segment further ahead belongs to something else.
constexpr std::int64_t max_window_octets = std::int64_t{1} << 30;

// How far `sequence` is ahead of `from`; sequence numbers are compared modulo 2^32 (RFC 9293 §3.4).
std::int64_t distance(std::uint32_t from, std::uint32_t sequence) {
  return static_cast<std::int32_t>(sequence - from);
}
} // namespace

void TcpHalf::start(std::uint32_t first_octet_sequence) {
  known_ = true;
  initial_ = next_sequence_ = first_octet_sequence;
}

void TcpHalf::acknowledged(std::uint32_t sequence) {
  const std::int64_t ahead = distance(next_sequence_, sequence);
  if (ahead <= 0 || ahead > max_window_octets) return;
  acknowledged_ = std::max(acknowledged_, offset_ + static_cast<std::uint64_t>(ahead));
}

void TcpHalf::deliver(ByteView octets, Captured at, const HalfReport& to) {
  const std::uint64_t offset = offset_;
  offset_ += octets.size();
  next_sequence_ += static_cast<std::uint32_t>(octets.size());
  to.events.on_octets(to.flow, to.direction, offset, octets, at);
}

void TcpHalf::deliver_held(const HalfReport& to) {
  while (!held_.empty() && held_.begin()->first == offset_) {
    const auto node = held_.extract(held_.begin());
    held_octets_ -= node.mapped().octets.size();
    deliver(node.mapped().octets, node.mapped().at, to);
  }
}

// Octets that came before and are held have precedence over the same ones in `octets`.
void TcpHalf::deliver_around_held(std::uint64_t begin, ByteView octets, const HalfReport& to) {
  const std::uint64_t end = begin + octets.size();
  while (offset_ < end) {
    const std::uint64_t stop = held_.empty() ? end : std::min(end, held_.begin()->first);
    deliver(octets.subspan(offset_ - begin, stop - offset_), to.now, to);
    deliver_held(to);
  }
}

void TcpHalf::hold(std::uint64_t begin, ByteView octets, Captured at) {
  const std::uint64_t end = begin + octets.size();
  std::uint64_t from = begin;
  while (from < end) {
    const auto after = held_.upper_bound(from);
    if (after != held_.begin()) {
      const auto& [offset, before] = *std::prev(after);
      const std::uint64_t covered = offset + before.octets.size();
      if (covered > from) {
        from = covered;
        continue;
      }
    }
    const std::uint64_t stop = after == held_.end() ? end : std::min(end, after->first);
    held_.emplace_hint(after, from, Held{to_bytes(octets.subspan(from - begin, stop - from)), at});
    held_octets_ += stop - from;
    from = stop;
  }
}

void TcpHalf::lose_until(std::uint64_t offset, const HalfReport& to) {
  const std::uint64_t lost = offset - offset_;
  const std::uint64_t from = offset_;
  offset_ = offset;
  next_sequence_ += static_cast<std::uint32_t>(lost);
  to.events.on_gap(to.flow, to.direction, from, lost, to.now);
}

bool TcpHalf::skip_hole(const HalfReport& to) {
  if (held_.empty()) return false;
  lose_until(held_.begin()->first, to);
  deliver_held(to);
  finish_if_complete(to);
  return true;
}

void TcpHalf::finish_if_complete(const HalfReport& to) {
  if (finished_ || !fin_offset_ || offset_ < *fin_offset_) return;
  finished_ = true;
  to.events.on_finished(to.flow, to.direction, to.now);
}

void TcpHalf::add(std::uint32_t sequence, ByteView payload, bool fin, const TcpLimits& limits,
                  const HalfReport& to) {
  if (finished_) return;
  const std::int64_t ahead = distance(next_sequence_, sequence);
  if (ahead > max_window_octets) return;
  const std::int64_t end_ahead = ahead + static_cast<std::int64_t>(payload.size());
  if (end_ahead < 0) return; // all of it is old
  if (fin && !fin_offset_) fin_offset_ = offset_ + static_cast<std::uint64_t>(end_ahead);
  if (ahead < 0) payload = payload.subspan(static_cast<std::size_t>(-ahead));
  const std::uint64_t begin = offset_ + static_cast<std::uint64_t>(std::max<std::int64_t>(ahead, 0));
  if (fin_offset_) { // nothing is sent after FIN
    const std::uint64_t room = *fin_offset_ > begin ? *fin_offset_ - begin : 0;
    payload = payload.first(static_cast<std::size_t>(std::min<std::uint64_t>(payload.size(), room)));
  }
  if (begin == offset_) {
    deliver_around_held(begin, payload, to);
  } else {
    hold(begin, payload, to.now);
    while (held_octets_ > limits.held_octets || held_.size() > limits.held_segments) skip_hole(to);
  }
  finish_if_complete(to);
}

void TcpHalf::flush(const HalfReport& to) {
  while (skip_hole(to)) {
  }
  if (finished_) return;
  if (fin_offset_) {
    lose_until(*fin_offset_, to);
    finish_if_complete(to);
  } else if (acknowledged_ > offset_ + 1) { // a single octet more may be a FIN that was not captured
    lose_until(acknowledged_, to);
  }
}

} // namespace sipvet::frames
