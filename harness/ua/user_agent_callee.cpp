// The user agent as callee: INVITE, re-INVITE, CANCEL, ACK, BYE and other requests that come (RFC 3261 §8.2,
// §9.2, §13.3, §14.2, §15.1.2).
#include "dialog/request_builder.hpp"
#include "sip/cseq.hpp"
#include "ua/user_agent_state.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace sipvet::ua {

namespace {

// Registered methods (RFC 3261, 3262, 3311, 3428, 3515, 3903, 6086, 6665): 405 says "not here", 501 "never
// heard of it".
constexpr std::array<std::string_view, 14> known_methods = {
    "INVITE", "ACK",  "BYE",     "CANCEL", "REGISTER",  "OPTIONS", "PRACK",
    "UPDATE", "INFO", "MESSAGE", "REFER",  "SUBSCRIBE", "NOTIFY",  "PUBLISH"};

std::uint32_t cseq_of(const sip::Message& message) {
  const auto cseq = sip::parse_cseq(message.header("CSeq").value_or(""));
  return cseq ? cseq->number : 0;
}

bool is_known(std::string_view method) {
  return std::find(known_methods.begin(), known_methods.end(), method) != known_methods.end();
}

} // namespace

void UserAgent::State::refuse(ServerId id, const Hop& hop, const sip::Message& request, int status,
                              const HeaderValues& headers, std::string reason) {
  const std::string tag = dialog::new_tag(network.random());
  (void)transactions.respond(
      id, make_response(request, hop, status, std::move(reason), tag, headers, std::nullopt));
}

// §8.2.2.3. True: refused.
bool UserAgent::State::refuse_extensions(ServerId id, const Hop& hop, const sip::Message& request) {
  const std::vector<std::string> known = extensions();
  std::string all;
  for (const std::string& option : request.list("Require"))
    if (std::find(known.begin(), known.end(), option) == known.end())
      all += (all.empty() ? "" : ", ") + option;
  if (all.empty()) return false;
  refuse(id, hop, request, 420, {{"Unsupported", all}});
  return true;
}

void UserAgent::State::invite_came(ServerId id, const Hop& hop, const sip::Message& request) {
  if (transactions.is_merged(request)) return refuse(id, hop, request, 482); // §8.2.2.2
  if (refuse_extensions(id, hop, request) || refuse_unreliable(id, hop, request)) return;
  if (refuse_short_session(id, hop, request)) return;
  Call call;
  call.id = CallId{++last_id};
  call.incoming = true;
  call.invite = call.last_invite = request;
  call.hop = hop;
  call.target = target_of(hop);
  call.local_tag = dialog::new_tag(network.random());
  call.invite_server = call.last_server = id;
  (void)note_offer(call, dialog::Direction::received, dialog::Carrier::invite, request);
  learn_session(call, request);
  const CallId made = call.id;
  calls.emplace(made, std::move(call));
  (void)transactions.respond(id, make_response(request, hop, 100, {}, {}, {}, std::nullopt));
  handler.on_incoming_call(made, hop, request);
}

void UserAgent::State::reinvite_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request) {
  // §14.2: glare. So it is while an offer of ours in a 2xx waits for its answer (RFC 6337 §4.3).
  const bool our_offer_open = !call.unacknowledged.empty() && call.last_invite.body().empty();
  if (call.invite_client != ClientId::none || our_offer_open) return refuse(id, hop, request, 491);
  if (call.invite_server != ServerId::none) {
    // §14.2: a random wait of 0 to 10 seconds.
    return refuse(id, hop, request, 500, {{"Retry-After", std::to_string(network.random().below(11))}});
  }
  if (refuse_extensions(id, hop, request) || refuse_short_session(id, hop, request)) return;
  const bool crossing = config.deviations.crossing_offers_taken;
  switch (note_offer(call, dialog::Direction::received, dialog::Carrier::invite, request)) {
  case dialog::Meaning::glare: // with an offer of ours in an UPDATE
    if (!crossing) return refuse(id, hop, request, 491);
    break;
  case dialog::Meaning::too_early:
    if (!crossing)
      return refuse(id, hop, request, 500, {{"Retry-After", std::to_string(network.random().below(11))}});
    break;
  default:
    break;
  }
  const CallId number = call.id;
  call.invite_server = call.last_server = id;
  call.last_invite = request;
  call.hop = hop;
  (void)transactions.respond(id, make_response(request, hop, 100, {}, {}, {}, std::nullopt));
  handler.on_reinvited(number, request);
  Call* still = find(number);
  if (still != nullptr && still->invite_server == id && !handler.answers_later(number))
    (void)respond_to_invite(*still, 488, {}, {}, std::nullopt);
}

Result<CallId> UserAgent::State::fork(CallId id) {
  const Call* const call = find(id);
  if (call == nullptr || !call->incoming || call->invite_server == ServerId::none)
    return fail("no INVITE waits for an answer");
  Call branch;
  branch.id = CallId{++last_id};
  branch.incoming = true;
  branch.invite = branch.last_invite = call->invite;
  branch.hop = call->hop;
  branch.target = call->target;
  branch.local_tag = dialog::new_tag(network.random());
  branch.invite_server = branch.last_server = call->invite_server;
  (void)note_offer(branch, dialog::Direction::received, dialog::Carrier::invite, branch.invite);
  const CallId made = branch.id;
  calls.emplace(made, std::move(branch));
  return made;
}

void UserAgent::State::cancel_came(ServerId id, const Hop& hop, const sip::Message& request) {
  const ServerId invite = transactions.cancelled_by(request);
  if (invite == ServerId::none) return refuse(id, hop, request, 481); // §9.2
  const auto found = std::find_if(calls.begin(), calls.end(),
                                  [&](const auto& each) { return each.second.last_server == invite; });
  if (found == calls.end()) return refuse(id, hop, request, 200); // refused at once: no effect
  Call& call = found->second;
  const CallId number = call.id;
  (void)transactions.respond(id, make_response(request, hop, 200, {}, call.local_tag, {}, std::nullopt));
  if (call.invite_server != invite) return; // answered already: no effect
  const bool new_call = !call.dialog || call.dialog->state == dialog::Dialog::State::early;
  (void)respond_to_invite(call, 487, {}, {}, std::nullopt);
  if (new_call) handler.on_ended(number, true, &request);
  end_branches(invite, request);
}

// The other calls that fork() made of the same INVITE.
void UserAgent::State::end_branches(ServerId invite, const sip::Message& cancel) {
  std::vector<CallId> open;
  for (auto& [id, branch] : calls)
    if (branch.invite_server == invite) open.push_back(id);
  for (const CallId id : open) {
    Call* const branch = find(id);
    branch->invite_server = ServerId::none;
    end(*branch);
    handler.on_ended(id, true, &cancel);
  }
}

void UserAgent::State::bye_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request) {
  const CallId number = call.id;
  const ServerId pending = call.invite_server;
  if (!config.deviations.no_bye_response) {
    (void)transactions.respond(id, make_response(request, hop, 200, {}, call.local_tag, {}, std::nullopt));
  }
  const bool was_over = call.state == CallState::ended;
  if (pending != ServerId::none) (void)respond_to_invite(call, 487, {}, {}, std::nullopt); // §15.1.2
  for (const auto& [cseq, server] : std::exchange(call.unacknowledged, {})) transactions.acknowledged(server);
  end(call);
  if (!was_over) handler.on_ended(number, true, &request);
}

void UserAgent::State::ack_came(const sip::Message& request) {
  Call* call = call_of(request);
  const auto cseq = sip::parse_cseq(request.header("CSeq").value_or(""));
  if (call == nullptr || !cseq) return;
  const auto waiting = call->unacknowledged.find(cseq->number); // §13.2.2.4: the INVITE's number
  if (waiting == call->unacknowledged.end()) return;
  const CallId id = call->id;
  transactions.acknowledged(waiting->second);
  (void)note_offer(*call, dialog::Direction::received, dialog::Carrier::ack, request);
  call->unacknowledged.erase(waiting);
  if (call->state == CallState::answered) call->state = CallState::confirmed;
  handler.on_confirmed(id, request);
  Call* still = find(id);
  if (still != nullptr && still->bye_wanted && still->state != CallState::ended) {
    const HeaderValues headers = *std::exchange(still->bye_wanted, std::nullopt);
    (void)send_bye(*still, headers);
  }
}

void UserAgent::State::other_came(ServerId id, CallId call, const Hop& hop, const sip::Message& request) {
  const Call* within = find(call);
  open_requests[id] = {request, hop, within ? within->local_tag : dialog::new_tag(network.random())};
  if (handler.on_request(id, call, hop, request)) return;
  open_requests.erase(id);
  if (is_known(request.method()) && refuse_extensions(id, hop, request)) return;
  if (request.method() == "OPTIONS") return refuse(id, hop, request, 200); // §11.2
  const bool allowed =
      std::find(config.allow.begin(), config.allow.end(), request.method()) != config.allow.end();
  if (allowed && call != CallId::none) return refuse(id, hop, request, 200);
  refuse(id, hop, request, is_known(request.method()) ? 405 : 501);
}

void UserAgent::State::note_response_to_invite(Call& call, int status, bool reliable,
                                               const sip::Message& response) {
  using dialog::Carrier;
  if (status == 100) return;
  const Carrier provisional = reliable ? Carrier::reliable_provisional : Carrier::unreliable_provisional;
  const Carrier final = status < 300 ? Carrier::invite_success : Carrier::invite_failure;
  (void)note_offer(call, dialog::Direction::sent, status < 200 ? provisional : final, response);
}

// The response to the INVITE or re-INVITE that waits for one, with the state that follows from it.
Result<void> UserAgent::State::respond_to_invite(Call& call, int status, std::string reason,
                                                 const HeaderValues& headers,
                                                 const std::optional<Body>& body) {
  if (call.invite_server == ServerId::none) return fail("no INVITE waits for an answer");
  if (must_wait(call, status)) {
    call.held.push_back({status, std::move(reason), headers, body});
    return {};
  }
  const ServerId id = call.invite_server;
  const bool success = status >= 200 && status < 300;
  const dialog::SessionAnswer session =
      dialog::answer_session_request(config.session_timer, call.last_invite);
  HeaderValues all = success ? session.headers : HeaderValues{};
  all.insert(all.end(), headers.begin(), headers.end());
  sip::Message response =
      make_response(call.last_invite, call.hop, status, std::move(reason), call.local_tag, all, body);
  const bool reliable = status > 100 && status < 200 && reliable_to(call);
  if (reliable) make_reliable(call, response);
  if (status >= 200) forget_reliable(call); // RFC 3262 §3
  if (status > 100 && status < 300 && !call.dialog) {
    SIPVET_TRY(call.dialog,
               dialog::make_uas_dialog(call.last_invite, response, call.hop.transport == Transport::tls));
    dialogs[dialog_key(*call.dialog)] = call.id;
  }
  const bool first = call.state == CallState::inviting || call.state == CallState::ringing;
  if (status < 200) {
    call.state = CallState::ringing;
  } else {
    call.invite_server = ServerId::none;
    if (status < 300) {
      call.dialog->state = dialog::Dialog::State::confirmed;
      call.unacknowledged[cseq_of(call.last_invite)] = id;
      // §12.2.2; RFC 6141 §4.3: a re-INVITE that is refused changes no target.
      dialog::update_target(*call.dialog, call.last_invite);
      learn_session(call, call.last_invite);
      session_agreed(call, session.timer);
      if (first) call.state = CallState::answered;
    } else if (first) {
      end(call);
    }
  }
  note_response_to_invite(call, status, reliable, response);
  if (reliable) watch_reliable(call, response, body.has_value());
  return transactions.respond(id, response);
}

} // namespace sipvet::ua
