// The user agent's reliable provisional responses (RFC 3262): given and acknowledged.
#include "base/text.hpp"
#include "dialog/request_builder.hpp"
#include "sip/cseq.hpp"
#include "sip/rack.hpp"
#include "ua/user_agent_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sipvet::ua {

namespace {

bool lists(const sip::Message& message, std::string_view header, std::string_view option) {
  const std::vector<std::string> all = message.list(header);
  return std::any_of(all.begin(), all.end(), [&](const std::string& each) { return iequals(each, option); });
}

} // namespace

std::string_view name(ReliableProvisional use) {
  switch (use) {
  case ReliableProvisional::never:
    return "never";
  case ReliableProvisional::supported:
    return "supported";
  case ReliableProvisional::required:
    return "required";
  }
  return "never";
}

std::optional<ReliableProvisional> find_reliable_provisional(std::string_view text) {
  for (const auto use :
       {ReliableProvisional::never, ReliableProvisional::supported, ReliableProvisional::required})
    if (name(use) == text) return use;
  return std::nullopt;
}

// §3: who insists on reliable responses refuses callers that cannot acknowledge them (RFC 3261 §21.4.16).
bool UserAgent::State::refuse_unreliable(ServerId id, const Hop& hop, const sip::Message& request) {
  if (config.reliable_provisional != ReliableProvisional::required) return false;
  if (lists(request, "Supported", "100rel") || lists(request, "Require", "100rel")) return false;
  refuse(id, hop, request, 421, {{"Require", "100rel"}});
  return true;
}

// §3: whenever the caller requires it; here also whenever it can. Not in re-INVITEs, which are answered at
// once.
bool UserAgent::State::reliable_to(const Call& call) const {
  if (config.reliable_provisional == ReliableProvisional::never) return false;
  if (call.dialog && call.dialog->state == dialog::Dialog::State::confirmed) return false;
  return lists(call.last_invite, "Supported", "100rel") || lists(call.last_invite, "Require", "100rel");
}

// §3: one at a time; and no 2xx before a description was acknowledged.
bool UserAgent::State::must_wait(const Call& call, int status) const {
  if (!call.reliable) return false;
  return status < 200 || (status < 300 && call.reliable->described);
}

void UserAgent::State::make_reliable(Call& call, sip::Message& response) {
  if (call.last_rseq == 0)
    call.last_rseq = static_cast<std::uint32_t>(network.random().below(1U << 16)); // §3: below 2^31
  ++call.last_rseq;
  response.set("Require", "100rel");
  response.set("RSeq", std::to_string(call.last_rseq));
  if (updates()) response.set("Allow", fmt::format("{}", fmt::join(methods(), ", "))); // RFC 3311 §5.1
}

void UserAgent::State::watch_reliable(Call& call, sip::Message response, bool described) {
  ReliableResponse made{std::move(response), call.last_rseq,   described,
                        net::TimerId::none,  config.timers.t1, network.now()};
  made.timer = reliable_clock.wake(call.id, made.interval);
  call.reliable = std::move(made);
}

void UserAgent::State::forget_reliable(Call& call) {
  if (call.reliable) reliable_clock.cancel(call.reliable->timer);
  call.reliable.reset();
}

// §3: after T1, and twice as long each time; without PRACK for 64*T1 the INVITE gets a 5xx.
void UserAgent::State::repeat_provisional(CallId id) {
  Call* call = find(id);
  if (call == nullptr || !call->reliable || call->invite_server == ServerId::none) return;
  if (network.now() - call->reliable->began >= 64 * config.timers.t1) {
    forget_reliable(*call);
    call->held.clear();
    (void)respond_to_invite(*call, 504, {}, {}, std::nullopt);
    return handler.on_call_failed(id, {"no PRACK came for the provisional response", true});
  }
  (void)transactions.respond(call->invite_server, call->reliable->response);
  call->reliable->interval *= 2;
  const Duration left = call->reliable->began + 64 * config.timers.t1 - network.now();
  call->reliable->timer = reliable_clock.wake(id, std::min(call->reliable->interval, left));
}

void UserAgent::State::prack_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request) {
  const auto rack = sip::parse_rack(request.header("RAck").value_or(""));
  const auto cseq = sip::parse_cseq(call.last_invite.header("CSeq").value_or(""));
  const bool due = call.reliable && cseq && rack && rack->response == call.reliable->rseq &&
                   rack->cseq.number == cseq->number && rack->cseq.method == "INVITE";
  if (!due && !(config.deviations.any_prack && call.reliable)) return refuse(id, hop, request, 481); // §3
  const CallId number = call.id;
  const std::optional<OfferReply> reply = take_prack(call, request);
  if (!reply) return refuse(id, hop, request, 400, {}, "Answer Missing or Not Due"); // §5
  const bool success = reply->status < 300;
  const sip::Message response =
      make_response(request, hop, reply->status, {}, call.local_tag, reply->headers, reply->answer);
  (void)note_offer(call, dialog::Direction::sent,
                   success ? dialog::Carrier::prack_success : dialog::Carrier::prack_failure, response);
  (void)transactions.respond(id, response);
  forget_reliable(call);
  for (Call* open = find(number); open != nullptr && !open->held.empty(); open = find(number)) {
    if (must_wait(*open, open->held.front().status)) return;
    HeldResponse next = std::move(open->held.front());
    open->held.pop_front();
    (void)respond_to_invite(*open, next.status, std::move(next.reason), next.headers, next.body);
  }
}

// §5: what the PRACK says of the session. None: it lacks what it must have, or has what it must not.
std::optional<OfferReply> UserAgent::State::take_prack(Call& call, const sip::Message& request) {
  const bool answer_due =
      offers_of(call, dialog::from_tag(request)).state() == dialog::OfferState::local_offer;
  const dialog::Meaning meaning =
      note_offer(call, dialog::Direction::received, dialog::Carrier::prack, request);
  switch (meaning) {
  case dialog::Meaning::offer: {
    if (config.deviations.offers_unanswered) return OfferReply{200, std::nullopt};
    return handler.on_offer(call.id, request).value_or(OfferReply{});
  }
  case dialog::Meaning::answer:
    handler.on_offer_answered(call.id, request);
    return OfferReply{200, std::nullopt};
  case dialog::Meaning::nothing:
    return OfferReply{200, std::nullopt};
  default:
    if (!answer_due && request.body().empty()) return OfferReply{200, std::nullopt};
    return std::nullopt;
  }
}

bool UserAgent::State::is_reliable_progress(const sip::Message& response) const {
  return sip::parse_rseq(response.header("RSeq").value_or("")).has_value() &&
         lists(response, "Require", "100rel") && config.reliable_provisional != ReliableProvisional::never;
}

// §4. A number that does not follow the last one is not acknowledged: what comes before it was lost, and is
// sent again.
bool UserAgent::State::take_rseq(Call& call, const sip::Message& response) {
  const auto rseq = sip::parse_rseq(response.header("RSeq").value_or(""));
  const std::string tag = dialog::to_tag(response);
  const auto seen = call.seen_rseq.find(tag);
  if (seen != call.seen_rseq.end() && *rseq != seen->second + 1) return false;
  if (dialog_for(call, tag) != nullptr) call.seen_rseq[tag] = *rseq;
  return true;
}

void UserAgent::State::send_prack(CallId id, const sip::Message& response) {
  Call* const call = find(id);
  if (call == nullptr || call->dialog || call->state == CallState::ended || config.deviations.no_prack)
    return;
  const dialog::Dialog* const early = dialog_for(*call, dialog::to_tag(response));
  if (early == nullptr) return;
  std::optional<Body> body = handler.prack_body(id, response);
  when_located(id, next_uri(*early), [=, this](Call& then, const Result<void>& way) {
    dialog::Dialog* const within = dialog_for(then, dialog::to_tag(response));
    const auto rseq = sip::parse_rseq(response.header("RSeq").value_or(""));
    const auto cseq = sip::parse_cseq(response.header("CSeq").value_or(""));
    if (!way || within == nullptr || !rseq || !cseq) return;
    sip::Message prack = dialog::make_request(*within, "PRACK");
    const Target target = next_hop(*within, then.hop);
    finish_request(prack, target, false, {{"RAck", to_string(sip::RAck{*rseq, *cseq})}}, body);
    (void)note_offer(then, dialog::Direction::sent, dialog::Carrier::prack, prack);
    if (const auto client = send_request(prack, target))
      uses[*client] = {Purpose::prack, then.id, RequestId::none};
  });
}

void UserAgent::State::prack_response(Call& call, const sip::Message& response) {
  if (response.status() < 200) return;
  const CallId id = call.id;
  const bool success = response.status() < 300;
  const bool offered = offers_of(call, dialog::to_tag(response)).offered_in(dialog::Carrier::prack);
  const dialog::Meaning meaning =
      note_offer(call, dialog::Direction::received,
                 success ? dialog::Carrier::prack_success : dialog::Carrier::prack_failure, response);
  if (meaning == dialog::Meaning::answer) return handler.on_offer_answered(id, response);
  if (offered) handler.on_offer_refused(id, &response);
}

} // namespace sipvet::ua
