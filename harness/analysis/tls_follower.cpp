#include "analysis/tls_follower.hpp"

#include "analysis/certificate_checks.hpp"
#include "analysis/tls_reason.hpp"
#include "tlswire/alert.hpp"
#include "tlswire/new_session_ticket.hpp"
#include "tlswire/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sipvet::analysis {
namespace {

using tlswire::ContentType;
using tlswire::HandshakeType;
using Status = TlsOpener::Status;

constexpr std::uint8_t no_renegotiation = 100; // RFC 5246 §7.2

} // namespace

TlsFollower::TlsFollower(TlsContext& context, const frames::TcpFlow& flow, frames::Captured at)
    : context_(context), index_(context.report.tls.size()), from_start_(flow.from_start),
      opener_(context.secrets), client_(SipOrigin{flow.client, flow.server, Transport::tls, index_, true}),
      server_(SipOrigin{flow.server, flow.client, Transport::tls, index_, false}), last_frame_(at.frame) {
  auto& entry = context.report.tls.emplace_back();
  entry.client = flow.client;
  entry.server = flow.server;
  entry.first_frame = entry.last_frame = at.frame;
  entry.first_time = at.time;
}

void TlsFollower::on_octets(Side side, std::uint64_t offset, ByteView octets, frames::Captured at) {
  last_frame_ = at.frame;
  auto& from = direction(side);
  if (from.over || failed_) return;
  if (!from.records) from.records.emplace(offset);
  if (from.holds_gap)
    hold(side, {.kind = HeldPiece::Kind::octets, .fragment = to_bytes(octets), .offset = offset, .at = at});
  else if (from.loss && from.loss->seeker)
    seek(side, octets, at);
  else
    read_records(side, octets, at);
  settle();
}

void TlsFollower::read_records(Side side, ByteView octets, frames::Captured at) {
  auto& from = direction(side);
  from.records->feed(octets);
  while (!from.over && !failed_) {
    const auto record = from.records->next();
    if (!record) return on_lost_framing(side, record.error(), at);
    if (!*record) return;
    const bool queued = !from.held.empty() && !from.draining;
    if (!queued && take(side, **record, at)) continue;
    if (from.draining) return lose(side, open_end_reason()); // its place would be in front of what is held
    hold(side, **record, at);
  }
}

void TlsFollower::on_gap(Side side, std::uint64_t offset, std::uint64_t count, frames::Captured at) {
  last_frame_ = at.frame;
  settle();
  auto& from = direction(side);
  if (from.over || failed_) return;
  if (!from.held.empty() || !take_gap(side, offset, count, at)) {
    from.holds_gap = true;
    hold(side, {.kind = HeldPiece::Kind::gap, .offset = offset, .lost_octets = count, .at = at});
  }
  settle();
}

void TlsFollower::close() {
  settle();
  auto& entry = facts();
  entry.last_frame = last_frame_;
  if (!failed_ && (!client_.held.empty() || !server_.held.empty())) fail(open_end_reason());
  for (const auto side : {Side::client, Side::server}) end_loss(side);
  if (!entry.reason && entry.loss_count > 0) entry.reason = describe_losses(entry);
  const bool opened = opener_.opened_any(Side::client) || opener_.opened_any(Side::server);
  if (!opened && !entry.reason) entry.reason = open_end_reason();
  entry.decrypted = opened;
  entry.premaster_version = opener_.premaster_version();
  if (opened) entry.key_source = opener_.source();
  if (opened && opener_.master() != nullptr) entry.master_secret = *opener_.master();
  entry.client_bytes = client_.octets;
  entry.server_bytes = server_.octets;
  context_.content.on_plaintext_end(index_);
}

// TLS 1.0 to 1.2: the keys of a flight depend on what the other side said before it (RFC 5246 §7.3).
bool TlsFollower::must_wait(Side side, ContentType type) const {
  const auto& now = handshake_;
  if (now.is_tls13() || now.complete() || type == ContentType::alert) return false;
  if (side == Side::server) return !now.has_client_hello || (now.server_done && !now.client_changed);
  if (!now.has_client_hello) return false;
  return !now.has_server_hello || (!now.server_done && !now.server_changed);
}

bool TlsFollower::take(Side side, const tlswire::Record& record, frames::Captured at) {
  if (must_wait(side, record.type)) return false;
  if (direction(side).loss) return take_behind_loss(side, record, at);
  if (direction(side).is_protected) return take_protected(side, record, at);
  take_plain(side, record, at);
  return true;
}

void TlsFollower::take_plain(Side side, const tlswire::Record& record, frames::Captured at) {
  if (record.sslv2_hello) {
    if (const auto read = handshake_.on_sslv2_hello(record.fragment); !read)
      return fail(fmt::format("{}: {}", tls_reason::damaged_handshake, to_string(read.error())));
    return note_hello();
  }
  switch (record.type) {
  case ContentType::handshake:
    // Joined in the middle: an encrypted message where the first hello should be.
    if (side == Side::client && !handshake_.has_client_hello && !handshake_.retried &&
        !record.fragment.empty() && !client_.handshakes.partial() &&
        record.fragment.front() != static_cast<std::uint8_t>(HandshakeType::client_hello))
      return fail(std::string(tls_reason::not_captured));
    return on_handshake_octets(side, record.fragment, at);
  case ContentType::alert:
    return on_alert(side, record.fragment);
  case ContentType::change_cipher_spec:
    return on_cipher_change(side);
  case ContentType::application_data:
    // Early data that a HelloRetryRequest refused (RFC 8446 §4.2.10) goes by; anything else never began here.
    if (!handshake_.retried) fail(std::string(tls_reason::not_captured));
    return;
  case ContentType::heartbeat:
    return;
  }
}

bool TlsFollower::take_protected(Side side, const tlswire::Record& record, frames::Captured at) {
  if (handshake_.is_tls13() && record.type == ContentType::change_cipher_spec) return true; // RFC 8446 §5
  if (handshake_.is_tls13() && record.type == ContentType::alert) {
    on_alert(side, record.fragment);
    return true;
  }
  const auto outcome = opener_.open(side, handshake_, record);
  switch (outcome.status) {
  case Status::opened:
    if (side == Side::server && opener_.has_new_keys(side)) remember_session();
    deliver(side, outcome.record, at);
    return true;
  case Status::no_secret:
    return false;
  case Status::skipped:
    skipped_ = true;
    return true;
  case Status::not_usable:
    fail(fmt::format("{}: {}", tls_reason::unsupported_suite, tlswire::suite_name(handshake_.suite_code)));
    return true;
  case Status::wrong_secret:
    fail(std::string(tls_reason::wrong_secret));
    return true;
  case Status::fault:
    on_damage(side, record, outcome.record.fault, at);
    return true;
  }
  return true;
}

void TlsFollower::deliver(Side side, const tlswire::OpenedRecord& record, frames::Captured at) {
  switch (record.type) {
  case ContentType::application_data:
    return on_application_data(side, record.plaintext, at);
  case ContentType::handshake:
    return on_handshake_octets(side, record.plaintext, at);
  case ContentType::alert:
    return on_alert(side, record.plaintext);
  case ContentType::change_cipher_spec:
    return on_cipher_change(side);
  case ContentType::heartbeat:
    return;
  }
}

void TlsFollower::on_handshake_octets(Side side, ByteView fragment, frames::Captured) {
  auto& reader = direction(side).handshakes;
  reader.feed(fragment);
  while (!failed_) {
    const auto message = reader.next();
    if (!message && direction(side).had_loss) { // it begins within a message
      reader = {};
      return;
    }
    if (!message)
      return lose(side, fmt::format("{}: {}", tls_reason::damaged_handshake, to_string(message.error())));
    if (!*message) return;
    on_handshake_message(side, **message);
  }
}

void TlsFollower::on_handshake_message(Side side, const tlswire::HandshakeMessage& message) {
  if (direction(side).is_protected) on_protected_message(side, message);
  if (handshake_.is_tls13()) return;
  if (side == Side::server && message.type == HandshakeType::new_session_ticket)
    if (auto ticket = tlswire::parse_new_session_ticket(message.body, handshake_.version))
      new_ticket_ = std::move(ticket->ticket);
  if (side == Side::server && message.type != HandshakeType::server_hello && !handshake_.has_server_hello &&
      message.type != HandshakeType::hello_request)
    return fail(std::string(tls_reason::not_captured));
  if (const auto read = handshake_.on_message(side, message); !read)
    return fail(fmt::format("{}: {}", tls_reason::damaged_handshake, to_string(read.error())));
  if (message.type == HandshakeType::server_hello && handshake_.is_tls13())
    opener_.on_server_hello(handshake_);
  if (message.type == HandshakeType::client_hello || message.type == HandshakeType::server_hello ||
      message.type == HandshakeType::certificate)
    note_hello();
}

void TlsFollower::on_protected_message(Side side, const tlswire::HandshakeMessage& message) {
  if (!handshake_.is_tls13()) {
    if (side == Side::client && message.type == HandshakeType::client_hello && !before_renegotiation_)
      // RFC 5246 §7.4.1.2: the client may ask for it at any time; the server agrees with its hello.
      before_renegotiation_ = std::exchange(handshake_, {});
    if (side == Side::server && message.type == HandshakeType::server_hello && before_renegotiation_) {
      before_renegotiation_.reset();
      new_ticket_.clear();
      opener_.on_new_handshake();
      ++facts().renegotiations;
    }
    return;
  }
  if (side == Side::server) opener_.on_server_message(message);
  switch (message.type) {
  case HandshakeType::end_of_early_data:
    return opener_.on_end_of_early_data();
  case HandshakeType::finished:
    if (side == Side::client) facts().handshake_completed = true;
    return opener_.on_finished(side);
  case HandshakeType::certificate:
    // Read for the report only; a message that cannot be read changes nothing here.
    (void)handshake_.on_message(side, message);
    return note_hello();
  case HandshakeType::key_update:
    if (const auto done = opener_.on_key_update(side, handshake_); !done) fail(done.error().what);
    return;
  default:
    return;
  }
}

void TlsFollower::on_alert(Side side, ByteView fragment) {
  const auto alert = tlswire::parse_alert(fragment);
  if (!alert) return;
  if (alert->description == no_renegotiation && before_renegotiation_ && !handshake_.has_server_hello) {
    handshake_ = std::move(*before_renegotiation_); // RFC 5246 §7.2.2: refused, all stays as it was
    before_renegotiation_.reset();
  }
  // A peer that floods alerts does not fill the report.
  constexpr std::size_t max_alerts = 16;
  if (facts().alerts.size() < max_alerts)
    facts().alerts.push_back({side == Side::client, alert->level, alert->description});
}

void TlsFollower::on_cipher_change(Side side) {
  if (handshake_.is_tls13() || !handshake_.has_server_hello) return; // RFC 8446 §5: means nothing there
  direction(side).is_protected = true;
  opener_.on_cipher_change(side);
  note_cipher_change(side);
}

void TlsFollower::note_cipher_change(Side side) {
  (side == Side::client ? handshake_.client_changed : handshake_.server_changed) = true;
  if (!handshake_.complete()) return;
  facts().handshake_completed = true;
  if (!established_) facts().resumed = handshake_.resumed();
  established_ = true;
}

void TlsFollower::remember_session() {
  context_.secrets.remember_session(handshake_.session_id, *opener_.master());
  context_.secrets.remember_session(new_ticket_, *opener_.master());
}

void TlsFollower::on_application_data(Side side, ByteView plaintext, frames::Captured at) {
  auto& from = direction(side);
  if (from.had_loss) from.handshakes = {};
  from.octets += plaintext.size();
  context_.content.on_plaintext(from.origin, plaintext, at);
}

bool TlsFollower::waits_for_secret() const {
  return (client_.is_protected && !client_.held.empty()) || (server_.is_protected && !server_.held.empty());
}

void TlsFollower::fail(std::string reason) {
  if (!facts().reason) facts().reason = std::move(reason);
  failed_ = true;
  release(client_);
  release(server_);
}

void TlsFollower::lose(Side side, std::string reason) {
  if (!facts().reason) facts().reason = std::move(reason);
  end_direction(side);
}

void TlsFollower::end_direction(Side side) {
  end_loss(side);
  direction(side).over = true;
  release(direction(side));
  // Without this direction's half of the handshake the other cannot be opened either.
  const bool keys_known = opener_.opened_any(Side::client) || opener_.opened_any(Side::server);
  if (!keys_known || !(handshake_.complete() || handshake_.is_tls13())) failed_ = true;
  if (failed_) release(direction(side == Side::client ? Side::server : Side::client));
}

} // namespace sipvet::analysis
