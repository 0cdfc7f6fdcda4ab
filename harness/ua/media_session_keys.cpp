// The keys of a media session: which engine works with them, and what happens when they change.
#include "ua/media_session_state.hpp"

namespace sipvet::ua {

// What misbehaves is our own engine, and it does what the library does not know.
srtp::Engine MediaSession::State::engine_for(const rtp::SrtpContext& context) const {
  const bool library = options.engine == srtp::Engine::library && options.deviations == MediaDeviations{};
  return library && srtp::library_gap(context).empty() ? srtp::Engine::library : srtp::Engine::own;
}

Result<srtp::Receiver> MediaSession::State::make_receiver(const rtp::SrtpContext& context) const {
  const MediaDeviations& deviations = options.deviations;
  const srtp::ReceiverFaults faults{.replays = deviations.accept_replays,
                                    .wrong_tags = deviations.accept_wrong_tags,
                                    .short_rtcp_tags = deviations.accept_short_rtcp_tags};
  return srtp::Receiver::create(context, engine_for(context), faults);
}

Result<void> MediaSession::State::secure(const rtp::SrtpContext& to_send,
                                         const rtp::SrtpContext& to_receive) {
  // Both are made before either is used. A sender begun anew under its old key would repeat its keystream
  // (RFC 3711 §9.1).
  std::optional<srtp::Sender> sender;
  std::optional<srtp::Receiver> receiver;
  if (!keys || keys->local != to_send) {
    SIPVET_TRY(sender, srtp::Sender::create(to_send, engine_for(to_send)));
  }
  if (!keys || keys->remote != to_receive) {
    SIPVET_TRY(receiver, make_receiver(to_receive));
  }
  if (!keys) {
    keys.emplace(Keys{to_send, to_receive, std::move(*sender), std::move(*receiver), {}, {}});
    if (rollovers != 0) SIPVET_CHECK(keys->sender.set_rollover_counter(ssrc, rollovers));
    return {};
  }
  if (sender) change_sender(to_send, std::move(*sender));
  if (receiver) change_receiver(to_receive, std::move(*receiver));
  return {};
}

void MediaSession::State::change_sender(const rtp::SrtpContext& context, srtp::Sender fresh) {
  packets_since_keys = 0;
  if (!options.deviations.old_key.empty() || options.deviations.old_key_late)
    if (auto before = srtp::Sender::create(keys->local)) keys->sender_before = std::move(*before);
  keys->local = context;
  if (options.deviations.rollover_begins_anew) rollovers = 0;
  if (options.deviations.rollover_begins_anew || !keys->sender.rekey(context))
    keys->sender = std::move(fresh);
}

void MediaSession::State::change_receiver(const rtp::SrtpContext& context, srtp::Receiver fresh) {
  if (auto before = make_receiver(keys->remote); before && last_ssrc)
    keys->receiver_before = std::move(*before);
  keys->changed_at.reset();
  keys->remote = context;
  // RFC 4568 §7.1.4: who moves brings a new key, under which its rollover counters begin with 0.
  const bool anew = options.deviations.rollover_forgotten || std::exchange(remote_moved, false);
  if (anew || !keys->receiver.rekey(context)) keys->receiver = std::move(fresh);
}

// The extended sequence number of a packet of the stream heard last.
std::uint64_t MediaSession::State::place_of(const rtp::Packet& packet) const {
  rtp::SequenceUnwrapper ahead = sequences;
  return ahead.extend(packet.sequence);
}

// The sequence numbers of a stream are counted from the cycle in which it was first heard.
std::uint32_t MediaSession::State::rollovers_heard() const {
  return static_cast<std::uint32_t>((sequences.highest().value_or(first_cycle) - first_cycle) >> 16);
}

// What was under way when the keys changed (RFC 4568 §7.1.4, RFC 5764 §5.2): what belongs in front of the
// first packet under the new key, whether it comes before that or is overtaken by it, and nothing twice.
srtp::Unprotected MediaSession::State::open_under_old_key(ByteView datagram, srtp::Dropped dropped) {
  const bool no_match = dropped.why == srtp::Drop::authentication || dropped.why == srtp::Drop::unknown_mki;
  const Result<rtp::Packet> packet = rtp::parse_packet(datagram);
  if (!keys->receiver_before || !no_match || !packet || packet->ssrc != last_ssrc) return dropped;
  const std::uint64_t place = place_of(*packet);
  const bool behind = keys->changed_at && place >= *keys->changed_at && !options.deviations.accept_old_keys;
  if (behind || place < first_cycle || taken.place(place) != srtp::ReplayWindow::Place::fresh) return dropped;
  const auto rollovers_there = static_cast<std::uint32_t>((place - first_cycle) >> 16);
  if (!keys->receiver_before->set_rollover_counter(packet->ssrc, rollovers_there)) return dropped;
  auto opened = keys->receiver_before->unprotect_rtp(datagram);
  if (!opened) return dropped;
  return opened;
}

void MediaSession::State::note_new_key(const rtp::Packet& packet) {
  const MediaDeviations& deviations = options.deviations;
  if (deviations.accept_old_keys) return;
  const std::uint64_t place = place_of(packet);
  if (!keys->changed_at) keys->changed_at = place;
  const bool over = packet.ssrc != last_ssrc || place > *keys->changed_at + late_packets;
  if (over || deviations.old_keys_forgotten) keys->receiver_before.reset();
}

srtp::Unprotected MediaSession::State::open_secured(ByteView datagram) {
  const MediaDeviations& deviations = options.deviations;
  const Result<rtp::Packet> packet = rtp::parse_packet(datagram);
  if (deviations.rollover_ignored && packet) (void)keys->receiver.set_rollover_counter(packet->ssrc, 0);
  if (deviations.rollover_shared && packet && last_ssrc && packet->ssrc != *last_ssrc)
    (void)keys->receiver.set_rollover_counter(packet->ssrc, rollovers_heard());
  auto opened = keys->receiver.unprotect_rtp(datagram);
  if (!opened) return open_under_old_key(datagram, opened.error());
  if (keys->receiver_before && packet) note_new_key(*packet);
  return opened;
}

} // namespace sipvet::ua
