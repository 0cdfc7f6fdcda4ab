// The user agent's session timers (RFC 4028), and the UPDATE without an offer by which they are renewed.
#include "base/text.hpp"
#include "dialog/request_builder.hpp"
#include "ua/user_agent_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sipvet::ua {

namespace {

bool allows_update(const sip::Message& message) {
  const std::vector<std::string> all = message.list("Allow");
  return std::find(all.begin(), all.end(), "UPDATE") != all.end();
}

} // namespace

net::TimerId UserAgent::State::CallClock::wake(CallId call, Duration delay) {
  const net::TimerId timer = state.network.wake_after(*this, delay);
  waiting[timer] = call;
  return timer;
}

void UserAgent::State::CallClock::cancel(net::TimerId& timer) {
  if (timer == net::TimerId::none) return;
  state.network.cancel(timer);
  waiting.erase(timer);
  timer = net::TimerId::none;
}

void UserAgent::State::CallClock::on_timer(net::TimerId timer) {
  const auto found = waiting.find(timer);
  if (found == waiting.end()) return;
  const CallId call = found->second;
  waiting.erase(found);
  (state.*due)(call);
}

std::vector<std::string> UserAgent::State::extensions() const {
  std::vector<std::string> all;
  if (config.session_timer.supported) all.emplace_back("timer");
  if (config.reliable_provisional != ReliableProvisional::never) all.emplace_back("100rel");
  return all;
}

std::vector<std::string> UserAgent::State::methods() const {
  std::vector<std::string> all = config.allow;
  const auto also = [&](const char* method) {
    if (std::find(all.begin(), all.end(), method) == all.end()) all.emplace_back(method);
  };
  if (updates()) also("UPDATE");
  if (config.reliable_provisional != ReliableProvisional::never) also("PRACK");
  return all;
}

// Of an INVITE or UPDATE of this call (§7.1; RFC 3262 §4).
HeaderValues UserAgent::State::extension_headers(const Call& call) const {
  HeaderValues headers =
      dialog::session_request_headers(config.session_timer, call.session, call.least_session);
  std::vector<std::string> all = extensions();
  if (config.ended_forks_known && !call.dialog) all.emplace_back("199");
  if (!all.empty()) headers.emplace_back("Supported", fmt::format("{}", fmt::join(all, ", ")));
  if (config.reliable_provisional == ReliableProvisional::required && !call.dialog)
    headers.emplace_back("Require", "100rel");
  return headers;
}

bool UserAgent::State::refuse_short_session(ServerId id, const Hop& hop, const sip::Message& request) {
  const dialog::SessionAnswer answer = dialog::answer_session_request(config.session_timer, request);
  if (answer.status == 200 || config.deviations.takes_any_interval) return false;
  refuse(id, hop, request, answer.status, answer.headers);
  return true;
}

void UserAgent::State::session_agreed(Call& call, const std::optional<dialog::SessionTimer>& timer) {
  session_clock.cancel(call.session_clock);
  call.session = timer;
  call.refreshing = false;
  if (!timer) return;
  call.session_clock =
      session_clock.wake(call.id, timer->ours ? refresh_after(*timer) : give_up_after(*timer));
}

// Of the INVITE that came, or the 2xx to ours.
void UserAgent::State::learn_session(Call& call, const sip::Message& message) {
  call.takes_updates = updates() && allows_update(message);
}

void UserAgent::State::session_due(CallId id) {
  Call* call = find(id);
  if (call == nullptr || !call->session || call->state == CallState::ended) return;
  call->session_clock = net::TimerId::none;
  if (call->session->ours && !call->refreshing && !config.deviations.no_session_refresh) {
    const Duration left = give_up_after(*call->session) - refresh_after(*call->session);
    call->session_clock = session_clock.wake(id, left);
    return send_refresh(*call);
  }
  if (config.deviations.no_session_end || config.deviations.no_session_refresh) return;
  handler.on_session_expired(id);
  call = find(id);
  if (call != nullptr && call->state != CallState::ended && call->dialog) (void)send_bye(*call, {});
}

void UserAgent::State::send_refresh(Call& call) {
  call.refreshing = true;
  if (!call.takes_updates) return handler.on_refresh_due(call.id);
  (void)send_in_call(call, {"UPDATE", Purpose::refresh});
}

// §7.3, §10: what ends a dialog ends it; other refusals are no refresh, and the session runs on to its end.
void UserAgent::State::refresh_response(Call& call, const sip::Message& response) {
  if (response.status() < 200 || call.state == CallState::ended) return;
  if (response.status() < 300) {
    dialog::update_target(*call.dialog, response);
    return session_agreed(call, dialog::session_of_response(response));
  }
  if (response.status() == 422) {
    const auto least = dialog::minimum_of_refusal(response);
    if (!least || *least <= call.least_session) return;
    call.least_session = *least;
    return send_refresh(call);
  }
  if (response.status() == 481 || response.status() == 408) refresh_failed(call);
}

// §10: without any answer the session is as good as over.
void UserAgent::State::refresh_failed(Call& call) {
  if (call.state == CallState::ended) return;
  handler.on_session_expired(call.id);
  if (call.dialog && call.state != CallState::ended) (void)send_bye(call, {});
}

// §7.3: once more, with what the 422 asks for; the same call with the next CSeq number.
bool UserAgent::State::ask_for_longer_session(Call& call, Purpose purpose, const sip::Message& response) {
  if (response.status() != 422 || !config.session_timer.supported) return false;
  const auto least = dialog::minimum_of_refusal(response);
  if (!least || *least <= call.least_session) return false;
  call.least_session = *least;
  sip::Message again = call.last_invite;
  const auto cseq = dialog::renew_request(again, network.random());
  if (!cseq) return false;
  for (const auto& [header, value] : extension_headers(call)) again.set(header, value);
  const auto client = send_request(again, call.target);
  if (!client) return false;
  uses[*client] = {purpose, call.id, RequestId::none};
  if (call.dialog) call.dialog->local_cseq = *cseq;
  if (purpose == Purpose::invite) call.invite = again;
  call.last_invite = std::move(again);
  call.invite_client = *client;
  call.hop = transactions.hop(*client).value_or(call.hop);
  call.provisional_seen = false;
  forget_early(call);
  (void)note_offer(call, dialog::Direction::sent, dialog::Carrier::invite, call.last_invite);
  return true;
}

} // namespace sipvet::ua
