// Offers of a scripted peer in UPDATE and PRACK, and its answers to those of the gateway.
#include "peers/peer_state.hpp"

#include "sip/cseq.hpp"

namespace sipvet::peers {

namespace {

ua::SdpInMessage sdp_in(const sip::Message& message) {
  return ua::sdp_of(message.header("Content-Type").value_or(""), message.body());
}

} // namespace

std::optional<ua::OfferReply> Peer::State::on_offer(ua::CallId call, const sip::Message& request) {
  if (State* const branch = branch_with(call)) return branch->on_offer(call, request);
  Leg* const leg = find(call);
  const ua::SdpInMessage offer = sdp_in(request);
  if (leg == nullptr || !offer.session) return ua::OfferReply{};
  if (settings.updates == Settings::Updates::by_steps && request.method() == "UPDATE") {
    leg->remote_offer = offer.session;
    leg->updated = true;
    return std::nullopt;
  }
  const auto made = leg->media->answer(*offer.session, MediaWish::best, settings.suites);
  if (!made) return ua::OfferReply{};
  note_agreed(*leg, !leg->answered);
  return ua::OfferReply{200, sdp_body(*made), {}};
}

void Peer::State::on_offer_answered(ua::CallId call, const sip::Message& message) {
  if (State* const branch = branch_with(call)) return branch->on_offer_answered(call, message);
  Leg* const leg = find(call);
  if (leg == nullptr) return;
  const ua::SdpInMessage body = sdp_in(message);
  std::string problem;
  if (body.session) {
    const auto taken = leg->media->take_answer(*body.session);
    if (!taken) problem = taken.error().what;
    if (taken) note_agreed(*leg, !leg->answered);
  }
  if (message.is_request() || outstanding != "UPDATE") return; // it belongs to an INVITE
  if (leg->update_offered && !body.session) problem = "it has no answer to the offer in the UPDATE";
  Outcome& outcome = finish("UPDATE", message, "", leg);
  outcome.media_problem = problem;
  if (!problem.empty()) outcome.media.clear(); // what goes on is what was agreed before
}

void Peer::State::on_offer_refused(ua::CallId call, const sip::Message* response) {
  if (State* const branch = branch_with(call)) return branch->on_offer_refused(call, response);
  if (Leg* const leg = find(call); leg != nullptr && outstanding != "UPDATE") {
    leg->prack_problem = "the offer in its PRACK got no answer";
    return;
  }
  if (response != nullptr)
    finish("UPDATE", *response, "", nullptr);
  else
    finish("UPDATE", std::nullopt, "no response came to the UPDATE", nullptr);
}

std::optional<ua::Body> Peer::State::prack_body(ua::CallId call, const sip::Message& response) {
  if (State* const branch = branch_with(call)) return branch->prack_body(call, response);
  Leg* const leg = find(call);
  const ua::SdpInMessage body = sdp_in(response);
  if (leg == nullptr || leg->described || !body.session) return std::nullopt;
  leg->described = true;
  if (!leg->we_offered) {
    const auto made = leg->media->answer(*body.session, MediaWish::best, settings.suites);
    if (!made) return std::nullopt;
    note_agreed(*leg, true);
    return sdp_body(*made);
  }
  if (leg->prack_offer.empty() || leg->early_text.empty()) return std::nullopt;
  for (const auto shape :
       {keying::OfferShape::srtp_only, keying::OfferShape::srtp_and_rtp, keying::OfferShape::rtp_only}) {
    if (keying::name(shape) != leg->prack_offer) continue;
    const auto made = leg->media->offer(shape, settings.form, settings.suites);
    if (made) return sdp_body(*made);
  }
  return std::nullopt;
}

ActiveStep Peer::State::update(const script::Step& step) {
  Leg* const leg = latest();
  if (leg == nullptr || leg->ended || leg->rejected) return impossible(step, "it has no call to change");
  const bool offered_first = leg->we_offered;
  auto body = offer_body(*leg, step);
  leg->we_offered = offered_first; // in the INVITE
  if (!body) return impossible(step, body.error().what);
  leg->update_offered = body->has_value();
  begin_outcome("UPDATE");
  of_invite.reset();
  return done_or_impossible(step, agent->update(leg->id, std::move(*body)));
}

ActiveStep Peer::State::answer_update(Leg& leg, const script::Step& step) {
  leg.updated = false;
  const int status = static_cast<int>(script::as_integer(step.argument).value_or(200));
  if (status >= 300) {
    leg.remote_offer.reset();
    return done_or_impossible(step, agent->answer_offer(leg.id, {status, std::nullopt, headers_of(step)}));
  }
  const auto description = final_description(leg, step);
  if (!description) return impossible(step, description.error().what);
  leg.remote_offer.reset();
  note_agreed(leg, !leg.answered);
  return done_or_impossible(step,
                            agent->answer_offer(leg.id, {status, sdp_body(*description), headers_of(step)}));
}

} // namespace sipvet::peers
