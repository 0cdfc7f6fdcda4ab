// The user agent's reliable provisional responses (RFC 3262): given and acknowledged.
#include "base/text.hpp"
#include "dialog/request_builder.hpp"
#include "sip/cseq.hpp"
#include "sip/rack.hpp"
#include "ua/user_agent_state.hpp"

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
  (void)transactions.respond(id, make_response(request, hop, 200, {}, call.local_tag, {}, std::nullopt));
  forget_reliable(call);
  while (!call.held.empty() && !must_wait(call, call.held.front().status)) {
    HeldResponse next = std::move(call.held.front());
    call.held.pop_front();
    (void)respond_to_invite(call, next.status, std::move(next.reason), next.headers, next.body);
  }
}

// §4. A number that does not follow the last one is not acknowledged: what comes before it was lost, and is
// sent again.
bool UserAgent::State::acknowledge_progress(Call& call, const sip::Message& response) {
  const auto rseq = sip::parse_rseq(response.header("RSeq").value_or(""));
  if (!rseq || !lists(response, "Require", "100rel") ||
      config.reliable_provisional == ReliableProvisional::never)
    return true;
  const std::string tag = dialog::to_tag(response);
  const auto seen = call.seen_rseq.find(tag);
  if (seen != call.seen_rseq.end() && *rseq != seen->second + 1) return false;
  const auto early = std::find_if(call.early.begin(), call.early.end(),
                                  [&](const dialog::Dialog& each) { return each.remote_tag == tag; });
  const auto cseq = sip::parse_cseq(response.header("CSeq").value_or(""));
  if (early == call.early.end() || !cseq) return true;
  call.seen_rseq[tag] = *rseq;
  if (config.deviations.no_prack) return true;
  sip::Message prack = dialog::make_request(*early, "PRACK");
  const Target target = next_hop(*early, call.hop);
  finish_request(prack, target, false, {{"RAck", to_string(sip::RAck{*rseq, *cseq})}}, std::nullopt);
  if (const auto client = transactions.send_request(prack, target))
    uses[*client] = {Purpose::prack, call.id, RequestId::none};
  return true;
}

} // namespace sipvet::ua
