// The gateway's media: ports, what was agreed put into force, and what the telephone side plays.
#include "dialog/dialog.hpp"
#include "gateway/gateway_state.hpp"

namespace sipvet::gateway {

namespace {

// RFC 4568 §8.3 wants them protected.
bool hands_keys_out(const Leg& leg) {
  return leg.agreed->keys && leg.agreed->keys->exchange == keying::KeyExchange::sdes &&
         leg.info.transport != ua::Transport::tls;
}

} // namespace

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

// ACS-REALM-1: the first pair of the realm's range that is free.
Result<void> Gateway::State::open_ports(ua::MediaSession& session, const IpAddress& address,
                                        const std::string& realm) const {
  const auto found = config.sbc.media_realms.find(realm);
  if (found == config.sbc.media_realms.end() || config.deviations.route.ignores_media_realm)
    return session.open(address);
  const MediaRealm& range = found->second;
  for (unsigned port = range.first_port + range.first_port % 2u; port < range.last_port; port += 2)
    if (session.open(address, static_cast<std::uint16_t>(port))) return {};
  return fail("media realm " + realm + " has no port left");
}

Result<void> Gateway::State::open_media(Leg& leg, const IpAddress& address, bool two) {
  leg.local.address = address;
  leg.local.dtls_identity = dtls_identity ? &*dtls_identity : nullptr;
  if (leg.local.origin.session_id <= 1) leg.local.origin.session_id = network.random().u32();
  const auto open = [&](std::unique_ptr<ua::MediaSession>& session) -> Result<std::uint16_t> {
    session = std::make_unique<ua::MediaSession>(network, media_options());
    SIPVET_CHECK(open_ports(*session, address, leg.media_realm));
    session->on_change = [this] { notify(); };
    session->record_to(leg.recorder);
    session->on_keys_worn = [this, used = session.get()] { change_keys(*used); };
    return session->rtp_port();
  };
  if (!leg.media) {
    SIPVET_TRY(leg.local.rtp_port, open(leg.media));
    leg.local.ssrc = leg.media->ssrc();
  }
  leg.local.second_port.reset();
  if (two) {
    SIPVET_TRY(const std::uint16_t port, open(leg.second));
    leg.local.second_port = port;
    leg.media->share_forks(*leg.second);
  }
  return {};
}

// Of two sections offered the other side took the second: its session becomes the call's.
void Gateway::State::take_second(Leg& leg) {
  if (!leg.second) return;
  if (leg.agreed && !leg.agreed->srtp()) std::swap(leg.media, leg.second);
  leg.local.rtp_port = leg.media->rtp_port();
  leg.local.second_port.reset();
  leg.second->close();
}

// RFC 3264 §6.1: from the moment the answer is sent, media may come.
bool Gateway::State::be_ready(Leg& leg) {
  const ua::AgreedMedia& agreed = *leg.agreed;
  ua::MediaSession& media = *leg.media;
  end_fax(leg);
  media.set_remote(agreed.remote_rtp, agreed.remote_rtcp);
  if (const auto secured = secure(leg); !secured) {
    say(LogLevel::error, "SRTP cannot start: " + secured.error().what);
    return false;
  }
  media.expect_payload_types(agreed.send_payload_type, agreed.event_payload_type, agreed.sound_payload_types);
  if (!agreed.may_send) media.pause();
  if (hands_keys_out(leg))
    say(LogLevel::warning, leg.info.remote + ": the SRTP keys came and went in the clear, over " +
                               std::string(ua::name(leg.info.transport)) + " (RFC 4568 §8.3)");
  leg.info.srtp = agreed.srtp();
  leg.info.suite = agreed.keys ? std::optional(agreed.keys->local.suite()) : std::nullopt;
  return true;
}

Result<void> Gateway::State::secure(Leg& leg) {
  const ua::AgreedMedia& agreed = *leg.agreed;
  leg.local.dtls.agreed = agreed.dtls;
  if (agreed.dtls) {
    ua::DtlsPlan plan = ua::dtls_plan(config.dtls, *dtls_identity, *agreed.dtls, config.srtp_suites);
    plan.keylog = keylog;
    leg.media->on_dtls = [this, call = leg.info.handle] { on_dtls(call); };
    return leg.media->secure_by_dtls(std::move(plan));
  }
  if (agreed.keys) return leg.media->secure(agreed.keys->local, agreed.keys->remote);
  leg.media->plain();
  return {};
}

// RFC 5763 §5: media that cannot be keyed ends, and a call without media is of no use.
void Gateway::State::on_dtls(CallHandle call) {
  Leg* leg = find(call);
  if (leg == nullptr || leg->media->dtls() == nullptr) return;
  const ua::DtlsStatus& status = *leg->media->dtls();
  if (status.failure.empty()) {
    leg->info.suite = keying::suite_of(*status.profile);
    say(LogLevel::info, "media with " + leg->info.remote + " is keyed by " + status.version + ": " +
                            std::string(rtp::name(*leg->info.suite)));
    return notify();
  }
  if (leg->info.state == CallState::ended || leg->info.state == CallState::failed) return;
  const std::string cause = status.failure;
  if (leg->info.outgoing && leg->info.state == CallState::ringing) { // of a fork; another one may answer
    say(LogLevel::warning, "no early media with " + leg->info.remote + ": " + cause);
    return notify();
  }
  (void)agent->hang_up(call);
  finish(*leg, CallState::failed, cause);
}

ua::Playing Gateway::State::playing() const {
  if (config.deviations.silent_media) return ua::Playing::silence;
  return config.deviations.wrong_voiceprint ? ua::Playing::echo : ua::Playing::voiceprint;
}

void Gateway::State::play(Leg& leg) {
  if (!leg.agreed->may_send) return;
  leg.media->start(config.voiceprint, leg.agreed->send_payload_type, playing());
}

// RFC 3711 §9.2: new keys before the lifetime of the old ones is over. Where the other side does not take the
// offer, sending ends with it.
void Gateway::State::change_keys(const ua::MediaSession& worn) {
  for (auto& [handle, leg] : legs) {
    if (leg.media.get() != &worn) continue;
    say(LogLevel::info, "new keys for " + leg.info.remote);
    offer_again(leg);
  }
}

void Gateway::State::offer_again(Leg& leg) {
  const bool early = leg.info.state == CallState::ringing && !leg.info.outgoing && leg.described;
  const bool by_update =
      agent->takes_updates(leg.info.handle) && (early || config.updates == UpdateUse::preferred);
  const bool may = leg.info.state == CallState::answered || (early && by_update);
  if (!may || leg.offer_sent || leg.hanging_up) return;
  const Result<sdp::Session> offer = new_offer(leg);
  if (!offer) return leg.offer_sent.reset();
  const ua::Body body{sdp::serialize(*offer), "application/sdp"};
  const bool sent = by_update ? agent->update(leg.info.handle, body).has_value()
                              : agent->reinvite(leg.info.handle, body).has_value();
  if (!sent) leg.offer_sent.reset();
}

void Gateway::State::stop_media(Leg& leg) {
  if (leg.media) leg.media->close();
  if (leg.second) leg.second->close();
  if (leg.fax) leg.fax->close();
}

KeySources Gateway::State::key_sources() {
  return {network.random(), *mikey, network.now() + config.clock_offset};
}

Result<sdp::Session> Gateway::State::new_offer(Leg& leg) {
  leg.local.rollovers = leg.media->rollovers();
  SIPVET_TRY(Offer offer, make_own_offer(config, leg.local, key_sources()));
  ++leg.local.origin.version;
  leg.info.offered = offer.shape;
  leg.offer_sent = offer.sdp;
  leg.dtls_offered = std::move(offer.dtls);
  leg.mikey_offered = std::move(offer.mikey);
  leg.local.dtls = std::move(offer.dtls_leg);
  if (!leg.agreed && offer.shape != keying::OfferShape::rtp_only) leg.media->await_keys();
  return std::move(offer.sdp);
}

Result<ua::AgreedMedia> Gateway::State::read_agreed(const Leg& leg, const sdp::Session& offer,
                                                    const sdp::Session& answer) {
  SIPVET_TRY(ua::AgreedMedia agreed, read_answer(config, offer, answer, leg.dtls_offered,
                                                 leg.mikey_offered ? &*leg.mikey_offered : nullptr));
  if (!can_reach(leg.local, agreed))
    return fail("media at " + to_string(agreed.remote_rtp) + " cannot be reached");
  return agreed;
}

// What the MIKEY of a refusal says (RFC 3830 §5.1.2): a hint for who reads the log.
void Gateway::State::note_mikey_error(const Leg& leg, const sip::Message& response) {
  const ua::SdpInMessage found = ua::sdp_of(response.header("Content-Type").value_or(""), response.body());
  if (!leg.mikey_offered || !found.session) return;
  for (const sdp::Media& media : found.session->media) {
    keying::KeyMgmtLines lines = keying::key_mgmt_lines(*found.session, media);
    if (lines.values.empty()) continue;
    lines.level = leg.mikey_offered->level();
    if (const auto said = leg.mikey_offered->complete(lines); !said)
      say(LogLevel::warning, "MIKEY: " + said.error().what);
    return;
  }
}

bool Gateway::State::take_answer(Leg& leg, const sip::Message& message) {
  const ua::SdpInMessage found = ua::sdp_of(message.header("Content-Type").value_or(""), message.body());
  const std::optional<sdp::Session> offer = std::exchange(leg.offer_sent, std::nullopt);
  if (!offer) return leg.agreed.has_value();
  if (const Leg::EarlyAnswer* before = answer_before(leg, message)) {
    leg.agreed = before->agreed;
  } else if (!found.session) {
    leg.info.cause = found.what.empty() ? "the answer has no session description" : found.what;
    return false;
  } else {
    const Result<ua::AgreedMedia> agreed = read_agreed(leg, *offer, *found.session);
    if (!agreed) {
      leg.info.cause = agreed.error().what;
      return false;
    }
    leg.agreed = *agreed;
  }
  const auto& keys = leg.agreed->keys;
  if (keys && keying::repeats_key(*keys) && !config.deviations.media.key_reuse_unnoticed)
    say(LogLevel::warning, "the answer of " + leg.info.remote +
                               " has the key that was offered: both directions share it (RFC 4568 §7.1.2)");
  for (const std::string& note : leg.agreed->notes) say(LogLevel::warning, leg.info.remote + ": " + note);
  leg.local.sections = offer->media.size();
  take_second(leg);
  if (const auto chosen = choose_fork(leg, dialog::to_tag(message)); !chosen) {
    leg.info.cause = "SRTP cannot start: " + chosen.error().what;
    return false;
  }
  return true;
}

} // namespace sipvet::gateway
