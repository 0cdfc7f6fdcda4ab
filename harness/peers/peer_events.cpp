// What a scripted peer does when its user agent reports something, whatever step is under way.
#include "peers/peer_state.hpp"

#include "sdp/session.hpp"
#include "sip/cseq.hpp"
#include "ua/dtmf_relay.hpp"

#include <fmt/format.h>

namespace sipvet::peers {

namespace {

ua::SdpInMessage sdp_in(const sip::Message& message) {
  return ua::sdp_of(message.header("Content-Type").value_or(""), message.body());
}

} // namespace

ua::Body sdp_body(const sdp::Session& session) { return {sdp::serialize(session), "application/sdp"}; }

Leg* Peer::State::find(ua::CallId call) {
  for (const auto& leg : legs)
    if (leg->id == call) return leg.get();
  return nullptr;
}

const ua::DtlsStatus* Peer::State::dtls_of_latest() {
  const Leg* leg = latest();
  return leg != nullptr && leg->media ? leg->media->dtls() : nullptr;
}

Leg* Peer::State::latest() { return legs.empty() ? nullptr : legs.back().get(); }

std::unique_ptr<LegMedia> Peer::State::make_media() {
  ua::MediaOptions options;
  options.pace = surroundings.media_pace;
  options.deviations = settings.media_deviations;
  return std::make_unique<LegMedia>(
      surroundings.network, surroundings.address, settings, options, surroundings.voiceprint,
      KeyMeans{DtlsMeans{dtls_identity ? &*dtls_identity : nullptr, surroundings.keylog},
               mikey ? &*mikey : nullptr});
}

void Peer::State::begin_outcome(std::string method, std::size_t responses) {
  outstanding = responses == 0 ? std::string() : std::move(method);
  outcomes.clear();
  wanted_outcomes = responses;
}

Outcome& Peer::State::finish(std::string method, std::optional<sip::Message> response, std::string failure,
                             const Leg* leg) {
  Outcome out;
  out.method = std::move(method);
  out.response = std::move(response);
  out.failure = std::move(failure);
  if (leg != nullptr && leg->media) {
    out.media = leg->media->kind();
    out.suite = leg->media->suite();
    out.exchange = leg->media->exchange();
  }
  out.disagreement = disagreement_of(out);
  if (out.method == "INVITE" && outstanding == "UPDATE") return of_invite.emplace(std::move(out));
  if (answered_all() && !outcomes.empty())
    outcomes.back() = std::move(out);
  else
    outcomes.push_back(std::move(out));
  return outcomes.back();
}

// The UPDATE of a call that is not answered yet was judged: what is waited for next is the INVITE's outcome.
void Peer::State::go_on_with_invite() {
  const Leg* const leg = latest();
  if (outstanding != "UPDATE" || leg == nullptr || leg->incoming) return;
  if (!of_invite && (leg->answered || leg->rejected || leg->ended)) return;
  begin_outcome("INVITE");
  if (of_invite) outcomes.push_back(*std::exchange(of_invite, std::nullopt));
}

Peer::State* Peer::State::branch_with(ua::CallId call) {
  for (State* const branch : branches)
    if (branch->find(call) != nullptr) return branch;
  return nullptr;
}

// The proxy cancels the branches that did not answer (RFC 3261 §16.7).
void Peer::State::silence_other_branches(const Leg& answered) {
  State& first = trunk != nullptr ? *trunk : *this;
  std::vector<State*> all = first.branches;
  all.push_back(&first);
  const sip::Message* const invite = agent->invite_of(answered.id);
  for (State* const branch : all)
    for (const auto& leg : branch->legs) {
      const sip::Message* const other = agent->invite_of(leg->id);
      const bool same = invite != nullptr && other != nullptr && leg.get() != &answered &&
                        other->header("Call-ID") == invite->header("Call-ID");
      if (same && !leg->answered) leg->media->stop();
    }
}

void Peer::State::note_agreed(const Leg& leg, bool early) {
  const sip::Message* invite = agent->invite_of(leg.id);
  if (invite == nullptr || leg.media->kind().empty() || leg.media->kind() == "t38") return;
  agreed_calls.push_back({std::string(invite->header("Call-ID").value_or("")), leg.media->kind(),
                          leg.media->suite(), leg.media->local_rtp(), leg.media->keys(), early});
  agreed_legs.push_back(&leg);
}

void Peer::State::on_incoming_call(ua::CallId call, const ua::Hop& hop, const sip::Message& invite) {
  auto leg = std::make_unique<Leg>();
  leg->id = call;
  leg->incoming = true;
  leg->media = make_media();
  leg->remote_offer = sdp_in(invite).session;
  legs.push_back(std::move(leg));
  inbox.push_back({invite, call});
  for (State* const branch : branches)
    if (const auto made = agent->fork(call)) branch->on_incoming_call(*made, hop, invite);
}

// An answer in a provisional response is the answer (RFC 3261 §13.2.1).
void Peer::State::on_progress(ua::CallId call, const sip::Message& response) {
  if (State* const branch = branch_with(call)) return branch->on_progress(call, response);
  Leg* leg = find(call);
  if (leg == nullptr) return;
  inbox.push_back({response, call});
  const ua::SdpInMessage body = sdp_in(response);
  if (!body.session || !leg->we_offered || leg->answered || !leg->early_text.empty()) return;
  if (!leg->media->take_answer(*body.session)) return;
  leg->early_text = sdp::serialize(*body.session);
  note_agreed(*leg, true);
}

void Peer::State::on_reinvited(ua::CallId call, const sip::Message& request) {
  if (State* const branch = branch_with(call)) return branch->on_reinvited(call, request);
  if (Leg* leg = find(call)) {
    leg->remote_offer = sdp_in(request).session;
    leg->reinvited = true;
  }
  inbox.push_back({request, call});
}

std::optional<ua::Body> Peer::State::on_answered(ua::CallId call, const sip::Message& response) {
  if (State* const branch = branch_with(call)) return branch->on_answered(call, response);
  Leg* leg = find(call);
  if (leg == nullptr) return std::nullopt;
  leg->answered = true;
  const ua::SdpInMessage body = sdp_in(response);
  std::optional<ua::Body> ack_body;
  std::string problem;
  if (!body.session && leg->described) {
    leg->early_text.clear(); // all was said in provisional responses and their PRACKs
  } else if (!body.session) {
    problem = body.what.empty() ? "it carries no SDP" : body.what;
  } else if (leg->we_offered) {
    const std::string early = std::exchange(leg->early_text, {});
    if (!early.empty() && early != sdp::serialize(*body.session))
      problem = "its session description is another than that of the provisional response";
    const auto taken = leg->media->offers_t38() ? leg->media->take_t38_answer(*body.session)
                                                : leg->media->take_answer(*body.session);
    if (!taken) problem = taken.error().what;
  } else {
    const auto made = leg->media->answer(*body.session, MediaWish::best, settings.suites);
    if (made)
      ack_body = sdp_body(*made);
    else
      problem = made.error().what;
  }
  leg->described = false;
  if (problem.empty()) problem = leg->prack_problem;
  finish("INVITE", response, "", leg).media_problem = problem;
  if (problem.empty()) note_agreed(*leg);
  return ack_body;
}

void Peer::State::on_confirmed(ua::CallId call, const sip::Message& ack) {
  if (State* const branch = branch_with(call)) return branch->on_confirmed(call, ack);
  Leg* leg = find(call);
  if (leg == nullptr) return;
  // The answer to an offer that our 2xx made.
  if (const ua::SdpInMessage body = sdp_in(ack); body.session) (void)leg->media->take_answer(*body.session);
  note_agreed(*leg);
  inbox.push_back({ack, call});
}

void Peer::State::on_rejected(ua::CallId call, const sip::Message& response) {
  if (State* const branch = branch_with(call)) return branch->on_rejected(call, response);
  Leg* leg = find(call);
  if (leg != nullptr && !leg->answered) leg->rejected = true;
  finish("INVITE", response, "", nullptr);
}

void Peer::State::on_call_failed(ua::CallId call, const ua::RequestFailure& failure) {
  if (State* const branch = branch_with(call)) return branch->on_call_failed(call, failure);
  if (Leg* leg = find(call)) {
    leg->ended = true;
    leg->media->stop();
  }
  finish("INVITE", std::nullopt, failure.cause, nullptr);
}

void Peer::State::on_ended(ua::CallId call, bool by_remote, const sip::Message* request) {
  if (State* const branch = branch_with(call)) return branch->on_ended(call, by_remote, request);
  Leg* leg = find(call);
  if (leg == nullptr) return;
  leg->ended = true;
  leg->bye_done = !by_remote;
  // A branch that another one came before with its answer gets no media (RFC 3261 §13.2.2.4).
  const bool of_fork = trunk != nullptr || !branches.empty();
  for (std::size_t i = 0; i < agreed_legs.size(); ++i)
    if (of_fork && by_remote && agreed_legs[i] == leg && !leg->media->heard_anything())
      agreed_calls[i].early = true;
  leg->media->stop();
  if (by_remote && request != nullptr) inbox.push_back({*request, call});
}

void Peer::State::on_response(ua::RequestId id, const sip::Message& response) {
  if (registrar && registrar->on_response(id, response)) return;
  if (response.status() < 200) return;
  const auto cseq = sip::parse_cseq(response.header("CSeq").value_or(""));
  finish(cseq ? cseq->method : "request", response, "", nullptr);
}

void Peer::State::on_request_failed(ua::RequestId id, const ua::RequestFailure& failure) {
  if (registrar && registrar->on_request_failed(id)) return;
  finish(outstanding, std::nullopt, failure.cause, nullptr);
}

bool Peer::State::on_request(ua::ServerId, ua::CallId call, const ua::Hop&, const sip::Message& request) {
  State* const branch = branch_with(call);
  State& own = branch != nullptr ? *branch : *this;
  own.inbox.push_back({request, call});
  Leg* const leg = own.find(call);
  if (const auto key = ua::dtmf_relay_key(request); key && leg != nullptr) leg->keys_by_info.push_back(*key);
  if (request.method() == "OPTIONS" && !settings.answers_options) return true; // and nobody does
  return false; // the user agent answers as RFC 3261 says
}

void Peer::State::on_answered_request(ua::CallId call, const sip::Message& request) {
  inbox.push_back({request, call});
}

void Peer::State::on_stray_response(const ua::Hop&, const sip::Message& response) {
  if (response.status() >= 200) finish(outstanding, response, "", nullptr);
}

// The user agent tells that a BYE is over, but not how.
void Peer::State::note_bye_response(const sip::Message& response) {
  const auto cseq = sip::parse_cseq(response.header("CSeq").value_or(""));
  if (!cseq || cseq->method != "BYE" || response.status() < 200) return;
  for (State* const branch : branches) branch->note_bye_response(response);
  for (const auto& leg : legs) {
    const sip::Message* invite = agent->invite_of(leg->id);
    if (invite != nullptr && invite->header("Call-ID") == response.header("Call-ID"))
      leg->bye_response = fmt::format("{} {}", response.status(), response.reason());
  }
}

void Peer::State::on_traffic(bool sent, const ua::Hop& hop, const sip::Message& message) {
  if (!sent && !message.is_request()) note_bye_response(message);
  if (!sent && hop.connection != net::ConnectionId::none) record_of(hop).data_received = true;
  if (surroundings.traffic) surroundings.traffic(sent, hop, message);
}

} // namespace sipvet::peers
