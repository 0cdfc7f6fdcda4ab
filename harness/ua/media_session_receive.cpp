// What a media session makes of the datagrams that come.
#include "rtp/rtcp.hpp"
#include "rtp/telephone_event.hpp"
#include "ua/media_session_state.hpp"

#include <algorithm>

namespace sipvet::ua {

namespace {

constexpr std::size_t event_payload_octets = 4; // RFC 4733 §2.3
// Sound received and not echoed yet; more than a second of it is of no use.
constexpr std::size_t max_echo_packets = 50;
constexpr std::size_t max_dtmf_received = 1024;

MediaDrop drop_of(srtp::Drop why) {
  switch (why) {
  case srtp::Drop::replay:
  case srtp::Drop::too_old:
    return MediaDrop::replay;
  case srtp::Drop::malformed:
    return MediaDrop::malformed;
  case srtp::Drop::unknown_mki:
    return MediaDrop::unknown_mki;
  case srtp::Drop::key_expired:
    return MediaDrop::key_expired;
  default:
    return MediaDrop::authentication;
  }
}

} // namespace

bool MediaSession::State::is_sound(std::uint8_t payload_type) const {
  return payload_type == sound_type ||
         std::find(further_sounds.begin(), further_sounds.end(), payload_type) != further_sounds.end();
}

// Whether what does not authenticate is a plain packet: its payload has the size of one without a tag behind
// it.
bool MediaSession::State::looks_plain(ByteView datagram) const {
  const Result<rtp::Packet> packet = rtp::parse_packet(datagram);
  if (!packet) return false;
  if (is_sound(packet->payload_type)) return packet->payload.size() % (samples_per_packet / 2) == 0;
  return event_type == packet->payload_type && packet->payload.size() == event_payload_octets;
}

std::optional<Bytes> MediaSession::State::open_rtp(ByteView datagram) {
  if (!keys) return to_bytes(datagram);
  auto opened = open_secured(datagram);
  if (opened) return std::move(*opened);
  MediaDrop why = drop_of(opened.error().why);
  if (why != MediaDrop::replay && looks_plain(datagram)) why = MediaDrop::plain_on_secured;
  if (why == MediaDrop::plain_on_secured && options.deviations.accept_plain) return to_bytes(datagram);
  drop(why);
  return std::nullopt;
}

bool MediaSession::State::knows_source(const std::optional<Endpoint>& named, const Endpoint& from) const {
  return options.source == SourcePolicy::any || named == from || options.deviations.accept_other_sources;
}

bool MediaSession::State::is_unwanted(const rtp::Packet& packet) const {
  if (!options.deviations.gap_refused || packet.ssrc != last_ssrc || !last_sequence) return false;
  return static_cast<std::uint16_t>(packet.sequence - *last_sequence) != 1;
}

void MediaSession::State::receive_rtp(const Endpoint& from, ByteView datagram) {
  ++counters.rtp_received;
  if (early()) return receive_early(from, datagram);
  if (from != remote_rtp && fork_at(from, false) != nullptr) return drop(MediaDrop::other_fork);
  if (!knows_source(remote_rtp, from)) return drop(MediaDrop::wrong_source);
  if (!rtp::looks_like_rtp(datagram)) return drop(MediaDrop::malformed);
  if (awaits_keys && !(dtls && dtls->plan().deviations.hears_before_handshake))
    return drop(MediaDrop::before_keys);
  if (const std::optional<Bytes> plain = open_rtp(datagram)) take_packet(*plain);
}

void MediaSession::State::take_packet(ByteView plain) {
  const Result<rtp::Packet> packet = rtp::parse_packet(plain);
  if (!packet) return drop(MediaDrop::malformed);
  if (is_unwanted(*packet)) return drop(MediaDrop::replay);
  if (packet->ssrc == ssrc) resolve_collision();
  if (is_sound(packet->payload_type)) {
    take_sound(*packet);
  } else if (event_type == packet->payload_type) {
    take_event(*packet);
  } else {
    return drop(MediaDrop::unknown_payload_type);
  }
  if (packet->ssrc == last_ssrc) taken.mark(place_of(*packet));
  ++counters.rtp_accepted;
}

void MediaSession::State::take_sound(const rtp::Packet& packet) {
  if (last_ssrc != packet.ssrc) {
    sequences = {};
    taken = srtp::ReplayWindow(late_packets);
    last_sequence.reset();
    last_ssrc = packet.ssrc;
  }
  const std::uint64_t extended = sequences.extend(packet.sequence);
  const bool gap = last_sequence && extended != *last_sequence + 1;
  last_sequence = extended;
  const std::vector<std::int16_t> samples = rtp::decode(law_of(packet.payload_type), packet.payload);
  heard.take(samples, gap);
  if (recorder) recorder->take_sound(packet.ssrc, packet.timestamp, samples);
  if (playing != Playing::echo) return;
  echo.push_back(packet.payload);
  if (echo.size() > max_echo_packets) echo.pop_front();
}

// All packets of one key press have the timestamp of its start (RFC 4733 §2.2.1).
void MediaSession::State::take_event(const rtp::Packet& packet) {
  const Result<rtp::TelephoneEvent> event = rtp::parse_telephone_event(packet.payload);
  if (!event || options.deviations.events_unheard) return;
  if (recorder) recorder->take_event(packet.ssrc, packet.timestamp, *event);
  if (last_event_timestamp == packet.timestamp && !options.deviations.each_event_packet_counts) return;
  last_event_timestamp = packet.timestamp;
  const std::optional<char> key = rtp::key_of_event(event->event);
  if (key && dtmf_received.size() < max_dtmf_received) dtmf_received.push_back(*key);
}

std::optional<Bytes> MediaSession::State::open_rtcp(ByteView datagram) {
  Keys* const own = keys_of_rtcp();
  if (own == nullptr) return to_bytes(datagram);
  auto opened = own->receiver.unprotect_rtcp(datagram);
  if (opened) return std::move(*opened);
  const bool plain = rtp::parse_rtcp(datagram).has_value();
  if (plain && options.deviations.accept_plain_rtcp) return to_bytes(datagram);
  drop(plain ? MediaDrop::plain_on_secured : drop_of(opened.error().why));
  return std::nullopt;
}

void MediaSession::State::receive_rtcp(const Endpoint& from, ByteView datagram) {
  ++counters.rtcp_received;
  const bool of_fork = from != (multiplexed() ? remote_rtp : remote_rtcp) && fork_at(from, true) != nullptr;
  if (early() || of_fork) return receive_early_report(from, datagram);
  if (!knows_source(multiplexed() ? remote_rtp : remote_rtcp, from)) return drop(MediaDrop::wrong_source);
  if (rtcp_must_wait()) return drop(MediaDrop::before_keys);
  const std::optional<Bytes> plain = open_rtcp(datagram);
  if (!plain) return;
  if (!rtp::parse_rtcp(*plain)) return drop(MediaDrop::malformed);
  ++counters.rtcp_accepted;
}

} // namespace sipvet::ua
