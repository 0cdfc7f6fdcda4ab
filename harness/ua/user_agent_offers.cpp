// The user agent's offers and answers: what each message of a call is in the table of
// dialog/offer_answer.hpp, and those that UPDATE carries (RFC 3311).
#include "base/text.hpp"
#include "sip/cseq.hpp"
#include "ua/user_agent_state.hpp"

#include <algorithm>

namespace sipvet::ua {

namespace {

using dialog::Carrier;
using dialog::Direction;
using dialog::Meaning;

bool has_description(const sip::Message& message) {
  return !message.body().empty() &&
         message.header("Content-Type").value_or("").starts_with("application/sdp");
}

// The tag of the other side.
std::string remote_tag_of(Direction direction, const sip::Message& message) {
  const bool ours = message.is_request() == (direction == Direction::sent);
  return ours ? dialog::to_tag(message) : dialog::from_tag(message);
}

// RFC 3261 §14.2, RFC 3311 §5.2: 0 to 10 seconds, drawn.
HeaderValues retry_after(Random& random) { return {{"Retry-After", std::to_string(random.below(11))}}; }

constexpr Carrier failure_of(Purpose purpose) {
  if (purpose == Purpose::prack) return Carrier::prack_failure;
  return purpose == Purpose::update ? Carrier::update_failure : Carrier::invite_failure;
}

constexpr Carrier request_of(Purpose purpose) {
  if (purpose == Purpose::prack) return Carrier::prack;
  return purpose == Purpose::update ? Carrier::update : Carrier::invite;
}

constexpr bool may_offer(Purpose purpose) {
  return purpose == Purpose::invite || purpose == Purpose::reinvite || purpose == Purpose::update ||
         purpose == Purpose::prack;
}

} // namespace

// Each branch of a forked INVITE has exchanges of its own, which begin with the INVITE's offer.
dialog::OfferAnswer& UserAgent::State::offers_of(Call& call, const std::string& remote_tag) {
  if (call.incoming || call.dialog || remote_tag.empty()) return call.offers;
  if (call.branch_offers.size() >= max_branches && !call.branch_offers.contains(remote_tag))
    return call.offers;
  return call.branch_offers.try_emplace(remote_tag, call.offers).first->second;
}

// What breaks the rules changes nothing, but for an answer that did not come where it was due last.
Meaning UserAgent::State::note_offer(Call& call, Direction direction, Carrier carrier,
                                     const sip::Message& message) {
  dialog::OfferAnswer& offers = offers_of(call, remote_tag_of(direction, message));
  const bool described = has_description(message);
  const auto meaning = offers.message(direction, carrier, described);
  if (!meaning && !described) offers.abandon();
  return meaning ? *meaning : Meaning::ignored;
}

void UserAgent::State::note_failed(Call& call, Purpose purpose) {
  if (!may_offer(purpose)) return;
  (void)call.offers.message(Direction::received, failure_of(purpose), false);
  for (auto& [tag, offers] : call.branch_offers)
    (void)offers.message(Direction::received, failure_of(purpose), false);
}

// A response asked for changes, and the same offer is on its way once more.
void UserAgent::State::note_sent_again(Call& call, Purpose purpose, const sip::Message& request) {
  if (!may_offer(purpose)) return;
  note_failed(call, purpose);
  (void)note_offer(call, Direction::sent, request_of(purpose), request);
}

dialog::Dialog* UserAgent::State::dialog_for(Call& call, const std::string& remote_tag) {
  if (call.dialog) return call.dialog->remote_tag == remote_tag ? &*call.dialog : nullptr;
  const auto found = std::find_if(call.early.begin(), call.early.end(),
                                  [&](const dialog::Dialog& each) { return each.remote_tag == remote_tag; });
  return found == call.early.end() ? nullptr : &*found;
}

// RFC 3311 §5.2: one at a time, and no offer while another one is open.
void UserAgent::State::update_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request) {
  if (refuse_extensions(id, hop, request) || refuse_short_session(id, hop, request)) return;
  if (call.update_server != ServerId::none)
    return refuse(id, hop, request, 500, retry_after(network.random()));
  const bool described = has_description(request);
  if (!request.body().empty() && !described) return refuse(id, hop, request, 415);
  if (described && !config.deviations.crossing_offers_taken) {
    const Meaning meaning = note_offer(call, Direction::received, Carrier::update, request);
    if (meaning == Meaning::glare) return refuse(id, hop, request, 491);
    if (meaning != Meaning::offer) return refuse(id, hop, request, 500, retry_after(network.random()));
  }
  const CallId number = call.id;
  call.update_server = id;
  call.update = request;
  call.update_hop = hop;
  if (!described || config.deviations.offers_unanswered) {
    (void)answer_update(call, {200, std::nullopt});
    return;
  }
  const std::optional<OfferReply> reply = handler.on_offer(number, request);
  Call* const still = find(number);
  if (reply && still != nullptr) (void)answer_update(*still, *reply);
}

Result<void> UserAgent::State::answer_update(Call& call, const OfferReply& reply) {
  const ServerId id = std::exchange(call.update_server, ServerId::none);
  if (id == ServerId::none) return fail("no UPDATE waits for an answer");
  const bool success = reply.status >= 200 && reply.status < 300;
  const dialog::SessionAnswer session = dialog::answer_session_request(config.session_timer, call.update);
  HeaderValues headers = success ? session.headers : HeaderValues{};
  headers.insert(headers.end(), reply.headers.begin(), reply.headers.end());
  const sip::Message response =
      make_response(call.update, call.update_hop, reply.status, {}, call.local_tag, headers, reply.answer);
  (void)note_offer(call, Direction::sent, success ? Carrier::update_success : Carrier::update_failure,
                   response);
  if (success) {
    if (dialog::Dialog* const dialog = dialog_for(call, dialog::from_tag(call.update)))
      dialog::update_target(*dialog, call.update);
    if (call.state == CallState::confirmed) session_agreed(call, session.timer);
  }
  return transactions.respond(id, response);
}

Result<void> UserAgent::State::send_update(Call& call, std::optional<Body> body,
                                           const HeaderValues& headers) {
  if (call.state == CallState::ended) return fail("the call has ended");
  if (call.update_client != ClientId::none)
    return fail("another UPDATE of this call is open (RFC 3311 §5.1)");
  if (call.dialog) {
    const bool open = body && call.offers.state() != dialog::OfferState::settled;
    if (open && !config.deviations.crossing_offers_taken)
      return fail("no offer may be made now (RFC 3311 §5.1)");
    return send_in_call(call, {"UPDATE", Purpose::update, RequestId::none, std::move(body), headers});
  }
  if (call.early.empty()) return fail("there is no dialog yet");
  // Of several branches that which spoke last.
  dialog::Dialog& early = call.early.back();
  const bool open = body && offers_of(call, early.remote_tag).state() != dialog::OfferState::settled;
  if (open && !config.deviations.crossing_offers_taken)
    return fail("no offer may be made now (RFC 3311 §5.1)");
  const Target target = next_hop(early, call.hop);
  sip::Message request = dialog::make_request(early, "UPDATE");
  HeaderValues all = extension_headers(call);
  all.insert(all.end(), headers.begin(), headers.end());
  finish_request(request, target, true, all, body);
  SIPVET_TRY(const ClientId client, send_request(request, target));
  uses[client] = {Purpose::update, call.id, RequestId::none};
  call.update_client = client;
  (void)note_offer(call, Direction::sent, Carrier::update, request);
  return {};
}

void UserAgent::State::update_response(Call& call, const sip::Message& response) {
  if (response.status() < 200) return;
  const CallId id = call.id;
  call.update_client = ClientId::none;
  if (call.state == CallState::ended) return;
  if (response.status() >= 300) {
    (void)note_offer(call, Direction::received, Carrier::update_failure, response);
    handler.on_offer_refused(id, &response);
    // RFC 3261 §12.2.1.2: these end the dialog.
    Call* const still = find(id);
    const bool over = response.status() == 481 || response.status() == 408;
    if (over && still != nullptr && still->dialog && still->state != CallState::ended)
      (void)send_bye(*still, {});
    return;
  }
  if (dialog::Dialog* const dialog = dialog_for(call, dialog::to_tag(response)))
    dialog::update_target(*dialog, response);
  if (config.session_timer.supported && call.dialog)
    session_agreed(call, dialog::session_of_response(response));
  (void)note_offer(call, Direction::received, Carrier::update_success, response);
  handler.on_offer_answered(id, response);
}

// RFC 3261 §14.1: who made the Call-ID waits longer, so that the same offers do not cross again.
std::optional<Duration> UserAgent::State::offer_again_after(const Call& call, const sip::Message& response) {
  using std::chrono::milliseconds;
  if (config.deviations.no_repeated_offer) return std::nullopt;
  if (response.status() == 491) {
    const bool longer = !call.incoming;
    return milliseconds((longer ? 2100 : 0) + 10 * network.random().below(longer ? 191 : 201));
  }
  const auto seconds = parse_decimal(response.header("Retry-After").value_or(""), 3600, "Retry-After");
  if (response.status() != 500 || !seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

} // namespace sipvet::ua
