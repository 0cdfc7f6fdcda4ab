#include "ua/media_session.hpp"

#include "rtp/g711.hpp"
#include "rtp/packet.hpp"
#include "rtp/rtcp.hpp"
#include "rtp/sequence.hpp"
#include "rtp/telephone_event.hpp"
#include "srtp/session.hpp"
#include "ua/dtmf_sender.hpp"
#include "ua/heard_sound.hpp"

#include <array>
#include <deque>
#include <utility>

namespace sipvet::ua {

namespace {

constexpr std::uint8_t pcma = 8;                // RFC 3551 table 4; 0 is PCMU
constexpr std::size_t event_payload_octets = 4; // RFC 4733 §2.3
// Sound received and not echoed yet; more than a second of it is of no use.
constexpr std::size_t max_echo_packets = 50;
constexpr std::size_t max_dtmf_received = 1024;
constexpr std::uint64_t ntp_unix_offset_s = 2'208'988'800; // 1900 to 1970 (RFC 5905 §6)

rtp::Law law_of(std::uint8_t payload_type) { return payload_type == pcma ? rtp::Law::a : rtp::Law::mu; }

std::uint64_t ntp_time(Instant now) {
  const auto since = static_cast<std::uint64_t>(now.time_since_epoch().count());
  const std::uint64_t seconds = since / 1'000'000'000 + ntp_unix_offset_s;
  const std::uint64_t fraction = ((since % 1'000'000'000) << 32) / 1'000'000'000;
  return (seconds << 32) | fraction;
}

constexpr std::array<std::string_view, 6> drop_names = {
    "malformed", "plain-on-secured", "authentication", "replay", "wrong-source", "unknown-payload-type"};

MediaDrop drop_of(srtp::Drop why) {
  switch (why) {
  case srtp::Drop::replay:
  case srtp::Drop::too_old:
    return MediaDrop::replay;
  case srtp::Drop::malformed:
    return MediaDrop::malformed;
  default:
    return MediaDrop::authentication;
  }
}

} // namespace

std::string_view name(MediaDrop drop) { return drop_names[static_cast<std::size_t>(drop)]; }

std::uint64_t MediaCounters::dropped_for(MediaDrop why) const {
  const auto found = dropped.find(why);
  return found == dropped.end() ? 0 : found->second;
}

struct MediaSession::State {
  struct Keys {
    rtp::SrtpKey local, remote;
    srtp::Sender sender;
    srtp::Receiver receiver;
  };

  State(MediaSession& owner, net::Network& net, MediaOptions chosen)
      : node(owner), network(net), options(std::move(chosen)) {}

  MediaSession& node;
  net::Network& network;
  MediaOptions options;

  net::SocketId rtp_socket = net::SocketId::none, rtcp_socket = net::SocketId::none;
  Endpoint local;
  std::optional<Endpoint> remote_rtp, remote_rtcp;
  std::optional<Keys> keys;
  std::uint8_t sound_type = 0;
  std::optional<std::uint8_t> event_type;

  bool sending = false;
  bool reported = false; // an SR went out since start()
  Playing playing = Playing::voiceprint;
  rtp::Voiceprint print;
  net::TimerId timer = net::TimerId::none;
  Instant due;
  std::uint32_t ssrc = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint64_t sample = 0;
  std::uint32_t payload_octets_sent = 0;
  DtmfSender dtmf;
  std::deque<Bytes> echo;

  MediaCounters counters;
  HeardSound heard;
  rtp::SequenceUnwrapper sequences;
  std::optional<std::uint64_t> last_sequence;
  std::optional<std::uint32_t> last_ssrc;
  std::string dtmf_received;
  std::optional<std::uint32_t> last_event_timestamp;

  Bytes sound_payload();
  rtp::Packet next_packet();
  void send_packet();
  void schedule();
  void send_report(bool goodbye);
  void drop(MediaDrop why) { ++counters.dropped[why]; }
  std::optional<Bytes> open_rtp(ByteView datagram);
  bool looks_plain(ByteView datagram) const;
  void receive_rtp(const Endpoint& from, ByteView datagram);
  void receive_rtcp(const Endpoint& from, ByteView datagram);
  void take_sound(const rtp::Packet& packet);
  void take_event(const rtp::Packet& packet);
};

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
  rtp::Packet packet;
  packet.ssrc = ssrc;
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

void MediaSession::State::send_packet() {
  const rtp::Packet packet = next_packet();
  if (options.send_nothing || !remote_rtp) return;
  Bytes datagram = rtp::serialize(packet);
  if (keys && !options.send_plain_despite_keys) {
    Result<Bytes> secured = keys->sender.protect_rtp(datagram);
    if (!secured) return;
    datagram = std::move(*secured);
  }
  network.send_to(rtp_socket, *remote_rtp, datagram);
  ++counters.rtp_sent;
  payload_octets_sent += static_cast<std::uint32_t>(packet.payload.size());
  if (!std::exchange(reported, true)) send_report(false);
}

void MediaSession::State::schedule() {
  due += options.pace;
  const Duration wait = due - network.now();
  timer = network.wake_after(node, wait > Duration{} ? wait : Duration{});
}

// RFC 3550 §6.4.1: a sender report only from who has sent data.
void MediaSession::State::send_report(bool goodbye) {
  if (!options.send_rtcp || !remote_rtcp || remote_rtcp->port == 0 || counters.rtp_sent == 0) return;
  rtp::SenderReport report;
  report.ssrc = ssrc;
  report.ntp_time = ntp_time(network.now());
  report.rtp_timestamp = timestamp;
  report.packets = static_cast<std::uint32_t>(counters.rtp_sent);
  report.octets = payload_octets_sent;
  std::vector<rtp::RtcpPacket> compound = {report, rtp::SourceDescription{{{ssrc, {{1, options.cname}}}}}};
  if (goodbye) compound.push_back(rtp::Goodbye{{ssrc}, std::nullopt});
  Bytes datagram = rtp::serialize(compound);
  if (keys && !options.send_plain_despite_keys) {
    Result<Bytes> secured = keys->sender.protect_rtcp(datagram);
    if (!secured) return;
    datagram = std::move(*secured);
  }
  network.send_to(rtcp_socket, *remote_rtcp, datagram);
  ++counters.rtcp_sent;
}

// Whether what does not authenticate is a plain packet: its payload has the size of one without a tag behind
// it.
bool MediaSession::State::looks_plain(ByteView datagram) const {
  const Result<rtp::Packet> packet = rtp::parse_packet(datagram);
  if (!packet) return false;
  if (packet->payload_type == sound_type) return packet->payload.size() % (samples_per_packet / 2) == 0;
  return event_type == packet->payload_type && packet->payload.size() == event_payload_octets;
}

std::optional<Bytes> MediaSession::State::open_rtp(ByteView datagram) {
  if (!keys) return to_bytes(datagram);
  auto opened = keys->receiver.unprotect_rtp(datagram);
  if (opened) return std::move(*opened);
  const MediaDrop why = drop_of(opened.error().why);
  drop(why != MediaDrop::replay && looks_plain(datagram) ? MediaDrop::plain_on_secured : why);
  return std::nullopt;
}

void MediaSession::State::receive_rtp(const Endpoint& from, ByteView datagram) {
  ++counters.rtp_received;
  if (options.source == SourcePolicy::sdp_only && remote_rtp != from) return drop(MediaDrop::wrong_source);
  if (!rtp::looks_like_rtp(datagram)) return drop(MediaDrop::malformed);
  const std::optional<Bytes> plain = open_rtp(datagram);
  if (!plain) return;
  const Result<rtp::Packet> packet = rtp::parse_packet(*plain);
  if (!packet) return drop(MediaDrop::malformed);
  if (packet->payload_type == sound_type) {
    take_sound(*packet);
  } else if (event_type == packet->payload_type) {
    take_event(*packet);
  } else {
    return drop(MediaDrop::unknown_payload_type);
  }
  ++counters.rtp_accepted;
}

void MediaSession::State::take_sound(const rtp::Packet& packet) {
  if (last_ssrc != packet.ssrc) {
    sequences = {};
    last_sequence.reset();
    last_ssrc = packet.ssrc;
  }
  const std::uint64_t extended = sequences.extend(packet.sequence);
  const bool gap = last_sequence && extended != *last_sequence + 1;
  last_sequence = extended;
  heard.take(rtp::decode(law_of(sound_type), packet.payload), gap);
  if (playing != Playing::echo) return;
  echo.push_back(packet.payload);
  if (echo.size() > max_echo_packets) echo.pop_front();
}

// All packets of one key press have the timestamp of its start (RFC 4733 §2.2.1).
void MediaSession::State::take_event(const rtp::Packet& packet) {
  const Result<rtp::TelephoneEvent> event = rtp::parse_telephone_event(packet.payload);
  if (!event || last_event_timestamp == packet.timestamp) return;
  last_event_timestamp = packet.timestamp;
  const std::optional<char> key = rtp::key_of_event(event->event);
  if (key && dtmf_received.size() < max_dtmf_received) dtmf_received.push_back(*key);
}

void MediaSession::State::receive_rtcp(const Endpoint& from, ByteView datagram) {
  ++counters.rtcp_received;
  if (options.source == SourcePolicy::sdp_only && remote_rtcp != from) return drop(MediaDrop::wrong_source);
  Bytes plain = to_bytes(datagram);
  if (keys) {
    auto opened = keys->receiver.unprotect_rtcp(datagram);
    if (!opened) return drop(drop_of(opened.error().why));
    plain = std::move(*opened);
  }
  if (!rtp::parse_rtcp(plain)) return drop(MediaDrop::malformed);
  ++counters.rtcp_accepted;
}

MediaSession::MediaSession(net::Network& network, MediaOptions options)
    : state_(new State(*this, network, std::move(options))) {
  Random& random = network.random();
  state_->ssrc = random.u32();
  // RFC 3711 §3.3.1: an initial number in the lower half leaves no doubt about the rollover counter of the
  // first packets.
  state_->sequence = static_cast<std::uint16_t>(random.below(0x8000));
  state_->timestamp = random.u32();
}

MediaSession::~MediaSession() { state_->network.forget(*this); }

Result<void> MediaSession::open(const IpAddress& address, std::uint16_t port) {
  if (port % 2 != 0) return fail("expected an even RTP port (RFC 3550 §11), found " + std::to_string(port));
  net::Network& network = state_->network;
  Error last;
  for (unsigned attempt = 0; attempt < (port == 0 ? max_port_attempts : 1); ++attempt) {
    SIPVET_TRY(const net::SocketId first, network.open_datagram(*this, {address, port}));
    const Endpoint got = network.local_endpoint(first);
    // A free odd port stands for the pair that it belongs to.
    const bool odd = got.port % 2 != 0;
    const Endpoint other{address, static_cast<std::uint16_t>(odd ? got.port - 1 : got.port + 1)};
    const Result<net::SocketId> second = network.open_datagram(*this, other);
    if (second) {
      state_->rtp_socket = odd ? *second : first;
      state_->rtcp_socket = odd ? first : *second;
      state_->local = odd ? other : got;
      return {};
    }
    last = second.error();
    network.close(first);
  }
  return fail("found no pair of free RTP and RTCP ports: " + last.what);
}

std::uint16_t MediaSession::rtp_port() const { return state_->local.port; }
Endpoint MediaSession::local_rtp() const { return state_->local; }

void MediaSession::set_remote(const Endpoint& rtp, const Endpoint& rtcp) {
  state_->remote_rtp = rtp;
  state_->remote_rtcp = rtcp;
}

Result<void> MediaSession::secure(const rtp::SrtpKey& local, const rtp::SrtpKey& remote) {
  if (state_->keys && state_->keys->local == local && state_->keys->remote == remote) return {};
  SIPVET_TRY(srtp::Sender sender, srtp::Sender::create(local));
  SIPVET_TRY(srtp::Receiver receiver, srtp::Receiver::create(remote));
  state_->keys.emplace(State::Keys{local, remote, std::move(sender), std::move(receiver)});
  return {};
}

void MediaSession::plain() { state_->keys.reset(); }
bool MediaSession::secured() const { return state_->keys.has_value(); }

void MediaSession::expect_payload_types(std::uint8_t sound, std::optional<std::uint8_t> events) {
  state_->sound_type = sound;
  state_->event_type = events;
}

void MediaSession::start(const rtp::Voiceprint& print, std::uint8_t payload_type, Playing playing) {
  state_->print = print;
  state_->sound_type = payload_type;
  state_->playing = playing;
  if (state_->sending) return;
  state_->sending = true;
  state_->reported = false;
  state_->due = state_->network.now();
  state_->send_packet();
  state_->schedule();
}

void MediaSession::stop() {
  if (!state_->sending) return;
  state_->sending = false;
  state_->network.cancel(state_->timer);
  state_->send_report(true);
}

void MediaSession::close() {
  stop();
  state_->network.forget(*this);
  state_->rtp_socket = state_->rtcp_socket = net::SocketId::none;
  state_->local.port = 0;
}

bool MediaSession::sending() const { return state_->sending; }

Result<void> MediaSession::send_dtmf(std::string_view digits) {
  if (!state_->event_type) return fail("expected telephone-event among the agreed payload types");
  return state_->dtmf.press(digits);
}

const MediaCounters& MediaSession::counters() const { return state_->counters; }
std::uint32_t MediaSession::ssrc() const { return state_->ssrc; }
const std::map<unsigned, std::uint64_t>& MediaSession::heard_ms() const { return state_->heard.heard_ms(); }

std::uint64_t MediaSession::heard_ms(const rtp::Voiceprint& print) const {
  const auto found = heard_ms().find(print.number());
  return found == heard_ms().end() ? 0 : found->second;
}

std::uint64_t MediaSession::unrecognised_ms() const { return state_->heard.unrecognised_ms(); }
const std::string& MediaSession::dtmf_received() const { return state_->dtmf_received; }

void MediaSession::reset_counters() {
  state_->counters = {};
  state_->heard.reset();
  state_->dtmf_received.clear();
}

void MediaSession::on_datagram(net::SocketId socket, const Endpoint& from, ByteView datagram) {
  if (socket == state_->rtp_socket) {
    state_->receive_rtp(from, datagram);
  } else {
    state_->receive_rtcp(from, datagram);
  }
  if (on_change) on_change();
}

void MediaSession::on_timer(net::TimerId timer) {
  if (timer != state_->timer || !state_->sending) return;
  state_->send_packet();
  state_->schedule();
}

} // namespace sipvet::ua
