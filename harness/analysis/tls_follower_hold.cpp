// What TlsFollower does with records that have to wait for the other side, or for a secret.
#include "analysis/tls_follower.hpp"

#include <utility>

namespace sipvet::analysis {
namespace {

// A direction waits for the other's half of a handshake, or for a secrets block that stands behind the
// packets; both take a few records. Without an end to it, a capture without keys would be held whole.
constexpr std::size_t max_held_octets = 256 * 1024;
constexpr std::size_t max_held_octets_total = 32 * 1024 * 1024;

} // namespace

void TlsFollower::hold(Side side, const tlswire::Record& record, frames::Captured at) {
  hold(side, {.type = record.type,
              .version = record.version,
              .fragment = to_bytes(record.fragment),
              .offset = record.stream_offset,
              .sslv2_hello = record.sslv2_hello,
              .at = at});
}

void TlsFollower::hold(Side side, HeldPiece piece) {
  auto& from = direction(side);
  const auto octets = piece.fragment.size();
  from.held.push_back(std::move(piece));
  something_waits_ = true;
  from.held_octets += octets;
  context_.held_octets += octets;
  if (from.held_octets > max_held_octets || context_.held_octets > max_held_octets_total) give_up(side);
}

// A secret may be there for one direction only: the other is followed on.
void TlsFollower::give_up(Side side) {
  const auto other = side == Side::client ? Side::server : Side::client;
  if (opener_.opened_any(other) && handshake_.has_server_hello)
    lose(side, open_end_reason());
  else
    fail(open_end_reason());
}

void TlsFollower::release(Direction& from) {
  context_.held_octets -= from.held_octets;
  from.held_octets = 0;
  from.held.clear();
}

void TlsFollower::settle() {
  if (!something_waits_) return;
  while (settle(Side::client) || settle(Side::server)) {
  }
  something_waits_ = !client_.held.empty() || !server_.held.empty();
}

bool TlsFollower::settle(Side side) {
  auto& from = direction(side);
  bool moved = false;
  while (!from.held.empty()) {
    const auto octets = from.held.front().fragment.size();
    if (!take_held(side)) break;
    moved = true;
    if (from.held.empty()) break; // taking it ended the direction
    from.held_octets -= octets;
    context_.held_octets -= octets;
    from.held.pop_front();
  }
  if (from.held.empty()) from.holds_gap = false;
  return moved;
}

bool TlsFollower::take_held(Side side) {
  auto& from = direction(side);
  const auto& front = from.held.front();
  switch (front.kind) {
  case HeldPiece::Kind::gap:
    return take_gap(side, front.offset, front.lost_octets, front.at);
  case HeldPiece::Kind::octets: {
    const Bytes octets = front.fragment; // reading them may end the direction, and release what it holds
    from.draining = true;
    if (from.loss && from.loss->seeker)
      seek(side, octets, front.at);
    else
      read_records(side, octets, front.at);
    from.draining = false;
    return true;
  }
  case HeldPiece::Kind::record:
    break;
  }
  return take(side, {front.type, front.version, front.fragment, front.offset, front.sslv2_hello}, front.at);
}

} // namespace sipvet::analysis
