// The user agent as caller with several servers to choose from: what RFC 3263 §4.3 does when one of them
// fails.
#include "ua/user_agent_state.hpp"

namespace sipvet::ua {

namespace {

// §4.3: the same request in a transaction of its own.
void address_anew(sip::Message& request, const std::string& via, const std::string& contact) {
  request.set("Via", via);
  request.set("Contact", contact);
}

} // namespace

Result<void> UserAgent::State::send_invite(Call& call) {
  auto client = send_request(call.invite, call.target);
  while (!client && !call.alternatives.empty()) {
    call.target = call.alternatives.front();
    call.alternatives.erase(call.alternatives.begin());
    const bool secure = call.invite.uri().starts_with("sips:");
    address_anew(call.invite, via_for(call.target), contact_for(call.target, secure));
    client = send_request(call.invite, call.target);
  }
  if (!client) return client.error();
  call.last_invite = call.invite;
  call.invite_client = *client;
  call.hop = transactions.hop(*client).value_or(Hop{});
  uses[*client] = {Purpose::invite, call.id, RequestId::none};
  return {};
}

bool UserAgent::State::try_next_server(Call& call, const std::string& cause) {
  if (call.alternatives.empty() || call.cancelled || call.cancel_wanted) return false;
  call.target = call.alternatives.front();
  call.alternatives.erase(call.alternatives.begin());
  const bool secure = call.invite.uri().starts_with("sips:");
  address_anew(call.invite, via_for(call.target), contact_for(call.target, secure));
  if (const auto sent = send_invite(call); !sent) return false;
  call.state = CallState::inviting;
  call.provisional_seen = false;
  forget_early(call);
  call.offers = {};
  (void)note_offer(call, dialog::Direction::sent, dialog::Carrier::invite, call.invite);
  handler.on_next_server(call.id, call.target, cause);
  return true;
}

// Other requests than INVITE; also without any answer, as theirs may be repeated safely (RFC 3261 §17.1.2).
bool UserAgent::State::move_on(ClientId id, const Use& use, const std::string& cause) {
  const auto known = unanswered.find(id);
  if (known == unanswered.end() || config.deviations.no_next_server) return false;
  Sent next = known->second;
  while (!next.alternatives.empty()) {
    next.target = next.alternatives.front();
    next.alternatives.erase(next.alternatives.begin());
    address_anew(next.request, via_for(next.target), contact_for(next.target, false));
    const auto client = transactions.send_request(next.request, next.target);
    if (!client) continue;
    uses.erase(id);
    unanswered.erase(id);
    uses[*client] = use;
    unanswered[*client] = next;
    handler.on_request_moved(use.request, next.target, cause);
    return true;
  }
  return false;
}

} // namespace sipvet::ua
