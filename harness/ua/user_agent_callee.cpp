// The user agent as callee: INVITE, re-INVITE, CANCEL, ACK, BYE and other requests that come (RFC 3261 §8.2,
// §9.2, §13.3, §14.2, §15.1.2).
#include "dialog/request_builder.hpp"
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

bool is_known(std::string_view method) {
  return std::find(known_methods.begin(), known_methods.end(), method) != known_methods.end();
}

} // namespace

void UserAgent::State::refuse(ServerId id, const Hop& hop, const sip::Message& request, int status,
                              const HeaderValues& headers) {
  const std::string tag = dialog::new_tag(network.random());
  (void)transactions.respond(id, make_response(request, hop, status, {}, tag, headers, std::nullopt));
}

void UserAgent::State::invite_came(ServerId id, const Hop& hop, const sip::Message& request) {
  if (transactions.is_merged(id, request)) return refuse(id, hop, request, 482); // §8.2.2.2
  if (const auto required = request.header("Require")) {
    return refuse(id, hop, request, 420, {{"Unsupported", std::string(*required)}}); // §8.2.2.3
  }
  if (request.list("Contact").empty()) return refuse(id, hop, request, 400); // §8.1.1.8: mandatory in INVITE
  Call call;
  call.id = CallId{++last_id};
  call.incoming = true;
  call.invite = call.last_invite = request;
  call.hop = hop;
  call.target = target_of(hop);
  call.local_tag = dialog::new_tag(network.random());
  call.invite_server = id;
  const CallId made = call.id;
  calls.emplace(made, std::move(call));
  (void)transactions.respond(id, make_response(request, hop, 100, {}, {}, {}, std::nullopt));
  handler.on_incoming_call(made, hop, request);
}

void UserAgent::State::reinvite_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request) {
  if (call.invite_client != ClientId::none) return refuse(id, hop, request, 491); // §14.2: glare
  if (call.invite_server != ServerId::none) {
    // §14.2: a random wait of 0 to 10 seconds.
    return refuse(id, hop, request, 500, {{"Retry-After", std::to_string(network.random().below(11))}});
  }
  const CallId number = call.id;
  dialog::update_target(*call.dialog, request);
  call.invite_server = id;
  call.last_invite = request;
  call.hop = hop;
  (void)transactions.respond(id, make_response(request, hop, 100, {}, {}, {}, std::nullopt));
  handler.on_reinvited(number, request);
  Call* still = find(number);
  if (still != nullptr && still->invite_server == id)
    (void)respond_to_invite(*still, 488, {}, {}, std::nullopt);
}

void UserAgent::State::cancel_came(ServerId id, const Hop& hop, const sip::Message& request) {
  const ServerId invite = transactions.cancelled_by(request);
  const auto found = std::find_if(calls.begin(), calls.end(), [&](const auto& each) {
    return invite != ServerId::none &&
           (each.second.invite_server == invite || each.second.unacknowledged == invite);
  });
  if (found == calls.end()) return refuse(id, hop, request, 481); // §9.2
  Call& call = found->second;
  const CallId number = call.id;
  (void)transactions.respond(id, make_response(request, hop, 200, {}, call.local_tag, {}, std::nullopt));
  if (call.invite_server != invite) return; // answered already: no effect
  const bool new_call = !call.dialog || call.dialog->state == dialog::Dialog::State::early;
  (void)respond_to_invite(call, 487, {}, {}, std::nullopt);
  if (new_call) handler.on_ended(number, true, &request);
}

void UserAgent::State::bye_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request) {
  const CallId number = call.id;
  const ServerId pending = call.invite_server;
  if (!config.deviations.no_bye_response) {
    (void)transactions.respond(id, make_response(request, hop, 200, {}, call.local_tag, {}, std::nullopt));
  }
  if (pending != ServerId::none) (void)respond_to_invite(call, 487, {}, {}, std::nullopt); // §15.1.2
  transactions.acknowledged(call.unacknowledged);
  const bool was_over = call.state == CallState::ended;
  end(call);
  if (!was_over) handler.on_ended(number, true, &request);
}

void UserAgent::State::ack_came(const sip::Message& request) {
  Call* call = call_of(request);
  if (call == nullptr || call->unacknowledged == ServerId::none) return;
  const CallId id = call->id;
  transactions.acknowledged(std::exchange(call->unacknowledged, ServerId::none));
  if (call->state == CallState::answered) call->state = CallState::confirmed;
  handler.on_confirmed(id, request);
  Call* still = find(id);
  if (still != nullptr && still->bye_wanted && still->state != CallState::ended) {
    const HeaderValues headers = *std::exchange(still->bye_wanted, std::nullopt);
    (void)send_bye(*still, headers);
  }
}

void UserAgent::State::other_came(ServerId id, CallId call, const Hop& hop, const sip::Message& request) {
  open_requests[id] = {request, hop};
  if (handler.on_request(id, call, hop, request)) return;
  open_requests.erase(id);
  if (request.method() == "OPTIONS") return refuse(id, hop, request, 200); // §11.2
  const bool allowed =
      std::find(config.allow.begin(), config.allow.end(), request.method()) != config.allow.end();
  if (allowed && call != CallId::none) return refuse(id, hop, request, 200);
  refuse(id, hop, request, is_known(request.method()) ? 405 : 501);
}

// The response to the INVITE or re-INVITE that waits for one, with the state that follows from it.
Result<void> UserAgent::State::respond_to_invite(Call& call, int status, std::string reason,
                                                 const HeaderValues& headers,
                                                 const std::optional<Body>& body) {
  if (call.invite_server == ServerId::none) return fail("no INVITE waits for an answer");
  const ServerId id = call.invite_server;
  const sip::Message response =
      make_response(call.last_invite, call.hop, status, std::move(reason), call.local_tag, headers, body);
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
      call.unacknowledged = id;
      if (first) call.state = CallState::answered;
    } else if (first) {
      end(call);
    }
  }
  return transactions.respond(id, response);
}

} // namespace sipvet::ua
