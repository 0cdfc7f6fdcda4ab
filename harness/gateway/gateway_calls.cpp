// The gateway's calls: what comes from the SIP side and from the telephone side, and how they meet.
#include "dialog/dialog.hpp"
#include "gateway/gateway_state.hpp"
#include "sip/name_addr.hpp"

namespace sipvet::gateway {

namespace {

sip::NameAddr address_in(const sip::Message& message, std::string_view header) {
  const auto parsed = sip::parse_name_addr(message.header(header).value_or(""));
  return parsed ? *parsed : sip::NameAddr{};
}

std::string user_of(std::string_view uri) {
  const auto parsed = sip::parse_uri(uri);
  return parsed ? parsed->user : std::string();
}

// RFC 3261 §20.43: the text is a quoted string.
std::string warning_value(const Refusal& refusal, const std::string& agent) {
  std::string text;
  for (const char c : refusal.text) {
    const bool control = static_cast<unsigned char>(c) < ' ' || c == '\x7f'; // of what the other side wrote
    text += c == '"' || c == '\\' ? '\'' : control ? ' ' : c;
  }
  return std::to_string(refusal.warning) + " " + agent + " \"" + text + "\"";
}

// The line that DGW writes to its log, as its guides print it.
constexpr std::string_view wrong_key_management =
    "SdpTools [D3A2] Received the wrong key management protocol. Secure stream disabled.";

// RFC 3261 §21.4.13: 415 lists what would be taken.
ua::HeaderValues refusal_headers(const Refusal& refusal, const std::string& agent) {
  ua::HeaderValues headers = {{"Warning", warning_value(refusal, agent)}};
  if (refusal.status == 415) headers.emplace_back("Accept", "application/sdp");
  return headers;
}

std::string shape_text(const CallInfo& info) {
  return info.offered ? std::string(keying::name(*info.offered)) : "nothing";
}

} // namespace

Leg* Gateway::State::find(CallHandle call) {
  const auto found = legs.find(call);
  return found == legs.end() ? nullptr : &found->second;
}

void Gateway::State::finish(Leg& leg, CallState state, std::string cause) {
  network.cancel(leg.ringing);
  network.cancel(leg.offer_again);
  leg.offer_again = net::TimerId::none;
  leg.info.state = state;
  if (const auto kept = finish_recording(leg); !kept) say(LogLevel::error, to_string(kept.error()));
  if (!cause.empty()) leg.info.cause = std::move(cause);
  if (!config.deviations.route.keeps_media_ports) stop_media(leg);
  end_referral(leg, leg.info.status >= 300 ? leg.info.status : 503,
               leg.info.status >= 300 ? leg.info.reason : "Service Unavailable");
  say(state == CallState::failed ? LogLevel::warning : LogLevel::info,
      "call with " + leg.info.remote + " " + std::string(name(state)) +
          (leg.info.cause.empty() ? "" : ": " + leg.info.cause));
  notify();
}

// Makes the answer (or, without an offer, our offer) for what came.
std::optional<Gateway::State::Turned> Gateway::State::prepare(Leg& leg, const sip::Message& invite) {
  const ua::SdpInMessage found = ua::sdp_of(invite.header("Content-Type").value_or(""), invite.body());
  if (found.problem == ua::SdpProblem::other_type) return Turned{415};
  if (found.problem == ua::SdpProblem::unreadable) {
    say(LogLevel::warning, "session description: " + found.what);
    return Turned{400,
                  "Bad Session Description",
                  {{"Warning", "399 " + config.user + " \"session description cannot be read\""}}};
  }
  if (!found.session) {
    if (const auto opened = open_media(leg, leg.local.address, offers_two_sections(config)); !opened)
      return Turned{500};
    auto offered = new_offer(leg);
    if (!offered) {
      say(LogLevel::error, "no offer can be made: " + offered.error().what);
      return Turned{500};
    }
    leg.first_answer = std::move(*offered);
    return std::nullopt;
  }
  if (const auto section = ua::t38_section(*found.session); leg.agreed && section)
    return prepare_fax(leg, *found.session, *section);
  const std::optional<keying::MediaKeys> previous = leg.agreed ? leg.agreed->keys : std::nullopt;
  leg.local.in_call = leg.agreed.has_value();
  leg.local.rollovers = leg.media->rollovers();
  Answer made = answer_offer(config, *found.session, leg.local, previous, key_sources());
  leg.info.offered = made.shape;
  if (made.refusal) {
    if (made.refusal->wrong_key_management) say(LogLevel::error, std::string(wrong_key_management));
    leg.info.cause = made.refusal->text;
    say(LogLevel::info, "refused with " + std::to_string(made.refusal->status) + ": " + made.refusal->text);
    return Turned{
        made.refusal->status, {}, refusal_headers(*made.refusal, config.user), made.refusal->description};
  }
  for (const std::string& note : made.notes) say(LogLevel::warning, leg.info.remote + ": " + note);
  ++leg.local.origin.version;
  leg.local.dtls = std::move(made.dtls);
  leg.local.sections = found.session->media.size();
  if (made.no_media) {
    leg.agreed->may_send = leg.agreed->may_receive = false;
  } else {
    leg.agreed = std::move(made.agreed);
  }
  leg.first_answer = std::move(made.sdp);
  leg.fax_remote.reset();
  return std::nullopt;
}

void Gateway::State::refuse(Leg& leg, const Turned& turned) {
  leg.info.status = turned.status;
  std::optional<ua::Body> body;
  if (turned.description) body = ua::Body{sdp::serialize(*turned.description), "application/sdp"};
  (void)agent->reject(leg.info.handle, turned.status, turned.reason, turned.headers, body);
}

Result<void> Gateway::State::answer(Leg& leg) {
  if (!leg.first_answer) return fail("the call is not waiting for an answer");
  const sdp::Session description = *std::exchange(leg.first_answer, std::nullopt);
  const auto fax = std::exchange(leg.fax_remote, std::nullopt);
  if (!fax && leg.agreed && !leg.offer_sent && !be_ready(leg)) {
    refuse(leg, {500});
    return fail("SRTP cannot start");
  }
  say(LogLevel::info, "answers " + leg.info.remote + ", which offered " + shape_text(leg.info));
  std::optional<ua::Body> body;
  if (!std::exchange(leg.described, false)) body = ua::Body{sdp::serialize(description), "application/sdp"};
  SIPVET_CHECK(agent->answer(leg.info.handle, 200, std::move(body)));
  if (fax) begin_fax(leg, *fax, rtp::T30Indicator::ced);
  leg.info.status = 200;
  leg.info.state = CallState::answered;
  notify();
  return {};
}

Result<void> Gateway::State::answer_or_fail(Leg& leg) {
  const Result<void> answered = answer(leg);
  if (!answered && leg.info.state == CallState::ringing)
    finish(leg, CallState::failed, to_string(answered.error()));
  return answered;
}

Result<void> Gateway::State::hang_up(Leg& leg) {
  if (leg.info.state == CallState::ended || leg.info.state == CallState::failed)
    return fail("the call is over");
  leg.hanging_up = true;
  if (leg.media) leg.media->stop();
  if (!agent->state(leg.info.handle)) { // still being looked up: no INVITE was sent
    finish(leg, CallState::ended, {});
    return {};
  }
  if (config.deviations.no_cancel && leg.info.outgoing && leg.info.state == CallState::ringing) {
    finish(leg, CallState::ended, {});
    return {};
  }
  SIPVET_CHECK(agent->hang_up(leg.info.handle));
  // Turned down with a final response of ours, of which nothing more will be heard.
  if (!leg.info.outgoing && leg.info.state == CallState::ringing) finish(leg, CallState::ended, {});
  return {};
}

void Gateway::State::on_incoming_call(ua::CallId call, const ua::Hop& hop, const sip::Message& invite) {
  Leg& leg = legs[call];
  leg.info.handle = call;
  leg.info.transport = hop.transport;
  leg.info.remote_at = hop.remote;
  const sip::NameAddr from = address_in(invite, "From");
  leg.info.remote = to_string(from.uri);
  leg.info.remote_user = from.uri.user;
  leg.info.number = user_of(invite.uri());
  say(LogLevel::info, "call from " + leg.info.remote + " over " + to_string(hop));
  if (const auto refused = classify(hop, leg.media_realm)) {
    refuse(leg, {*refused});
    return finish(leg, CallState::failed, "no IP group is known for its source");
  }
  if (!may_dial(leg, hop)) return;
  if (leg.media_realm.empty()) leg.media_realm = realm_of(hop.local);
  const auto opened = open_media(leg, media_address(ua::target_of(hop), hop.local), false);
  if (!opened) {
    // ACS-REALM-1: without a port there is no call, and no port of it is kept.
    refuse(leg, {503, {}, {{"Warning", "399 " + config.user + " \"no media port is free\""}}});
    return finish(leg, CallState::failed, opened.error().what);
  }
  if (const auto turned = prepare(leg, invite)) {
    refuse(leg, *turned);
    return finish(leg, CallState::failed, {});
  }
  if (config.auto_answer && config.ring_for == Duration{}) {
    if (config.early_answer != 0) ring(leg);
    (void)answer_or_fail(leg);
    return;
  }
  ring(leg);
  if (config.auto_answer) leg.ringing = network.wake_after(ring_timer, config.ring_for);
  notify();
}

void Gateway::State::RingTimer::on_timer(net::TimerId timer) {
  for (auto& [handle, leg] : state.legs) {
    if (leg.offer_again == timer) {
      leg.offer_again = net::TimerId::none;
      return state.offer_again(leg);
    }
    if (leg.ringing != timer || leg.info.state != CallState::ringing) continue;
    (void)state.answer_or_fail(leg);
    return;
  }
}

void Gateway::State::on_progress(ua::CallId call, const sip::Message& response) {
  Leg* leg = find(call);
  if (leg == nullptr) return;
  say(LogLevel::info, leg->info.remote + ": " + std::to_string(response.status()) + " " + response.reason());
  if (response.status() == 199)
    end_fork(*leg, dialog::to_tag(response));
  else
    take_early_answer(*leg, response);
  if (leg->referral) tell_referrer(*leg->referral, response.status(), response.reason());
  notify();
}

std::optional<ua::Body> Gateway::State::on_answered(ua::CallId call, const sip::Message& response) {
  Leg* leg = find(call);
  if (leg == nullptr) return std::nullopt;
  if (leg->fax_offered) {
    take_fax_answer(*leg, response);
    return std::nullopt;
  }
  leg->info.status = response.status();
  leg->info.reason = response.reason();
  const bool usable = take_answer(*leg, response);
  if (!usable || leg->hanging_up) {
    // RFC 3261 §13.2.2.4: acknowledged all the same, then ended.
    (void)agent->hang_up(call);
    finish(*leg, usable ? CallState::ended : CallState::failed, {});
    return std::nullopt;
  }
  leg->info.state = CallState::answered;
  if (proxy_sets) proxy_sets->call_answered(leg->server);
  if (!be_ready(*leg)) {
    (void)agent->hang_up(call);
    finish(*leg, CallState::failed, "SRTP cannot start");
    return std::nullopt;
  }
  end_referral(*leg, response.status(), response.reason());
  play(*leg);
  say(LogLevel::info, leg->info.remote + " answered: " + (leg->info.srtp.value_or(false) ? "SRTP" : "RTP"));
  notify();
  return std::nullopt;
}

void Gateway::State::on_confirmed(ua::CallId call, const sip::Message& ack) {
  Leg* leg = find(call);
  if (leg == nullptr || leg->info.state != CallState::answered) return;
  if (leg->offer_sent && !take_answer(*leg, ack)) {
    (void)agent->hang_up(call);
    return finish(*leg, CallState::failed, {});
  }
  if (!leg->agreed || leg->hanging_up || leg->in_fax) return;
  if (!be_ready(*leg)) {
    (void)agent->hang_up(call);
    return finish(*leg, CallState::failed, "SRTP cannot start");
  }
  play(*leg);
  notify();
}

void Gateway::State::on_rejected(ua::CallId call, const sip::Message& response) {
  Leg* leg = find(call);
  if (leg == nullptr) return;
  if (leg->fax_offered) return take_fax_answer(*leg, response);
  if (leg->info.state == CallState::answered) { // a re-INVITE: the session stays as it is (RFC 3261 §14.1)
    return offer_was_refused(*leg, &response);
  }
  note_mikey_error(*leg, response);
  leg->info.status = response.status();
  leg->info.reason = response.reason();
  finish(*leg, CallState::failed, std::to_string(response.status()) + " " + response.reason());
}

void Gateway::State::on_call_failed(ua::CallId call, const ua::RequestFailure& failure) {
  Leg* leg = find(call);
  if (leg == nullptr) return;
  if (leg->info.outgoing && leg->info.state == CallState::ringing) {
    const ua::Hop hop = agent->hop_of(call).value_or(ua::Hop{});
    const Told told = told_of(failure, hop.connection);
    leg->info.status = told.status;
    leg->info.reason = told.reason;
    if (proxy_sets) proxy_sets->call_failed(leg->server, failure.cause);
  }
  finish(*leg, CallState::failed, failure.cause);
}

void Gateway::State::on_reinvited(ua::CallId call, const sip::Message& request) {
  Leg* leg = find(call);
  if (leg == nullptr) return;
  const CallInfo before = leg->info;
  const std::optional<ua::AgreedMedia> agreed_before = leg->agreed;
  say(LogLevel::info, "re-INVITE from " + leg->info.remote);
  if (const auto turned = prepare(*leg, request)) {
    refuse(*leg, *turned);
    // RFC 3261 §14.2: a refused re-INVITE leaves the session as it was.
    leg->info = before;
    return;
  }
  if (!answer(*leg)) {
    leg->info = before;
    leg->agreed = agreed_before;
  }
}

// The other side takes no UPDATE: the session is offered again, under new keys.
void Gateway::State::on_refresh_due(ua::CallId call) {
  if (Leg* leg = find(call)) offer_again(*leg);
}

void Gateway::State::on_session_expired(ua::CallId call) {
  Leg* leg = find(call);
  if (leg == nullptr) return;
  leg->info.cause = "the session was not refreshed in time";
  say(LogLevel::warning, "call with " + leg->info.remote + ": the session was not refreshed in time");
}

void Gateway::State::on_ended(ua::CallId call, bool by_remote, const sip::Message*) {
  Leg* leg = find(call);
  if (leg == nullptr || leg->info.state == CallState::ended || leg->info.state == CallState::failed) return;
  leg->info.ended_by_remote = by_remote;
  finish(*leg, CallState::ended, {});
}

} // namespace sipvet::gateway
