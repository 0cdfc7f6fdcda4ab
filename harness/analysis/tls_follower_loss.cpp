// What TlsFollower does where octets were lost, or a record was damaged: it looks for the next record that
// opens, and says what is missing.
#include "analysis/tls_follower.hpp"

#include "analysis/tls_reason.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sipvet::analysis {
namespace {

constexpr std::size_t max_losses = 16; // listed of one connection
constexpr std::size_t max_losses_told = 3;
constexpr std::size_t tail_octets = 64; // a block of any cipher and a MAC

ByteView tail_of(ByteView octets) { return octets.last(std::min(octets.size(), tail_octets)); }

std::string describe(const TlsLoss& loss) {
  const auto side = loss.from_client ? "client" : "server";
  auto text =
      loss.damage.empty()
          ? fmt::format("{} {}, {}: {} octets", tls_reason::bytes_lost, loss.offset, side, loss.octets)
          : fmt::format("{} {}, {}: {}", tls_reason::damaged, loss.offset, side, loss.damage);
  if (loss.resumed_at)
    text += fmt::format(", read on from offset {} after {} lost record{}", *loss.resumed_at, loss.records,
                        loss.records == 1 ? "" : "s");
  return text;
}

} // namespace

std::string describe_losses(const TlsConnection& connection) {
  std::string text;
  const auto told = std::min(connection.losses.size(), max_losses_told);
  for (std::size_t i = 0; i < told; ++i) text += (i == 0 ? "" : "; ") + describe(connection.losses[i]);
  if (connection.loss_count > told) text += fmt::format("; and {} more", connection.loss_count - told);
  return text;
}

// False: keys or hellos that reading on depends on may still come.
bool TlsFollower::take_gap(Side side, std::uint64_t offset, std::uint64_t count, frames::Captured at) {
  auto& from = direction(side);
  const bool own_hello = side == Side::client ? handshake_.has_client_hello : handshake_.has_server_hello;
  if (!own_hello) {
    note({side == Side::client, offset, count, {}, {}, 0});
    lose(side, describe(facts().losses.back()));
    return true;
  }
  if (!handshake_.has_client_hello || !handshake_.has_server_hello) return false;
  // Most handshakes are full ones, and a full one is what the other side waits for.
  if (side == Side::server && !from.is_protected) handshake_.server_done = true;
  if (!opener_.has_secret(side, handshake_)) return false;
  begin_loss(side, offset, count, {}, at);
  from.loss->seeker.emplace(offset + count);
  return true;
}

void TlsFollower::begin_loss(Side side, std::uint64_t offset, std::uint64_t octets, std::string damage,
                             frames::Captured at) {
  auto& from = direction(side);
  if (from.loss) {
    from.loss->facts.octets += octets;
  } else {
    from.loss.emplace();
    from.loss->facts = {side == Side::client, offset, octets, std::move(damage), {}, 0};
    from.loss->read_to =
        from.loss->facts.damage.empty() && from.records ? from.records->stream_offset() : offset;
  }
  from.had_loss = true;
  from.handshakes = {};
  context_.content.on_plaintext_gap(from.origin, at);
}

void TlsFollower::on_damage(Side side, const tlswire::Record& record, tlswire::RecordFault fault,
                            frames::Captured at) {
  begin_loss(side, record.stream_offset, tlswire::record_header_octets + record.fragment.size(),
             std::string(tlswire::name(fault)), at);
  direction(side).loss->tail = to_bytes(tail_of(record.fragment));
}

// What stands where the header of a record should be is none.
void TlsFollower::on_lost_framing(Side side, const Error& error, frames::Captured at) {
  auto& from = direction(side);
  const auto offset = from.records->stream_offset();
  if (!from.held.empty() || !opener_.opened_any(side))
    return lose(side, fmt::format("{} {}, {}: {}", tls_reason::damaged, error.offset.value_or(offset),
                                  side_name(side), error.what));
  const Bytes unread = from.records->unread();
  begin_loss(side, offset, 0, error.what, at);
  from.loss->seeker.emplace(offset);
  seek(side, unread, at);
}

void TlsFollower::seek(Side side, ByteView octets, frames::Captured at) {
  auto& from = direction(side);
  from.loss->seeker->feed(octets);
  while (!from.over && !failed_) {
    const auto record = from.loss->seeker->next();
    if (!record) return;
    const LostStretch lost{record->stream_offset - from.loss->read_to, from.loss->seeker->before()};
    const auto outcome = opener_.open_behind_loss(side, handshake_, *record, lost);
    if (outcome.status == TlsOpener::Status::opened) {
      const auto seeker = std::move(*from.loss->seeker); // the record is a view of it
      from.records.emplace(record->stream_offset + tlswire::record_header_octets + record->fragment.size());
      on_resumed(side, *record, outcome, at);
      if (!from.over && !failed_) read_records(side, seeker.behind(), at);
      return;
    }
    if (!opener_.may_search(side)) return end_direction(side);
  }
}

// The records are framed, but those since the loss did not open. True: the record is done with.
bool TlsFollower::take_behind_loss(Side side, const tlswire::Record& record, frames::Captured at) {
  auto& loss = *direction(side).loss;
  const LostStretch lost{record.stream_offset - loss.read_to, loss.tail};
  const auto outcome = opener_.open_behind_loss(side, handshake_, record, lost);
  if (outcome.status == TlsOpener::Status::opened)
    on_resumed(side, record, outcome, at);
  else if (opener_.may_search(side))
    loss.tail = to_bytes(tail_of(record.fragment));
  else
    end_direction(side);
  return true;
}

void TlsFollower::on_resumed(Side side, const tlswire::Record& record, const TlsOpener::Outcome& outcome,
                             frames::Captured at) {
  auto& from = direction(side);
  auto loss = std::move(from.loss->facts);
  from.loss.reset();
  loss.resumed_at = record.stream_offset;
  loss.records = outcome.lost_records;
  if (!loss.damage.empty()) loss.octets = record.stream_offset - loss.offset;
  note(loss);
  from.is_protected = true;
  if (!handshake_.is_tls13()) note_cipher_change(side); // it may be among what was lost
  if (side == Side::server && opener_.has_new_keys(side)) remember_session();
  deliver(side, outcome.record, at);
}

void TlsFollower::note(const TlsLoss& loss) {
  auto& entry = facts();
  ++entry.loss_count;
  if (entry.losses.size() < max_losses) entry.losses.push_back(loss);
}

// Nothing opened since octets were lost.
void TlsFollower::end_loss(Side side) {
  auto& from = direction(side);
  if (!from.loss) return;
  note(from.loss->facts);
  from.loss.reset();
}

} // namespace sipvet::analysis
