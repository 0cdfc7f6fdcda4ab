#include "ua/media_session.hpp"

#include "rtp/rtcp.hpp"
#include "ua/media_session_state.hpp"

#include <array>

namespace sipvet::ua {

namespace {

constexpr std::array<std::string_view, 10> drop_names = {
    "malformed", "plain-on-secured", "authentication",       "unknown-mki", "key-expired",
    "replay",    "wrong-source",     "unknown-payload-type", "before-keys", "other-fork"};

} // namespace

std::string_view name(MediaDrop drop) { return drop_names[static_cast<std::size_t>(drop)]; }

std::optional<MediaDrop> find_media_drop(std::string_view text) {
  for (std::size_t i = 0; i < drop_names.size(); ++i)
    if (drop_names[i] == text) return static_cast<MediaDrop>(i);
  return std::nullopt;
}

std::span<const std::string_view> media_drop_names() { return drop_names; }

std::uint64_t MediaCounters::dropped_for(MediaDrop why) const {
  const auto found = dropped.find(why);
  return found == dropped.end() ? 0 : found->second;
}

MediaSession::MediaSession(net::Network& network, MediaOptions options)
    : state_(new State(*this, network, std::move(options))) {
  Random& random = network.random();
  state_->ssrc = random.u32();
  // RFC 4568 §6.4: an initial number in the lower half leaves no doubt about the rollover counter of the
  // first packets.
  state_->sequence = static_cast<std::uint16_t>(random.below(0x8000));
  if (const auto first = state_->options.deviations.first_sequence)
    state_->sequence = static_cast<std::uint16_t>(*first);
  state_->rollovers = state_->options.deviations.first_rollover.value_or(0);
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
  state_->remote_moved = state_->remote_rtp && *state_->remote_rtp != rtp;
  state_->remote_rtp = rtp;
  state_->remote_rtcp = rtcp;
}

Result<void> MediaSession::secure(const rtp::SrtpContext& local, const rtp::SrtpContext& remote) {
  state_->forget_dtls();
  SIPVET_CHECK(state_->secure(local, remote));
  state_->awaits_keys = false;
  return {};
}

void MediaSession::await_keys() { state_->awaits_keys = !state_->keys; }

void MediaSession::plain() {
  state_->forget_dtls();
  state_->keys.reset();
  state_->awaits_keys = false;
}
bool MediaSession::secured() const { return state_->keys.has_value(); }

void MediaSession::expect_payload_types(std::uint8_t sound, std::optional<std::uint8_t> events,
                                        std::vector<std::uint8_t> further_sounds) {
  state_->sound_type = sound;
  state_->further_sounds = std::move(further_sounds);
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

void MediaSession::pause() {
  if (!state_->sending) return;
  state_->sending = false;
  state_->network.cancel(state_->timer);
}

void MediaSession::stop() {
  const bool was_sending = state_->sending;
  pause();
  if (was_sending) state_->send_report(true);
}

void MediaSession::close() {
  stop();
  if (state_->dtls) state_->dtls->close();
  state_->network.forget(*this);
  state_->rtp_socket = state_->rtcp_socket = net::SocketId::none;
  state_->local.port = 0;
}

bool MediaSession::sending() const { return state_->sending; }

Result<void> MediaSession::send_dtmf(std::string_view digits) {
  const MediaDeviations& deviations = state_->options.deviations;
  if (!state_->event_type && deviations.events_unasked) state_->event_type = payload_type_event;
  if (!state_->event_type) return fail("expected telephone-event among the agreed payload types");
  if (deviations.events_unsent) return DtmfSender().press(digits); // what is no key is still told
  return state_->dtmf.press(digits);
}

const MediaCounters& MediaSession::counters() const { return state_->counters; }
std::uint32_t MediaSession::ssrc() const { return state_->ssrc; }
std::uint32_t MediaSession::rollovers() const { return state_->rollovers; }
const std::map<unsigned, std::uint64_t>& MediaSession::heard_ms() const { return state_->heard.heard_ms(); }

std::uint64_t MediaSession::heard_ms(const rtp::Voiceprint& print) const {
  const auto found = heard_ms().find(print.number());
  return found == heard_ms().end() ? 0 : found->second;
}

std::uint64_t MediaSession::unrecognised_ms() const { return state_->heard.unrecognised_ms(); }
const std::string& MediaSession::dtmf_received() const { return state_->dtmf_received; }

void MediaSession::record_to(std::shared_ptr<SoundRecorder> recorder) {
  state_->recorder = std::move(recorder);
}

void MediaSession::reset_counters() {
  state_->counters = {};
  state_->heard.reset();
  state_->dtmf_received.clear();
}

void MediaSession::on_datagram(net::SocketId socket, const Endpoint& from, ByteView datagram) {
  const bool of_rtp = socket == state_->rtp_socket;
  const bool report =
      socket == state_->rtcp_socket || (of_rtp && state_->multiplexed() && rtp::looks_like_rtcp(datagram));
  const MediaComponent component = of_rtp ? MediaComponent::rtp : MediaComponent::rtcp;
  if (state_->take_check(socket, from, datagram) || state_->take_dtls(component, from, datagram)) {
    // It was no media.
  } else if (report) {
    state_->receive_rtcp(from, datagram);
  } else if (of_rtp) {
    state_->receive_rtp(from, datagram);
  }
  if (on_change) on_change();
}

void MediaSession::on_timer(net::TimerId timer) {
  if (timer == state_->dtls_timer) {
    state_->dtls->on_time();
    return state_->arm_dtls();
  }
  if (timer != state_->timer || !state_->sending) return;
  state_->send_packet();
  state_->schedule();
}

} // namespace sipvet::ua
