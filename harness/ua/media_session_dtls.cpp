// How a media session gets its keys by DTLS-SRTP (RFC 5764), beside the media on the same ports (RFC 7983).
#include "ua/media_session_state.hpp"

#include <algorithm>
#include <tuple>

namespace sipvet::ua {

namespace {

// RFC 7983 §7: the first octet of what is DTLS.
constexpr std::uint8_t first_dtls = 20, last_dtls = 63;
// A flight has a handful of datagrams.
constexpr std::size_t max_early_datagrams = 16;

bool is_dtls(ByteView datagram) {
  return !datagram.empty() && datagram[0] >= first_dtls && datagram[0] <= last_dtls;
}

} // namespace

Result<void> MediaSession::secure_by_dtls(DtlsPlan plan) { return state_->begin_dtls(std::move(plan)); }

const DtlsStatus* MediaSession::dtls() const { return state_->dtls ? &state_->dtls->status() : nullptr; }

Result<void> MediaSession::State::begin_dtls(DtlsPlan plan) {
  if (dtls && dtls->status().failure.empty() &&
      keying::keeps_association(dtls->plan().agreement, plan.agreement))
    return {};
  SIPVET_TRY(auto made, MediaDtls::make(std::move(plan), network, *this));
  auto early = std::exchange(early_dtls, {});
  forget_dtls();
  dtls = std::move(made);
  awaits_keys = !keys;
  send_checks();
  dtls->start();
  for (const auto& [component, datagram] : early) dtls->receive(component, datagram);
  arm_dtls();
  return {};
}

void MediaSession::State::forget_dtls() {
  network.cancel(std::exchange(dtls_timer, net::TimerId::none));
  dtls.reset();
  rtcp_keys.reset();
  early_dtls.clear();
  own_check.reset();
}

// RFC 5763 §6.7.2: who waits for the handshake sends one check to each address, so that what stands in
// between lets the handshake through.
void MediaSession::State::send_checks() {
  if (dtls->plan().agreement.role != keying::DtlsRole::server || dtls->plan().deviations.no_check_sent)
    return;
  const Bytes transaction = network.random().bytes(std::tuple_size_v<rtp::StunTransaction>);
  own_check.emplace();
  std::ranges::copy(transaction, own_check->begin());
  const Bytes check = rtp::stun_request(*own_check);
  send_dtls(MediaComponent::rtp, check);
  if (!multiplexed()) send_dtls(MediaComponent::rtcp, check);
}

// Whether it was STUN, which has a place beside DTLS only. Everybody answers checks, with ICE or without.
bool MediaSession::State::take_check(net::SocketId socket, const Endpoint& from, ByteView datagram) {
  if (!rtp::looks_like_stun(datagram) || (!dtls && !awaits_keys)) return false;
  const auto message = rtp::parse_stun(datagram);
  if (!message) {
    drop(MediaDrop::malformed);
  } else if (message->is(rtp::StunType::binding_success)) {
    if (message->transaction == own_check) ++counters.checks_confirmed;
  } else if (message->is(rtp::StunType::binding_request) &&
             !(dtls && dtls->plan().deviations.checks_not_answered)) {
    network.send_to(socket, from,
                    message->unknown.empty()
                        ? rtp::stun_success(message->transaction, from)
                        : rtp::stun_unknown_attributes(message->transaction, message->unknown));
    ++counters.checks_answered;
  }
  return true;
}

// Whether it was a datagram of the handshake, or of one that is yet to come.
bool MediaSession::State::take_dtls(MediaComponent component, const Endpoint& from, ByteView datagram) {
  if (!is_dtls(datagram) || (!dtls && !awaits_keys)) return false;
  const auto& expected = component == MediaComponent::rtp ? remote_rtp : remote_rtcp;
  if (expected && !knows_source(expected, from)) {
    drop(MediaDrop::wrong_source);
    return true;
  }
  if (!dtls) {
    if (early_dtls.size() < max_early_datagrams) early_dtls.emplace_back(component, to_bytes(datagram));
    return true;
  }
  dtls->receive(component, datagram);
  arm_dtls();
  return true;
}

void MediaSession::State::arm_dtls() {
  network.cancel(std::exchange(dtls_timer, net::TimerId::none));
  const auto at = dtls ? dtls->wake_at() : std::nullopt;
  if (!at) return;
  const Duration wait = *at - network.now();
  dtls_timer = network.wake_after(node, wait > Duration{} ? wait : Duration{});
}

void MediaSession::State::send_dtls(MediaComponent component, ByteView datagram) {
  const bool of_rtp = component == MediaComponent::rtp;
  const auto& remote = of_rtp ? remote_rtp : remote_rtcp;
  const net::SocketId socket = of_rtp ? rtp_socket : rtcp_socket;
  if (socket == net::SocketId::none || !remote || remote->port == 0 || remote->ip.is_unspecified()) return;
  network.send_to(socket, *remote, datagram);
}

Result<void> MediaSession::State::take_keys(MediaComponent component, const keying::MediaKeys& given) {
  if (component == MediaComponent::rtp) {
    SIPVET_CHECK(secure(given.local, given.remote));
    awaits_keys = false;
    return {};
  }
  SIPVET_TRY(srtp::Sender sender, srtp::Sender::create(given.local, engine_for(given.local)));
  SIPVET_TRY(srtp::Receiver receiver, make_receiver(given.remote));
  rtcp_keys.emplace(Keys{given.local, given.remote, std::move(sender), std::move(receiver), {}, {}});
  return {};
}

void MediaSession::State::dtls_changed() {
  if (node.on_dtls) node.on_dtls();
  if (node.on_change) node.on_change();
}

bool MediaSession::State::must_wait() const {
  return awaits_keys && !(dtls && dtls->plan().deviations.media_before_handshake);
}

MediaSession::State::Keys* MediaSession::State::keys_of_rtcp() {
  std::optional<Keys>& own = dtls && !multiplexed() ? rtcp_keys : keys;
  return own ? &*own : nullptr;
}

bool MediaSession::State::rtcp_must_wait() const {
  if (dtls && dtls->plan().deviations.media_before_handshake) return false;
  return awaits_keys || (dtls && !multiplexed() && !rtcp_keys);
}

} // namespace sipvet::ua
