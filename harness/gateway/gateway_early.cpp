// The gateway's early media: of calls that it rings for, and of the early dialogs of those that it has
// placed, which forking may make several of (RFC 3960).
#include "dialog/dialog.hpp"
#include "gateway/gateway_state.hpp"

namespace sipvet::gateway {

namespace {

ua::SdpInMessage sdp_in(const sip::Message& message) {
  return ua::sdp_of(message.header("Content-Type").value_or(""), message.body());
}

} // namespace

// RFC 3261 §13.2.1: the same answer stands in the 2xx again.
void Gateway::State::ring(Leg& leg) {
  const bool reliable = leg.first_answer && agent->reliable(leg.info.handle);
  if (reliable && leg.offer_sent) { // §13.2.1: the offer stands in the first reliable response
    const int status = config.early_answer == 0 ? 180 : config.early_answer;
    leg.described = true;
    (void)agent->provisional(leg.info.handle, status,
                             ua::Body{sdp::serialize(*leg.first_answer), "application/sdp"});
    return;
  }
  const bool early = config.early_answer != 0 && leg.agreed && !leg.offer_sent && leg.first_answer;
  if (!early || !be_ready(leg)) {
    (void)agent->provisional(leg.info.handle, 180);
    return;
  }
  leg.described = reliable;
  say(LogLevel::info, "early media for " + leg.info.remote);
  (void)agent->provisional(leg.info.handle, config.early_answer,
                           ua::Body{sdp::serialize(*leg.first_answer), "application/sdp"});
  play(leg);
}

void Gateway::State::take_early_answer(Leg& leg, const sip::Message& response) {
  const ua::SdpInMessage found = sdp_in(response);
  const std::string tag = dialog::to_tag(response);
  const bool waits = leg.info.state == CallState::ringing && leg.offer_sent && !leg.hanging_up;
  if (!waits || tag.empty() || leg.early.contains(tag)) return;
  if (config.deviations.media.early_media_ignored) return;
  if (found.problem != ua::SdpProblem::none) say(LogLevel::warning, leg.info.remote + ": " + found.what);
  if (!found.session) return;
  const Result<ua::AgreedMedia> agreed = read_agreed(leg, *leg.offer_sent, *found.session);
  if (!agreed) {
    say(LogLevel::warning, "no early media from " + leg.info.remote + ": " + agreed.error().what);
    return;
  }
  leg.early.emplace(tag, Leg::EarlyAnswer{sdp::serialize(*found.session), *agreed});
  begin_early_media(leg, tag, *agreed);
}

void Gateway::State::begin_early_media(Leg& leg, const std::string& tag, const ua::AgreedMedia& agreed) {
  ua::MediaSession& media = !agreed.srtp() && leg.second ? *leg.second : *leg.media;
  if (agreed.dtls && !leg.early_dtls.empty()) {
    // RFC 5763 §6.3 would have an association for each; ours knows one until the call is answered.
    say(LogLevel::warning, leg.info.remote + ": another fork has a DTLS association, this one gets none "
                                             "before it answers the call");
    return;
  }
  media.add_fork(tag, agreed);
  if (agreed.dtls) {
    leg.early_dtls = tag;
    ua::DtlsPlan plan = ua::dtls_plan(config.dtls, *dtls_identity, *agreed.dtls, config.srtp_suites);
    plan.keylog = keylog;
    media.on_dtls = [this, call = leg.info.handle] { on_dtls(call); };
    if (const auto begun = media.secure_by_dtls(std::move(plan)); !begun)
      return say(LogLevel::warning, "no early media from " + leg.info.remote + ": " + begun.error().what);
  }
  say(LogLevel::info, "early media with a fork of " + leg.info.remote + " at " +
                          to_string(agreed.remote_rtp) + ": " + (agreed.srtp() ? "SRTP" : "RTP"));
  if (agreed.may_send) media.start(config.voiceprint, agreed.send_payload_type, playing());
}

void Gateway::State::end_fork(Leg& leg, const std::string& tag) {
  if (leg.early.erase(tag) == 0) return;
  leg.media->end_fork(tag);
  if (leg.second) leg.second->end_fork(tag);
  if (leg.early_dtls == tag) leg.early_dtls.clear();
}

const Leg::EarlyAnswer* Gateway::State::answer_before(Leg& leg, const sip::Message& success) {
  std::string tag = dialog::to_tag(success);
  const ua::MediaDeviations& deviations = config.deviations.media;
  if (deviations.first_fork_kept && !leg.media->heard_fork().empty()) tag = leg.media->heard_fork();
  const auto found = leg.early.find(tag);
  if (found == leg.early.end() || deviations.later_answer_taken) return nullptr;
  const ua::SdpInMessage again = sdp_in(success);
  if (again.session && sdp::serialize(*again.session) != found->second.text)
    say(LogLevel::warning, leg.info.remote + " answers otherwise than in its provisional response: the first "
                                             "answer counts (RFC 3261 §13.2.1)");
  return &found->second;
}

Result<void> Gateway::State::choose_fork(Leg& leg, const std::string& tag) {
  if (leg.early.empty()) return {};
  leg.early.clear(); // offers to come have answers of their own
  leg.media->add_fork(tag, *leg.agreed);
  return leg.media->choose_fork(tag);
}

} // namespace sipvet::gateway
