// What a media session sends, and the ways in which it can be told to misbehave there.
#include "rtp/rtcp.hpp"
#include "ua/media_session_state.hpp"

namespace sipvet::ua {

namespace {

constexpr std::size_t rtcp_tag_octets = 10, short_rtcp_tag_octets = 4;

constexpr std::uint64_t ntp_unix_offset_s = 2'208'988'800; // 1900 to 1970 (RFC 5905 §6)

std::uint64_t ntp_time(Instant now) {
  const auto since = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t seconds = since / 1'000'000'000 + ntp_unix_offset_s;
  const std::uint64_t fraction = ((since % 1'000'000'000) << 32) / 1'000'000'000;
  return (seconds << 32) | fraction;
}

} // namespace

Bytes MediaSession::State::sound_payload() {
  const rtp::Law law = law_of(sound_type);
  if (playing == Playing::echo) {
    if (!echo.empty()) {
      Bytes payload = std::move(echo.front());
      echo.pop_front();
      return payload;
    }
  } else if (playing == Playing::voiceprint) {
    const std::vector<std::int16_t> samples = rtp::sound(print, sample, samples_per_packet);
    return rtp::encode(law, samples);
  }
  return rtp::encode(law, std::vector<std::int16_t>(samples_per_packet, 0));
}

rtp::Packet MediaSession::State::next_packet() {
  ++packets_made;
  ++packets_since_keys;
  change_ssrc();
  rtp::Packet packet;
  packet.ssrc = ssrc;
  if (std::exchange(wraps, sequence == 0xffff)) ++rollovers;
  packet.sequence = sequence++;
  packet.timestamp = timestamp;
  packet.payload_type = sound_type;
  if (auto event = dtmf.next()) {
    packet.payload_type = *event_type;
    packet.marker = event->marker;
    packet.timestamp = timestamp - event->timestamp_offset;
    packet.payload = std::move(event->payload);
  } else {
    packet.payload = sound_payload();
    packet.marker = sample == 0; // RFC 3551 §4.1: the first packet after silence
  }
  timestamp += samples_per_packet;
  sample += samples_per_packet;
  return packet;
}

void MediaSession::State::begin_stream(std::uint32_t with_ssrc) {
  ssrc = with_ssrc;
  // RFC 4568 §6.4: an initial number in the lower half leaves no doubt about the rollover counter of the
  // first packets.
  sequence = static_cast<std::uint16_t>(network.random().below(0x8000));
  rollovers = 0;
  wraps = false;
}

void MediaSession::State::change_ssrc() {
  const MediaDeviations& deviations = options.deviations;
  if (deviations.ssrc_changes_at == packets_made) begin_stream(network.random().u32());
  const bool collides = deviations.ssrc_collides_at && packets_made >= *deviations.ssrc_collides_at;
  if (collides && last_ssrc && !std::exchange(collided, true)) begin_stream(*last_ssrc);
}

// RFC 3550 §8.2: who finds its SSRC used by the other side says goodbye to it and takes another.
void MediaSession::State::resolve_collision() {
  if (options.deviations.collision_ignored || collided) return;
  send_report(true);
  begin_stream(network.random().u32());
  reported = false;
}

bool MediaSession::State::is_late_under_old_key() const {
  return options.deviations.old_key_late && packets_since_keys == 1 && keys && keys->sender_before;
}

std::optional<Bytes> MediaSession::State::secured(const rtp::Packet& packet) {
  const MediaDeviations& deviations = options.deviations;
  Bytes datagram = rtp::serialize(packet);
  const bool plain = options.send_plain_despite_keys || deviations.plain.contains(packets_made);
  if (!keys || plain) return datagram;
  srtp::Sender* sender = &keys->sender;
  if (keys->sender_before && (deviations.old_key.contains(packets_since_keys) || is_late_under_old_key())) {
    sender = &*keys->sender_before;
    if (!sender->set_rollover_counter(ssrc, rollovers)) return std::nullopt;
  }
  Result<Bytes> out = sender->protect_rtp(datagram);
  if (!out) return std::nullopt;
  if (deviations.wrong_tag.contains(packets_made)) out->back() ^= 1;
  if (deviations.truncated.contains(packets_made)) out->resize(out->size() / 2);
  return std::move(*out);
}

net::SocketId MediaSession::State::source() {
  if (!options.deviations.other_source.contains(packets_made)) return rtp_socket;
  if (other_socket == net::SocketId::none) {
    const auto opened = network.open_datagram(node, {local.ip, 0});
    if (!opened) return rtp_socket;
    other_socket = *opened;
  }
  return other_socket;
}

void MediaSession::State::transmit(const Bytes& datagram) {
  const MediaDeviations& deviations = options.deviations;
  if (deviations.lost.contains(packets_made)) return;
  if (deviations.reordered.contains(packets_made) || is_late_under_old_key()) {
    held_back = datagram;
    return;
  }
  network.send_to(source(), *remote_rtp, datagram);
  ++counters.rtp_sent;
  if (deviations.replayed.contains(packets_made)) network.send_to(source(), *remote_rtp, datagram);
  if (const auto behind = std::exchange(held_back, std::nullopt)) {
    network.send_to(rtp_socket, *remote_rtp, *behind);
    ++counters.rtp_sent;
  }
}

void MediaSession::State::send_packet() {
  if (early() && !aim()) return;
  if (must_wait()) return;
  if (const auto most = options.deviations.stop_after; most && packets_made >= *most) return;
  const rtp::Packet packet = next_packet();
  if (options.send_nothing || !remote_rtp || remote_rtp->ip.is_unspecified()) return;
  const auto datagram = secured(packet);
  if (!datagram) return;
  transmit(*datagram);
  payload_octets_sent += static_cast<std::uint32_t>(packet.payload.size());
  if (counters.rtp_sent > 0 && !std::exchange(reported, true)) send_report(false);
  const bool worn = keys && options.keys_wear_after != 0 && packets_since_keys == options.keys_wear_after;
  if (worn && node.on_keys_worn) node.on_keys_worn();
}

void MediaSession::State::schedule() {
  due += options.pace;
  const Duration wait = due - network.now();
  timer = network.wake_after(node, wait > Duration{} ? wait : Duration{});
}

// RFC 3550 §6.4.1: a sender report only from who has sent data.
void MediaSession::State::send_report(bool goodbye) {
  if (goodbye && options.deviations.stop_after) return;
  if (rtcp_must_wait() || !options.send_rtcp || !remote_rtcp || remote_rtcp->port == 0 ||
      remote_rtcp->ip.is_unspecified() || counters.rtp_sent == 0)
    return;
  rtp::SenderReport report;
  report.ssrc = ssrc;
  report.ntp_time = ntp_time(network.now());
  report.rtp_timestamp = timestamp;
  report.packets = static_cast<std::uint32_t>(counters.rtp_sent);
  report.octets = payload_octets_sent;
  std::vector<rtp::RtcpPacket> compound = {report, rtp::SourceDescription{{{ssrc, {{1, options.cname}}}}}};
  if (goodbye) compound.push_back(rtp::Goodbye{{ssrc}, std::nullopt});
  Bytes datagram = rtp::serialize(compound);
  Keys* const own = keys_of_rtcp();
  if (own != nullptr && !options.send_plain_despite_keys && !options.deviations.srtcp_plain) {
    Result<Bytes> out = own->sender.protect_rtcp(datagram);
    if (!out) return;
    datagram = std::move(*out);
    if (options.deviations.srtcp_short_tag)
      datagram.resize(datagram.size() - (rtcp_tag_octets - short_rtcp_tag_octets));
  }
  network.send_to(multiplexed() ? rtp_socket : rtcp_socket, multiplexed() ? *remote_rtp : *remote_rtcp,
                  datagram);
  ++counters.rtcp_sent;
}

} // namespace sipvet::ua
