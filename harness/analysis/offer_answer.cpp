#include "analysis/offer_answer.hpp"

#include "analysis/leg_builder.hpp"
#include "analysis/sdp_checks.hpp"
#include "base/text.hpp"
#include "sip/cseq.hpp"
#include "sip/name_addr.hpp"
#include "sip/rack.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::analysis {
namespace {

std::string key_of(const SipOrigin& origin, std::string_view call_id, std::uint32_t number,
                   std::string_view method) {
  const auto& [low, high] = std::minmax(origin.source, origin.destination);
  return fmt::format("{}|{}|{}|{}|{}", call_id, to_string(low), to_string(high), number, method);
}

// A capture of more calls at once forgets the offers of the oldest.
constexpr std::size_t max_offers = 50'000;
constexpr std::size_t max_seen = 100'000;

// Empty when there is none, or the header cannot be read.
std::string to_tag(const sip::MessageView& message) {
  const auto to = sip::parse_name_addr(message.header("To").value_or(""));
  return to ? to->tag() : std::string();
}

bool may_offer(std::string_view method) { // RFC 3261 §13.2, RFC 3311, RFC 3262
  return method == "INVITE" || method == "UPDATE" || method == "PRACK";
}

} // namespace

std::string_view session_description(const sip::MessageView& message) {
  if (message.body().empty()) return {};
  const auto type = message.header(sip::KnownHeader::content_type);
  if (!type) return {};
  const std::string_view body = message.body();
  const auto begins_with = [&](std::string_view kind) { return iequals(type->substr(0, kind.size()), kind); };
  if (begins_with("application/sdp")) return body;
  if (!begins_with("multipart/")) return {};
  // RFC 5621 §3: one of the parts. It ends at the next boundary line.
  const auto start = body.find("\nv=0");
  if (start == std::string_view::npos) return {};
  const auto end = body.find("\n--", start + 1);
  return body.substr(start + 1, end == std::string_view::npos ? end : end - start);
}

void OfferAnswer::on_message(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                             Dialog& dialog) {
  if (message.is_request() && message.method() == "BYE") end(dialog.call_id);
  const auto text = session_description(message);
  if (text.empty()) return;
  const auto cseq = sip::parse_cseq(message.header("CSeq").value_or(""));
  if (!cseq) return;
  auto session = sdp::parse_session(text);
  if (!session) {
    findings_.error("sdp-unreadable", at.frame,
                    fmt::format("The session description of {} cannot be read: {}",
                                dialog.call_id.empty() ? "this message" : dialog.call_id,
                                to_string(session.error())),
                    "compare the line with RFC 8866 §9");
    return;
  }
  const bool is_ack = message.is_request() && message.method() == "ACK";
  auto key = key_of(origin, dialog.call_id, cseq->number, is_ack ? "INVITE" : cseq->method);
  auto offer = offers_.find(key);
  bool answers = offer != offers_.end() && (is_ack || offer->second.in_request != message.is_request());
  // RFC 3262 §5: a PRACK answers the offer in the response that it acknowledges.
  const auto rack = sip::parse_rack(message.header("RAck").value_or(""));
  if (message.is_request() && message.method() == "PRACK" && rack) {
    const auto of_invite = offers_.find(key_of(origin, dialog.call_id, rack->cseq.number, "INVITE"));
    const bool waits =
        of_invite != offers_.end() && !of_invite->second.in_request && of_invite->second.answers.empty();
    if (waits) {
      offer = of_invite;
      answers = true;
    }
  }
  // A refusal may describe what would be taken (RFC 3261 §21.4.26), and MIKEY what it did not take.
  if (!message.is_request() && message.status() >= 300) {
    if (answers) on_refusal(offer->second, *session);
    return;
  }
  if (answers && !is_ack) check_repetition(offer->second, to_tag(message), *session, at.frame);
  if (answers) return on_answer(offer->second, std::string(text), origin, at.frame, dialog);
  if (offer != offers_.end() && offer->second.text == text) return; // sent again
  if (is_ack || !may_offer(cseq->method)) return;
  on_offer(key, {std::string(text), at.frame, message.is_request(), {}, {}, {}}, *session, origin, dialog);
}

void OfferAnswer::end(const std::string& call_id) {
  map_.end(call_id);
  offers_.erase(offers_.lower_bound(call_id + "|"), offers_.lower_bound(call_id + "}")); // '}' follows '|'
}

bool OfferAnswer::first_time(const Dialog& dialog, const std::string& text) {
  const auto hash = std::hash<std::string>()(dialog.call_id + '\n' + text);
  if (seen_before_.contains(hash) || !seen_.insert(hash).second) return false;
  if (seen_.size() >= max_seen) seen_before_ = std::exchange(seen_, {});
  return true;
}

void OfferAnswer::on_offer(const std::string& key, Offer offer, const sdp::Session& session,
                           const SipOrigin& origin, Dialog& dialog) {
  if (first_time(dialog, offer.text)) {
    check_description(session, origin, offer.frame, findings_);
    ledger_.on_description(session, dialog.call_id, offer.frame, findings_);
    if (const auto mikey = MikeyFollower::find(session))
      for (const std::string& note : mikey_.on_offer(*mikey, offer.frame, dialog.call_id))
        findings_.note("mikey-oddity", offer.frame, "The MIKEY message is odd: " + note + ".");
    for (std::size_t section = 0; section < session.media.size(); ++section)
      offer.legs.push_back(map_.add(offered_leg(session, section, dialog.call_id, offer.frame)));
  }
  if (offers_.insert_or_assign(key, std::move(offer)).second) order_.push_back(key);
  // Those of calls that ended are gone from the map; what is left in front is the oldest that goes on.
  while (order_.size() > max_offers) {
    offers_.erase(order_.front());
    order_.pop_front();
  }
}

void OfferAnswer::on_refusal(const Offer& offer, const sdp::Session& described) {
  const auto said = MikeyFollower::find(described);
  const auto offered = said ? sdp::parse_session(offer.text) : Result<sdp::Session>(fail("no MIKEY"));
  if (!offered) return;
  if (const auto mikey = MikeyFollower::find(*offered)) mikey_.on_answer(*mikey, said);
}

void OfferAnswer::on_answer(Offer& offer, const std::string& text, const SipOrigin& origin, std::size_t frame,
                            Dialog& dialog) {
  const auto hash = std::hash<std::string>()(text);
  if (std::ranges::find(offer.answers, hash) != offer.answers.end()) return;
  offer.answers.push_back(hash);
  const auto answer = sdp::parse_session(text);
  const auto offered = sdp::parse_session(offer.text);
  if (!answer || !offered || !first_time(dialog, offer.text + "\n=>\n" + text)) return;
  check_description(*answer, origin, frame, findings_);
  ledger_.on_description(*answer, dialog.call_id, frame, findings_);
  check_answer(*offered, *answer, frame, findings_);
  if (const auto mikey = MikeyFollower::find(*offered))
    mikey_.on_answer(*mikey, MikeyFollower::find(*answer));
  const auto sections = std::min(offered->media.size(), answer->media.size());
  for (std::size_t section = 0; section < sections; ++section)
    settle(offer, *offered, *answer, section, frame, dialog);
}

// RFC 3261 §13.2.1: each dialog that forking makes has one answer; what comes after it, but for the o= line
// of a careless writer, is the same. The media of both is followed, as there is no telling which one counts
// for whom.
void OfferAnswer::check_repetition(Offer& offer, const std::string& to_tag, const sdp::Session& answer,
                                   std::size_t frame) {
  sdp::Session compared = answer;
  compared.origin = {};
  const std::size_t hash = std::hash<std::string>()(sdp::serialize(compared));
  const auto [first, fresh] = offer.first_answers.emplace(to_tag, hash);
  if (fresh || first->second == hash) return;
  first->second = hash;
  findings_.note("answer-changed", frame,
                 "The session description differs from the answer that this dialog gave to the same offer "
                 "before: what was answered first counts.");
}

void OfferAnswer::settle(Offer& offer, const sdp::Session& offered, const sdp::Session& answer,
                         std::size_t section, std::size_t frame, Dialog& dialog) {
  auto leg = answered_leg(offered, answer, section, dialog.call_id, frame);
  if (leg.keying == "mikey")
    if (const auto mikey = MikeyFollower::find(offered)) mikey_.add_keys(*mikey, leg);
  if (leg.keying == "dtls") dtls_.add_keys(leg);
  auto media = negotiated_media(offered, answer, section, leg);
  media.offer_frame = offer.frame;
  media.answer_frame = frame;
  if (leg.suite.empty()) leg.suite = media.suite;
  media.suite = leg.suite;
  const bool accepted = media.accepted;
  dialog.media.push_back(std::move(media));
  const bool first = offer.answers.size() == 1 && section < offer.legs.size();
  if (first)
    map_.replace(offer.legs[section],
                 std::move(leg)); // a refused section keeps no address: nothing matches it
  else if (accepted)
    map_.add(std::move(leg));
}

} // namespace sipvet::analysis
