// The user agent as caller and within calls: INVITE, ACK, CANCEL, BYE and what comes back (RFC 3261 §13.2,
// §9.1, §15.1.1).
#include "dialog/request_builder.hpp"
#include "dialog/transaction_messages.hpp"
#include "sip/cseq.hpp"
#include "sip/name_addr.hpp"
#include "ua/user_agent_state.hpp"

#include <algorithm>
#include <memory>

namespace sipvet::ua {

namespace {

std::uint32_t cseq_of(const sip::Message& message) {
  const auto cseq = sip::parse_cseq(message.header("CSeq").value_or(""));
  return cseq ? cseq->number : 0;
}

// RFC 6665 §8.2.2, RFC 3515 §2.2: these requests name a Contact, beside those that INVITE and UPDATE do.
bool names_contact(std::string_view method) {
  return method == "NOTIFY" || method == "SUBSCRIBE" || method == "REFER";
}

std::string without_parameters(const std::string& uri) {
  auto parsed = sip::parse_uri(uri);
  if (!parsed) return uri;
  parsed->parameters.clear();
  parsed->headers.clear();
  return to_string(*parsed);
}

std::string default_uri(const Target& target) {
  std::string uri = "sip:" + to_string(target.remote);
  if (target.transport != Transport::udp) uri += ";transport=" + std::string(name(target.transport));
  return uri;
}

sip::NameAddr from_value(const std::string& user, const std::string& display, const std::string& host,
                         std::string tag) {
  sip::NameAddr from;
  from.display_name = display;
  from.uri.user = user;
  from.uri.host = host;
  sip::set(from.parameters, "tag", std::move(tag));
  return from;
}

} // namespace

Result<CallId> UserAgent::State::invite(const InviteOptions& options) {
  Call call;
  call.id = options.id == CallId::none ? CallId{++last_id} : options.id;
  call.target = options.target;
  call.alternatives = options.alternatives;
  call.local_tag = dialog::new_tag(network.random());
  dialog::RequestParts parts;
  parts.method = "INVITE";
  parts.request_uri = options.request_uri.empty() ? default_uri(options.target) : options.request_uri;
  const std::string& user = options.from_user.empty() ? config.user : options.from_user;
  const std::string& display =
      options.from_display_name.empty() ? config.display_name : options.from_display_name;
  sip::NameAddr from = from_value(user, display, host_for(options.target), call.local_tag);
  if (!options.from.empty()) {
    SIPVET_TRY(from.uri, sip::parse_uri(options.from));
  }
  parts.from = to_string(from);
  parts.to = "<" + (options.to.empty() ? without_parameters(parts.request_uri) : options.to) + ">";
  parts.call_id = dialog::new_call_id(network.random());
  sip::Message request = dialog::build_request(parts);
  HeaderValues headers = extension_headers(call);
  headers.insert(headers.end(), options.headers.begin(), options.headers.end());
  finish_request(request, options.target, true, headers, options.body);
  call.invite = call.last_invite = request;
  (void)note_offer(call, dialog::Direction::sent, dialog::Carrier::invite, request);
  SIPVET_CHECK(send_invite(call));
  const CallId id = call.id;
  calls.emplace(id, std::move(call));
  return id;
}

// RFC 3261 §9.1: over the same hop, with the branch of the INVITE; not before a provisional response.
Result<void> UserAgent::State::send_cancel(Call& call) {
  sip::Message cancel = dialog::make_cancel(call.last_invite);
  if (!config.user_agent.empty()) cancel.add("User-Agent", config.user_agent);
  for (const auto& [header, value] : call.cancel_headers) cancel.set(header, value);
  Target target = call.target;
  target.connection = call.hop.connection;
  SIPVET_TRY(const ClientId client, transactions.send_request(cancel, target));
  uses[client] = {Purpose::cancel, call.id, RequestId::none};
  call.cancelled = true;
  const net::TimerId timer = network.wake_after(cancel_timer, 64 * config.timers.t1);
  cancel_timer.waiting[timer] = call.id;
  return {};
}

void UserAgent::State::CancelTimer::on_timer(net::TimerId timer) {
  const auto found = waiting.find(timer);
  if (found == waiting.end()) return;
  const CallId call = found->second;
  waiting.erase(found);
  state.give_up_cancelled(call);
}

void UserAgent::State::give_up_cancelled(CallId id) {
  Call* call = find(id);
  if (call == nullptr || !call->cancelled || call->invite_client == ClientId::none) return;
  transactions.abandon(call->invite_client);
  on_client_failed(call->invite_client, "no final response came after the CANCEL", true);
}

Result<void> UserAgent::State::send_in_call(Call& call, const InCall& what) {
  call.reinvite_waits = what.purpose == Purpose::reinvite;
  // The way may be known only when this function is over.
  struct Progress {
    bool at_once = true;
    Result<void> sent{};
  };
  const auto progress = std::make_shared<Progress>();
  when_located(call.id, next_uri(*call.dialog), [this, progress, what](Call& then, const Result<void>& way) {
    const Result<void> done = way ? send_located(then, what) : way;
    if (progress->at_once) {
      progress->sent = done;
    } else if (!done) {
      request_failed({what.purpose, then.id, what.id}, done.error().what, false);
    }
  });
  progress->at_once = false;
  return progress->sent;
}

Result<void> UserAgent::State::send_located(Call& call, const InCall& what) {
  if (what.purpose == Purpose::reinvite) call.reinvite_waits = false;
  sip::Message request = dialog::make_request(*call.dialog, what.method);
  const Target target = next_hop(*call.dialog, call.hop);
  const bool changes = what.method == "INVITE" || what.method == "UPDATE";
  HeaderValues headers = changes ? extension_headers(call) : HeaderValues{};
  headers.insert(headers.end(), what.headers.begin(), what.headers.end());
  finish_request(request, target, changes || names_contact(what.method), headers, what.body);
  SIPVET_TRY(const ClientId client, send_request(request, target));
  uses[client] = {what.purpose, call.id, what.id};
  if (what.purpose == Purpose::update) {
    call.update_client = client;
    (void)note_offer(call, dialog::Direction::sent, dialog::Carrier::update, request);
  }
  if (what.purpose == Purpose::reinvite) {
    (void)note_offer(call, dialog::Direction::sent, dialog::Carrier::invite, request);
    call.invite_client = client;
    call.last_invite = std::move(request);
    call.target = target;
    call.hop = transactions.hop(client).value_or(call.hop);
    call.provisional_seen = call.cancel_wanted = call.cancelled = false;
  }
  return {};
}

Result<void> UserAgent::State::send_bye(Call& call, const HeaderValues& headers) {
  call.state = CallState::ended;
  call.dialog->state = dialog::Dialog::State::terminated;
  return send_in_call(call, {"BYE", Purpose::bye, RequestId::none, {}, headers});
}

void UserAgent::State::invite_response(Call& call, const Use& use, const Hop& hop,
                                       const sip::Message& response) {
  if (response.status() < 200) {
    invite_progress(call, response);
  } else if (response.status() < 300) {
    invite_success(call, use, hop, response);
  } else {
    invite_failure(call, use, response);
  }
}

void UserAgent::State::invite_progress(Call& call, const sip::Message& response) {
  const CallId id = call.id;
  call.provisional_seen = true;
  if (std::exchange(call.cancel_wanted, false)) (void)send_cancel(call);
  if (response.status() == 100) return;
  if (!call.dialog) {
    call.state = CallState::ringing;
    const std::string tag = dialog::to_tag(response);
    // RFC 6228: that branch has ended.
    if (response.status() == 199)
      std::erase_if(call.early, [&](const dialog::Dialog& each) { return each.remote_tag == tag; });
    const bool known = std::any_of(call.early.begin(), call.early.end(),
                                   [&](const dialog::Dialog& each) { return each.remote_tag == tag; });
    if (!known && !tag.empty() && response.status() != 199 && call.early.size() < max_branches) {
      if (auto made = dialog::make_uac_dialog(call.invite, response)) {
        dialogs[dialog_key(*made)] = id;
        call.early.push_back(std::move(*made));
      }
    }
  }
  const bool reliable = is_reliable_progress(response);
  if (!call.dialog && reliable && !take_rseq(call, response)) return;
  (void)note_offer(call, dialog::Direction::received,
                   reliable ? dialog::Carrier::reliable_provisional : dialog::Carrier::unreliable_provisional,
                   response);
  if (response.header("Allow")) learn_session(call, response);
  handler.on_progress(id, response);
  if (reliable) send_prack(id, response);
}

bool UserAgent::State::repeat_ack(Call& call, const sip::Message& response) {
  for (const Call::Acknowledged& each : call.acks) {
    if (each.cseq != cseq_of(response) || each.to_tag != dialog::to_tag(response)) continue;
    if (!config.deviations.no_ack) (void)transactions.send_untracked(each.ack, each.target);
    return true;
  }
  return false;
}

void UserAgent::State::send_ack(Call& call, const dialog::Dialog& dialog, const sip::Message& response,
                                const std::optional<Body>& body) {
  when_located(call.id, next_uri(dialog), [=, this](Call& then, const Result<void>& way) {
    // Without an ACK the other side ends the call.
    if (way) send_located_ack(then, dialog, response, body);
  });
}

void UserAgent::State::send_located_ack(Call& call, const dialog::Dialog& dialog,
                                        const sip::Message& response, const std::optional<Body>& body) {
  sip::Message ack = dialog::make_ack_2xx(dialog, cseq_of(response));
  const Target target = next_hop(dialog, call.hop);
  finish_request(ack, target, false, {}, body);
  if (call.dialog && call.dialog->remote_tag == dialog.remote_tag)
    (void)note_offer(call, dialog::Direction::sent, dialog::Carrier::ack, ack);
  add_credentials(call, ack);
  if (call.acks.size() == max_branches) call.acks.erase(call.acks.begin());
  call.acks.push_back({dialog::to_tag(response), cseq_of(response), ack, target});
  if (!config.deviations.no_ack) (void)transactions.send_untracked(ack, target);
}

// RFC 3261 §13.2.2.4: a second branch of a forked INVITE that answers is acknowledged and ended.
void UserAgent::State::refuse_branch(Call& call, const Hop& hop, const sip::Message& response) {
  auto other = dialog::make_uac_dialog(call.invite, response);
  if (!other) return;
  send_ack(call, *other, response, std::nullopt);
  if (config.deviations.second_answer_kept) return;
  sip::Message bye = dialog::make_request(*other, "BYE");
  const Target target = next_hop(*other, hop);
  finish_request(bye, target, false, {}, std::nullopt);
  if (const auto client = send_request(bye, target)) uses[*client] = {Purpose::unwanted_branch, call.id, {}};
}

void UserAgent::State::invite_success(Call& call, const Use& use, const Hop& hop,
                                      const sip::Message& response) {
  if (repeat_ack(call, response)) return;
  const CallId id = call.id;
  if (use.purpose == Purpose::invite && call.dialog) {
    refuse_branch(call, hop, response);
    return;
  }
  call.invite_client = ClientId::none;
  call.hop = hop;
  if (use.purpose == Purpose::invite) {
    auto made = dialog::make_uac_dialog(call.invite, response);
    if (!made) {
      // Acknowledged and ended all the same, as far as it says where to.
      sip::Message completed = response;
      completed.set("Contact", "<" + call.invite.uri() + ">");
      refuse_branch(call, hop, completed);
      if (call.state == CallState::ended) return; // a repetition
      end(call);
      handler.on_call_failed(id, {"the 2xx makes no dialog: " + to_string(made.error())});
      return;
    }
    // The PRACKs of its early dialog have taken CSeq numbers.
    for (const dialog::Dialog& early : call.early)
      if (early.remote_tag == made->remote_tag) made->local_cseq = early.local_cseq;
    call.offers = offers_of(call, made->remote_tag);
    call.dialog = std::move(*made);
    dialogs[dialog_key(*call.dialog)] = id;
  } else {
    dialog::update_target(*call.dialog, response);
  }
  (void)note_offer(call, dialog::Direction::received, dialog::Carrier::invite_success, response);
  if (call.state == CallState::ended)
    return send_ack(call, *call.dialog, response, std::nullopt); // BYE crossed it
  learn_session(call, response);
  session_agreed(call, config.session_timer.supported ? dialog::session_of_response(response) : std::nullopt);
  call.state = CallState::confirmed;
  call.ack_due = true;
  const std::optional<Body> answer = handler.on_answered(id, response);
  Call* still = find(id);
  if (still == nullptr) return;
  still->ack_due = false;
  send_ack(*still, *still->dialog, response, answer);
  if (still->bye_wanted) (void)send_bye(*still, *std::exchange(still->bye_wanted, std::nullopt));
}

void UserAgent::State::invite_failure(Call& call, const Use& use, const sip::Message& response) {
  const CallId id = call.id;
  call.invite_client = ClientId::none;
  note_failed(call, use.purpose);
  if (ask_for_longer_session(call, use.purpose, response)) return;
  // RFC 3261 §12.2.1.2: 481 and 408 end the dialog of a re-INVITE as well.
  if (use.purpose == Purpose::invite && response.status() == 503 &&
      try_next_server(call, "503 " + response.reason()))
    return;
  const bool over = use.purpose == Purpose::invite || response.status() == 481 || response.status() == 408;
  if (use.purpose == Purpose::reinvite && response.status() == 408 && call.state != CallState::ended)
    (void)send_bye(call, {});
  if (over) end(call);
  handler.on_rejected(id, response);
}

} // namespace sipvet::ua
