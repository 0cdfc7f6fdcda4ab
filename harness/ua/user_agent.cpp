#include "ua/user_agent.hpp"

#include "dialog/request_builder.hpp"
#include "sip/cseq.hpp"
#include "sip/name_addr.hpp"
#include "ua/user_agent_state.hpp"

namespace sipvet::ua {

namespace {
Error no_such_call() { return fail("there is no such call"); }

// What makes a request unusable whatever it asks for (RFC 3261 §8.1.1, §20); empty: nothing.
std::string flaw_of(const sip::Message& request) {
  const auto readable = [&](const char* name) {
    return sip::parse_name_addr(request.header(name).value_or("")).has_value();
  };
  for (const char* name : {"From", "To"}) {
    if (!readable(name)) return "Missing or Unreadable " + std::string(name);
  }
  if (request.header("Call-ID").value_or("").empty()) return "Missing Call-ID";
  const auto cseq = sip::parse_cseq(request.header("CSeq").value_or(""));
  if (!cseq || cseq->method != request.method()) return "CSeq Does Not Fit the Request";
  if (request.method() != "INVITE") return {};
  // §8.1.1.8: mandatory in INVITE, and where the requests of the dialog go.
  const std::vector<std::string> contacts = request.list("Contact");
  if (contacts.empty() || !sip::parse_name_addr(contacts.front())) return "Missing or Unreadable Contact";
  return {};
}
} // namespace

UserAgent::State::State(net::Network& net, UserAgentConfig settings, UserAgentHandler& user)
    : network(net), config(std::move(settings)), handler(user),
      transactions(net, *this, config.timers, config.tls, this), digest(config.accounts, net.random()) {}

Call* UserAgent::State::find(CallId id) {
  const auto found = calls.find(id);
  return found == calls.end() ? nullptr : &found->second;
}

Call* UserAgent::State::call_of(const sip::Message& received) {
  const auto found = dialogs.find(dialog::dialog_key(received));
  return found == dialogs.end() ? nullptr : find(found->second);
}

// The call stays known, so that its state can be asked for and late repetitions are answered; its dialog does
// not.
void UserAgent::State::end(Call& call) {
  call.state = CallState::ended;
  session_clock.cancel(call.session_clock);
  forget_reliable(call);
  forget_early(call);
  if (!call.dialog) return;
  call.dialog->state = dialog::Dialog::State::terminated;
  dialogs.erase(dialog_key(*call.dialog));
}

void UserAgent::State::forget_early(Call& call) {
  for (const dialog::Dialog& early : call.early)
    if (!call.dialog || early.remote_tag != call.dialog->remote_tag) dialogs.erase(dialog_key(early));
  call.early.clear();
  call.branch_offers.clear();
}

void UserAgent::State::on_request(ServerId id, const Hop& hop, const sip::Message& request) {
  if (request.method() == "ACK") return ack_came(request);
  if (std::string flaw = flaw_of(request); !flaw.empty())
    return refuse(id, hop, request, 400, {}, std::move(flaw)); // §21.4.1
  if (request.method() == "CANCEL") return cancel_came(id, hop, request);
  const bool within = !dialog::to_tag(request).empty();
  Call* call = within ? call_of(request) : nullptr;
  // RFC 3261 §12.2.2; after our BYE the session is over, and only a BYE that crossed it may still come (§15).
  const bool over = call != nullptr && call->state == CallState::ended && request.method() != "BYE";
  dialog::Dialog* const dialog =
      call == nullptr || over ? nullptr : dialog_for(*call, dialog::from_tag(request));
  // Before the call is answered its callees may only change what they have said (RFC 3311 §5.1).
  const bool early = dialog != nullptr && !call->dialog;
  if (within && (dialog == nullptr || (early && request.method() != "UPDATE")))
    return refuse(id, hop, request, 481);
  if (call != nullptr) {
    if (!dialog::accept_request(*dialog, request)) return refuse(id, hop, request, 500); // §12.2.2
    if (request.method() == "INVITE") return reinvite_came(id, *call, hop, request);
    if (request.method() == "BYE") return bye_came(id, *call, hop, request);
    const bool prack =
        request.method() == "PRACK" && config.reliable_provisional != ReliableProvisional::never;
    const bool update = request.method() == "UPDATE" && updates();
    if (prack || update) {
      const CallId number = call->id;
      prack ? prack_came(id, *call, hop, request) : update_came(id, *call, hop, request);
      return handler.on_answered_request(number, request);
    }
    return other_came(id, call->id, hop, request);
  }
  if (request.method() == "INVITE") return invite_came(id, hop, request);
  if (request.method() == "BYE") return refuse(id, hop, request, 481); // §15.1.2
  other_came(id, CallId::none, hop, request);
}

void UserAgent::State::on_response(ClientId id, const Hop& hop, const sip::Message& response) {
  const auto found = uses.find(id);
  if (found == uses.end()) return;
  const Use use = found->second;
  if (response.status() >= 200 && answer_challenge(id, use, response)) return;
  if (response.status() == 503 && move_on(id, use, "503 " + response.reason())) return;
  if (response.status() >= 200) unanswered.erase(id);
  const bool invite = use.purpose == Purpose::invite || use.purpose == Purpose::reinvite;
  // The uses of INVITEs stay: repetitions of a 2xx, and those of other branches, come under the same
  // transaction.
  if (!invite && response.status() >= 200) uses.erase(found);
  Call* call = find(use.call);
  if (invite && call != nullptr) {
    invite_response(*call, use, hop, response);
  } else if (use.purpose == Purpose::bye && call != nullptr && response.status() >= 200) {
    end(*call);
    handler.on_ended(use.call, false, nullptr);
  } else if (use.purpose == Purpose::refresh && call != nullptr) {
    refresh_response(*call, response);
  } else if (use.purpose == Purpose::update && call != nullptr) {
    update_response(*call, response);
  } else if (use.purpose == Purpose::prack && call != nullptr) {
    prack_response(*call, response);
  } else if (use.purpose == Purpose::other) {
    handler.on_response(use.request, response);
  }
}

void UserAgent::State::on_client_failed(ClientId id, const std::string& cause, bool timed_out) {
  const auto found = uses.find(id);
  if (found == uses.end()) return;
  const Use use = found->second;
  if (move_on(id, use, cause)) return;
  uses.erase(id);
  unanswered.erase(id);
  Call* call = find(use.call);
  if (call != nullptr) note_failed(*call, use.purpose);
  request_failed(use, cause, timed_out);
}

void UserAgent::State::request_failed(const Use& use, const std::string& cause, bool timed_out) {
  Call* call = find(use.call);
  if (use.purpose == Purpose::other) return handler.on_request_failed(use.request, {cause, timed_out});
  const bool without_effect = use.purpose == Purpose::cancel || use.purpose == Purpose::unwanted_branch ||
                              use.purpose == Purpose::prack;
  if (call == nullptr || without_effect) return;
  if (use.purpose == Purpose::refresh) return refresh_failed(*call);
  if (use.purpose == Purpose::update) call->update_client = ClientId::none;
  if (use.purpose == Purpose::update && !call->dialog) return handler.on_offer_refused(use.call, nullptr);
  call->invite_client = ClientId::none;
  const bool untouched = use.purpose == Purpose::invite && !call->provisional_seen;
  if (untouched && try_next_server(*call, cause)) return;
  // RFC 3261 §12.2.1.2: without an answer to a request within it, the dialog is ended.
  const bool changes = use.purpose == Purpose::reinvite || use.purpose == Purpose::update;
  if (changes && call->state != CallState::ended) (void)send_bye(*call, {});
  end(*call);
  // RFC 3261 §15.1.1: a BYE that fails ends the call all the same.
  if (use.purpose == Purpose::bye) return handler.on_ended(use.call, false, nullptr);
  handler.on_call_failed(use.call, {cause, timed_out});
}

void UserAgent::State::on_server_failed(ServerId id, const std::string& cause) {
  for (auto& [number, call] : calls) {
    if (std::erase_if(call.unacknowledged, [&](const auto& each) { return each.second == id; }) == 0)
      continue;
    const CallId failed = number;
    // RFC 3261 §13.3.1.4: the dialog is confirmed, so it is ended with BYE.
    if (call.dialog && call.state != CallState::ended) (void)send_bye(call, {});
    end(call);
    return handler.on_call_failed(failed, {cause, true});
  }
}

void UserAgent::State::on_stray_response(const Hop& hop, const sip::Message& response) {
  handler.on_stray_response(hop, response);
}

void UserAgent::State::on_message(const Hop& hop, const sip::Message& message) {
  handler.on_traffic(false, hop, message);
}
void UserAgent::State::on_sent(const Hop& hop, const sip::Message& message) {
  handler.on_traffic(true, hop, message);
}
void UserAgent::State::on_connected(const Hop& hop, const std::optional<tls::SessionInfo>& session) {
  handler.on_connected(hop, session);
}
void UserAgent::State::on_connect_failed(const Hop& hop, const ConnectFailure& failure) {
  handler.on_connect_failed(hop, failure);
}
void UserAgent::State::on_closed(const Hop& hop, const Closure& closure) { handler.on_closed(hop, closure); }
void UserAgent::State::on_alert(const Hop& hop, const tls::Alert& alert, bool sent) {
  handler.on_alert(hop, alert, sent);
}
void UserAgent::State::on_pong(const Hop& hop) { handler.on_pong(hop); }
void UserAgent::State::on_garbage(const Hop& hop, const Error& error) { handler.on_garbage(hop, error); }
void UserAgent::State::on_limit(const Hop& hop, const LimitHit& hit) { handler.on_limit(hop, hit); }

UserAgent::UserAgent(net::Network& network, UserAgentConfig config, UserAgentHandler& handler)
    : state_(std::make_unique<State>(network, std::move(config), handler)) {}
UserAgent::~UserAgent() = default;

Result<Endpoint> UserAgent::listen(Transport transport, const Endpoint& local, const ListenOptions& options) {
  return state_->transactions.transport().listen(transport, local, options);
}
SipTransport& UserAgent::transport() { return state_->transactions.transport(); }

CallId UserAgent::reserve_call() { return CallId{++state_->last_id}; }
Result<CallId> UserAgent::invite(const InviteOptions& options) { return state_->invite(options); }

Result<CallId> UserAgent::fork(CallId call) { return state_->fork(call); }

Result<void> UserAgent::provisional(CallId id, int status, std::optional<Body> body,
                                    const HeaderValues& headers) {
  Call* call = state_->find(id);
  if (call == nullptr) return no_such_call();
  if (status < 101 || status > 199) return fail("expected a status from 101 to 199");
  return state_->respond_to_invite(*call, status, {}, headers, body);
}

Result<void> UserAgent::answer(CallId id, int status, std::optional<Body> body, const HeaderValues& headers) {
  Call* call = state_->find(id);
  if (call == nullptr) return no_such_call();
  if (status < 200 || status > 299) return fail("expected a status from 200 to 299");
  return state_->respond_to_invite(*call, status, {}, headers, body);
}

Result<void> UserAgent::reject(CallId id, int status, std::string reason, const HeaderValues& headers,
                               const std::optional<Body>& body) {
  Call* call = state_->find(id);
  if (call == nullptr) return no_such_call();
  if (status < 300 || status > 699) return fail("expected a status from 300 to 699");
  return state_->respond_to_invite(*call, status, std::move(reason), headers, body);
}

Result<void> UserAgent::cancel(CallId id, const HeaderValues& headers) {
  Call* call = state_->find(id);
  if (call == nullptr) return no_such_call();
  if (call->invite_client == ClientId::none) return fail("no INVITE is open that could be cancelled");
  if (call->cancelled || call->cancel_wanted) return fail("the INVITE is cancelled already");
  call->cancel_headers = headers;
  if (call->provisional_seen) return state_->send_cancel(*call);
  call->cancel_wanted = true;
  return {};
}

Result<void> UserAgent::hang_up(CallId id, const HeaderValues& headers) {
  Call* call = state_->find(id);
  if (call == nullptr) return no_such_call();
  if (call->state == CallState::ended) return fail("the call has ended");
  if (!call->dialog || call->state == CallState::inviting || call->state == CallState::ringing) {
    if (!call->incoming) return cancel(id, headers);
    return reject(id, 603, {}, headers);
  }
  // RFC 3261 §15: the callee waits for the ACK before it sends BYE, and the caller sends its own first.
  const bool ack_to_come = !call->unacknowledged.empty() && call->state == CallState::answered;
  if (ack_to_come || call->ack_due) {
    call->bye_wanted = headers;
    return {};
  }
  return state_->send_bye(*call, headers);
}

Result<void> UserAgent::reinvite(CallId id, std::optional<Body> body, const HeaderValues& headers) {
  Call* call = state_->find(id);
  if (call == nullptr) return no_such_call();
  if (!call->dialog || call->state != CallState::confirmed) return fail("expected an answered call");
  if (call->invite_client != ClientId::none || call->invite_server != ServerId::none ||
      call->reinvite_waits) {
    return fail("another INVITE of this call is open (RFC 3261 §14.1)");
  }
  return state_->send_in_call(*call,
                              {"INVITE", Purpose::reinvite, RequestId::none, std::move(body), headers});
}

Result<void> UserAgent::update(CallId id, std::optional<Body> body, const HeaderValues& headers) {
  Call* call = state_->find(id);
  if (call == nullptr) return no_such_call();
  return state_->send_update(*call, std::move(body), headers);
}

Result<void> UserAgent::answer_offer(CallId id, const OfferReply& reply) {
  Call* call = state_->find(id);
  if (call == nullptr) return no_such_call();
  return state_->answer_update(*call, reply);
}

bool UserAgent::takes_updates(CallId id) const {
  const Call* call = state_->find(id);
  return call != nullptr && call->takes_updates;
}

bool UserAgent::reliable(CallId id) const {
  const Call* call = state_->find(id);
  return call != nullptr && call->incoming && state_->reliable_to(*call);
}

std::optional<Duration> UserAgent::offer_again_after(CallId id, const sip::Message& response) {
  const Call* call = state_->find(id);
  return call == nullptr ? std::nullopt : state_->offer_again_after(*call, response);
}

Result<RequestId> UserAgent::request(std::string method, const Target& target, std::string uri,
                                     std::optional<Body> body, const HeaderValues& headers,
                                     std::vector<Target> alternatives) {
  if (uri.empty()) uri = "sip:" + to_string(target.remote);
  sip::NameAddr from;
  from.display_name = state_->config.display_name;
  from.uri.user = state_->config.user;
  from.uri.host = state_->host_for(target);
  sip::set(from.parameters, "tag", dialog::new_tag(state_->network.random()));
  dialog::RequestParts parts;
  parts.method = std::move(method);
  parts.request_uri = uri;
  parts.from = to_string(from);
  parts.to = "<" + uri + ">";
  parts.call_id = dialog::new_call_id(state_->network.random());
  sip::Message message = dialog::build_request(parts);
  state_->finish_request(message, target, true, headers, body);
  SIPVET_TRY(const ClientId client, state_->send_request(message, target, std::move(alternatives)));
  const RequestId id{++state_->last_id};
  state_->uses[client] = {Purpose::other, CallId::none, id};
  return id;
}

Result<RequestId> UserAgent::request_in_call(CallId id, std::string method, std::optional<Body> body,
                                             const HeaderValues& headers) {
  Call* call = state_->find(id);
  if (call == nullptr) return no_such_call();
  if (!call->dialog) return fail("expected an answered call");
  const RequestId made{++state_->last_id};
  SIPVET_CHECK(
      state_->send_in_call(*call, {std::move(method), Purpose::other, made, std::move(body), headers}));
  return made;
}

Result<void> UserAgent::respond(ServerId id, int status, std::string reason, std::optional<Body> body,
                                const HeaderValues& headers) {
  const auto found = state_->open_requests.find(id);
  if (found == state_->open_requests.end()) return fail("the request to answer is gone");
  const State::ServerUse use = found->second;
  if (status >= 200) state_->open_requests.erase(found);
  return state_->transactions.respond(
      id, state_->make_response(use.request, use.hop, status, std::move(reason), use.tag, headers, body));
}

Result<Hop> UserAgent::send_exact(std::string_view octets, const Target& target) {
  return transport().send_octets(as_bytes(octets), target);
}
Result<Hop> UserAgent::connect(const Target& target) { return transport().connect(target); }
void UserAgent::disconnect(net::ConnectionId connection) { transport().disconnect(connection); }

std::optional<CallState> UserAgent::state(CallId id) const {
  const Call* call = state_->find(id);
  return call == nullptr ? std::nullopt : std::optional(call->state);
}
bool UserAgent::incoming(CallId id) const {
  const Call* call = state_->find(id);
  return call != nullptr && call->incoming;
}
const sip::Message* UserAgent::invite_of(CallId id) const {
  const Call* call = state_->find(id);
  return call == nullptr ? nullptr : &call->invite;
}
std::optional<Hop> UserAgent::hop_of(CallId id) const {
  const Call* call = state_->find(id);
  return call == nullptr ? std::nullopt : std::optional(call->hop);
}
const UserAgentConfig& UserAgent::config() const { return state_->config; }

} // namespace sipvet::ua
