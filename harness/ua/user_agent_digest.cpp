// Challenges to the user agent's requests (RFC 3261 §22.2, §22.3): the same request goes out once more, with
// the next CSeq number and credentials.
#include "dialog/request_builder.hpp"
#include "ua/user_agent_state.hpp"

namespace sipvet::ua {

namespace {

constexpr std::string_view credential_headers[] = {"Authorization", "Proxy-Authorization"};

} // namespace

Result<ClientId> UserAgent::State::send_request(sip::Message& request, const Target& target,
                                                std::vector<Target> alternatives) {
  if (!config.accounts.empty()) digest.prepare(request);
  SIPVET_TRY(const ClientId id, transactions.send_request(request, target));
  if (!config.accounts.empty() || !alternatives.empty())
    unanswered[id] = {request, target, std::move(alternatives)};
  return id;
}

bool UserAgent::State::answer_challenge(ClientId id, const Use& use, const sip::Message& response) {
  const auto known = unanswered.find(id);
  if (known == unanswered.end()) return false;
  if (response.status() < 300 && !config.deviations.next_nonce_ignored) digest.learn(response);
  if (response.status() != 401 && response.status() != 407) return false;
  const bool begins = use.purpose == Purpose::invite || use.call == CallId::none;
  if (config.deviations.unchallenged_in_call && !begins) return false;
  Sent again = known->second;
  // A limit for who knows none: the transport would be full of it.
  constexpr unsigned too_many = 5;
  const bool insists = config.deviations.answers_every_challenge && use.challenges_answered < too_many;
  if (!digest.answer(again.request, response, insists ? 0 : use.challenges_answered)) return false;
  Call* call = find(use.call);
  dialog::Dialog* const within = call == nullptr ? nullptr : dialog_for(*call, dialog::to_tag(again.request));
  const std::uint32_t least = within == nullptr ? 0 : within->local_cseq + 1;
  const auto cseq = dialog::renew_request(again.request, network.random(), least);
  const auto client = cseq ? transactions.send_request(again.request, again.target) : fail("no CSeq");
  if (!client) return false;
  uses.erase(id);
  unanswered.erase(id);
  uses[*client] = {use.purpose, use.call, use.request, use.challenges_answered + 1};
  unanswered[*client] = again;
  if (call == nullptr) return true;
  if (within != nullptr) within->local_cseq = *cseq;
  note_sent_again(*call, use.purpose, again.request);
  if (use.purpose == Purpose::update) call->update_client = *client;
  if (use.purpose != Purpose::invite && use.purpose != Purpose::reinvite) return true;
  call->invite_client = *client;
  call->last_invite = again.request;
  if (use.purpose == Purpose::invite) call->invite = again.request;
  call->hop = transactions.hop(*client).value_or(call->hop);
  call->provisional_seen = false;
  forget_early(*call);
  return true;
}

// RFC 3261 §22.1: the ACK of a 2xx has the credentials of its INVITE.
void UserAgent::State::add_credentials(const Call& call, sip::Message& ack) const {
  if (config.accounts.empty()) return;
  for (const std::string_view header : credential_headers)
    for (const std::string_view value : call.last_invite.headers(header)) ack.add(header, value);
}

} // namespace sipvet::ua
