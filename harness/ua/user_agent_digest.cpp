// Challenges to the user agent's requests (RFC 3261 §22.2, §22.3): the same request goes out once more, with
// the next CSeq number and credentials.
#include "dialog/request_builder.hpp"
#include "ua/user_agent_state.hpp"

namespace sipvet::ua {

namespace {

constexpr std::string_view credential_headers[] = {"Authorization", "Proxy-Authorization"};

} // namespace

Result<ClientId> UserAgent::State::send_request(sip::Message& request, const Target& target) {
  if (config.accounts.empty()) return transactions.send_request(request, target);
  digest.prepare(request);
  SIPVET_TRY(const ClientId id, transactions.send_request(request, target));
  challengeable[id] = {request, target};
  return id;
}

bool UserAgent::State::answer_challenge(ClientId id, const Use& use, const sip::Message& response) {
  auto known = challengeable.extract(id);
  if (known.empty()) return false;
  if (response.status() < 300) digest.learn(response);
  if (response.status() != 401 && response.status() != 407) return false;
  Sent again = known.mapped();
  // A limit for who knows none: the transport would be full of it.
  constexpr unsigned too_many = 5;
  const bool insists = config.deviations.answers_every_challenge && use.challenges_answered < too_many;
  if (!digest.answer(again.request, response, insists ? 0 : use.challenges_answered)) return false;
  const auto cseq = dialog::renew_request(again.request, network.random());
  const auto client = cseq ? transactions.send_request(again.request, again.target) : fail("no CSeq");
  if (!client) return false;
  uses.erase(id);
  uses[*client] = {use.purpose, use.call, use.request, use.challenges_answered + 1};
  challengeable[*client] = again;
  Call* call = find(use.call);
  if (call == nullptr) return true;
  if (call->dialog) call->dialog->local_cseq = *cseq;
  if (use.purpose != Purpose::invite && use.purpose != Purpose::reinvite) return true;
  call->invite_client = *client;
  call->last_invite = again.request;
  if (use.purpose == Purpose::invite) call->invite = again.request;
  call->hop = transactions.hop(*client).value_or(call->hop);
  call->provisional_seen = false;
  call->early.clear();
  return true;
}

// RFC 3261 §22.1: the ACK of a 2xx has the credentials of its INVITE.
void UserAgent::State::add_credentials(const Call& call, sip::Message& ack) const {
  if (config.accounts.empty()) return;
  for (const std::string_view header : credential_headers)
    for (const std::string_view value : call.last_invite.headers(header)) ack.add(header, value);
}

} // namespace sipvet::ua
