// The gateway's media: ports, what was agreed put into force, and what the telephone side plays.
#include "gateway/gateway_state.hpp"

namespace sipvet::gateway {

ua::MediaOptions Gateway::State::media_options() const {
  ua::MediaOptions options;
  options.pace = config.media_pace;
  options.source = config.lock_on_sdp ? ua::SourcePolicy::sdp_only : ua::SourcePolicy::any;
  options.cname = config.user;
  options.send_plain_despite_keys = config.deviations.plain_media_on_secured_leg;
  options.send_nothing = config.deviations.one_way_media;
  options.keys_wear_after = config.rekey_after_packets;
  // Peers work with our own engine: gateway and peers do not share its mistakes.
  options.engine = srtp::Engine::library;
  options.deviations = config.deviations.media;
  return options;
}

// The address that SIP uses towards that peer; media and signalling share it.
IpAddress Gateway::State::media_address(const ua::Target& target, const Endpoint& hop_local) const {
  if (!hop_local.ip.is_unspecified()) return hop_local.ip;
  const Endpoint own = agent->transport().reachable_at(target);
  if (own.ip.is_unspecified() && !config.host.empty()) {
    if (const auto named = parse_ip(config.host)) return *named;
  }
  return own.ip;
}

Result<void> Gateway::State::open_media(Leg& leg, const IpAddress& address, bool two) {
  leg.local.address = address;
  if (leg.local.origin.session_id <= 1) leg.local.origin.session_id = network.random().u32();
  const auto open = [&](std::unique_ptr<ua::MediaSession>& session) -> Result<std::uint16_t> {
    session = std::make_unique<ua::MediaSession>(network, media_options());
    SIPVET_CHECK(session->open(address));
    session->on_change = [this] { notify(); };
    session->on_keys_worn = [this, used = session.get()] { change_keys(*used); };
    return session->rtp_port();
  };
  if (!leg.media) {
    SIPVET_TRY(leg.local.rtp_port, open(leg.media));
  }
  leg.local.second_port.reset();
  if (two) {
    SIPVET_TRY(const std::uint16_t port, open(leg.second));
    leg.local.second_port = port;
  }
  return {};
}

// Of two sections offered the other side took the second: its session becomes the call's.
void Gateway::State::take_second(Leg& leg) {
  if (!leg.second) return;
  const bool second_chosen = leg.agreed && leg.agreed->section == 1;
  if (second_chosen) std::swap(leg.media, leg.second);
  leg.local.rtp_port = leg.media->rtp_port();
  leg.local.second_port.reset();
  leg.second->close();
}

// RFC 3264 §6.1: from the moment the answer is sent, media may come.
bool Gateway::State::be_ready(Leg& leg) {
  const ua::AgreedMedia& agreed = *leg.agreed;
  ua::MediaSession& media = *leg.media;
  if (agreed.srtp()) {
    if (const auto secured = media.secure(agreed.keys->local, agreed.keys->remote); !secured) {
      say(LogLevel::error, "SRTP cannot start: " + secured.error().what);
      return false;
    }
  } else {
    media.plain();
  }
  media.expect_payload_types(agreed.send_payload_type, agreed.event_payload_type, agreed.sound_payload_types);
  media.set_remote(agreed.remote_rtp, agreed.remote_rtcp);
  if (!agreed.may_send) media.pause();
  leg.info.srtp = agreed.srtp();
  leg.info.suite = agreed.srtp() ? std::optional(agreed.keys->local.suite()) : std::nullopt;
  return true;
}

void Gateway::State::play(Leg& leg) {
  if (!leg.agreed->may_send) return;
  const ua::Playing playing = config.deviations.silent_media       ? ua::Playing::silence
                              : config.deviations.wrong_voiceprint ? ua::Playing::echo
                                                                   : ua::Playing::voiceprint;
  leg.media->start(config.voiceprint, leg.agreed->send_payload_type, playing);
}

// RFC 3711 §9.2: new keys before the lifetime of the old ones is over. Where the other side does not take the
// offer, sending ends with it.
void Gateway::State::change_keys(const ua::MediaSession& worn) {
  for (auto& [handle, leg] : legs) {
    const bool in_call = leg.info.state == CallState::answered && !leg.offer_sent && !leg.hanging_up;
    if (leg.media.get() != &worn || !in_call) continue;
    say(LogLevel::info, "new keys for " + leg.info.remote);
    if (!agent->reinvite(handle, ua::Body{sdp::serialize(new_offer(leg)), "application/sdp"}))
      leg.offer_sent.reset();
  }
}

void Gateway::State::stop_media(Leg& leg) {
  if (leg.media) leg.media->close();
  if (leg.second) leg.second->close();
}

sdp::Session Gateway::State::new_offer(Leg& leg) {
  Offer offer = make_own_offer(config, leg.local, network.random());
  ++leg.local.origin.version;
  leg.info.offered = offer.shape;
  leg.offer_sent = offer.sdp;
  if (!leg.agreed && offer.shape != keying::OfferShape::rtp_only) leg.media->await_keys();
  return std::move(offer.sdp);
}

bool Gateway::State::take_answer(Leg& leg, const sip::Message& message) {
  const ua::SdpInMessage found = ua::sdp_of(message.header("Content-Type").value_or(""), message.body());
  const std::optional<sdp::Session> offer = std::exchange(leg.offer_sent, std::nullopt);
  if (!offer) return leg.agreed.has_value();
  if (!found.session) {
    leg.info.cause = found.what.empty() ? "the answer has no session description" : found.what;
    return false;
  }
  const Result<ua::AgreedMedia> agreed = read_answer(config, *offer, *found.session);
  if (!agreed) {
    leg.info.cause = agreed.error().what;
    return false;
  }
  if (!can_reach(leg.local, *agreed)) {
    leg.info.cause = "media at " + to_string(agreed->remote_rtp) + " cannot be reached";
    return false;
  }
  if (agreed->keys && keying::repeats_key(*agreed->keys) && !config.deviations.media.key_reuse_unnoticed)
    say(LogLevel::warning, "the answer of " + leg.info.remote +
                               " has the key that was offered: both directions share it (RFC 3711 §9.1)");
  leg.agreed = *agreed;
  leg.local.sections = offer->media.size();
  take_second(leg);
  return true;
}

} // namespace sipvet::gateway
