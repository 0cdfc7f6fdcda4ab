// Offers that UPDATE and PRACK bring to the gateway, and what becomes of its own (RFC 3311, RFC 3262 §5).
#include "dialog/dialog.hpp"
#include "gateway/gateway_state.hpp"

namespace sipvet::gateway {

namespace {

constexpr unsigned max_crossings = 4; // then the session stays as it is

ua::Body body_of(const sdp::Session& session) { return {sdp::serialize(session), "application/sdp"}; }

ua::SdpInMessage sdp_in(const sip::Message& message) {
  return ua::sdp_of(message.header("Content-Type").value_or(""), message.body());
}

} // namespace

std::optional<ua::OfferReply> Gateway::State::on_offer(ua::CallId call, const sip::Message& request) {
  Leg* const leg = find(call);
  if (leg == nullptr) return ua::OfferReply{481, {}, {}};
  say(LogLevel::info, "offer in " + request.method() + " from " + leg->info.remote);
  // RFC 3311 §5.2: an UPDATE cannot wait until somebody was asked.
  if (config.asks_before_changes && request.method() == "UPDATE") return ua::OfferReply{504, {}, {}};
  const bool ringing = leg->info.state == CallState::ringing;
  if (ringing && leg->info.outgoing) return answer_early(*leg, request);
  const CallInfo before = leg->info;
  const std::optional<ua::AgreedMedia> agreed_before = leg->agreed;
  const auto first_before = leg->first_answer;
  if (auto turned = prepare(*leg, request)) {
    leg->info = before;
    leg->first_answer = first_before;
    return refuse_offer(*leg, request, std::move(*turned));
  }
  const sdp::Session answer = *leg->first_answer;
  if (!ringing) leg->first_answer.reset(); // else it says that the call waits for its 2xx
  if (const auto fax = std::exchange(leg->fax_remote, std::nullopt)) {
    begin_fax(*leg, *fax, rtp::T30Indicator::ced);
    return ua::OfferReply{200, body_of(answer), {}};
  }
  if (!be_ready(*leg)) {
    leg->agreed = agreed_before;
    return ua::OfferReply{500, {}, {}};
  }
  if (!ringing || config.early_answer != 0) play(*leg);
  notify();
  return ua::OfferReply{200, body_of(answer), {}};
}

// By the fork that has answered our INVITE's offer before.
ua::OfferReply Gateway::State::answer_early(Leg& leg, const sip::Message& request) {
  const std::string tag = dialog::from_tag(request);
  const auto early = leg.early.find(tag);
  const ua::SdpInMessage found = sdp_in(request);
  if (early == leg.early.end() || !found.session) return refuse_offer(leg, request, {});
  LocalMedia local = leg.local;
  local.in_call = true;
  Answer made = answer_offer(config, *found.session, local, early->second.agreed.keys, key_sources());
  if (made.refusal || made.no_media || made.agreed.dtls) return refuse_offer(leg, request, {});
  ++leg.local.origin.version;
  early->second.agreed = made.agreed;
  ua::MediaSession& media = !made.agreed.srtp() && leg.second ? *leg.second : *leg.media;
  media.add_fork(tag, made.agreed);
  if (made.agreed.may_send) media.start(config.voiceprint, made.agreed.send_payload_type, playing());
  notify();
  return {200, body_of(made.sdp), {}};
}

// RFC 6337 §3.1, table 2: a PRACK is not refused for its offer. Its 2xx takes none of the streams, and the
// call is over.
ua::OfferReply Gateway::State::refuse_offer(Leg& leg, const sip::Message& request, Turned turned) {
  ua::SdpInMessage found = sdp_in(request);
  if (request.method() != "PRACK" || !found.session) {
    std::optional<ua::Body> said;
    if (turned.description) said = body_of(*turned.description);
    return {turned.status, std::move(said), std::move(turned.headers)};
  }
  for (sdp::Media& media : found.session->media) media.port = 0;
  LocalMedia local = leg.local;
  local.in_call = true;
  const Answer none = answer_offer(config, *found.session, local, std::nullopt, key_sources());
  refuse(leg, turned);
  finish(leg, CallState::failed, "the offer in a PRACK cannot be taken");
  return {200, body_of(none.sdp), {}};
}

void Gateway::State::on_offer_answered(ua::CallId call, const sip::Message& message) {
  Leg* const leg = find(call);
  if (leg == nullptr || !leg->offer_sent) return;
  const bool ringing = leg->info.state == CallState::ringing;
  const bool usable = take_answer(*leg, message) && be_ready(*leg);
  if (!usable && ringing) {
    refuse(*leg, {488});
    return finish(*leg, CallState::failed, {});
  }
  if (!usable) {
    (void)agent->hang_up(call);
    return finish(*leg, CallState::failed, {});
  }
  leg->offers_crossed = 0;
  if (!ringing || config.early_answer != 0) play(*leg);
  notify();
}

void Gateway::State::on_offer_refused(ua::CallId call, const sip::Message* response) {
  if (Leg* const leg = find(call)) offer_was_refused(*leg, response);
}

// RFC 3261 §14.1: the session stays as it is; what crossed another offer is offered once more.
void Gateway::State::offer_was_refused(Leg& leg, const sip::Message* response) {
  leg.offer_sent.reset();
  const std::string why = response == nullptr ? "no answer" : std::to_string(response->status());
  say(LogLevel::warning, leg.info.remote + " does not take new keys: " + why);
  if (response == nullptr || ++leg.offers_crossed > max_crossings) return;
  const auto after = agent->offer_again_after(leg.info.handle, *response);
  if (after) leg.offer_again = network.wake_after(ring_timer, *after);
}

} // namespace sipvet::gateway
