#include "dialog/offer_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sipvet::dialog {

namespace {

enum class Offers {
  never,
  when_idle,    // none is open
  when_due,     // the INVITE had none; then it must be here (RFC 3261 §13.2.1)
  when_settled, // after the first answer (RFC 3262 §5, RFC 3311 §5.1)
};

// A session description that is neither offer nor answer.
enum class Other { preview, ignored, forbidden };

constexpr unsigned bit(Carrier carrier) { return 1u << static_cast<unsigned>(carrier); }

struct Rule {
  Carrier carrier;
  unsigned answers; // carriers whose offers are answered in this one
  bool last_chance; // an offer of those still open must be answered here
  Offers offers;
  bool can_collide; // an offer here may meet another one on the way: 491 or 500
  Other other;
  unsigned drops; // carriers whose open offers end unanswered with this one
};

// RFC 6337 §2.2 lists the six patterns that these rows allow.
constexpr unsigned invite_offers = bit(Carrier::invite) | bit(Carrier::reliable_provisional);
constexpr std::array<Rule, 12> rules = {{
    {Carrier::invite, 0, false, Offers::when_idle, true, Other::forbidden, 0},
    {Carrier::unreliable_provisional, 0, false, Offers::never, false, Other::preview, 0},
    {Carrier::reliable_provisional, bit(Carrier::invite), false, Offers::when_due, false, Other::ignored, 0},
    {Carrier::invite_success, bit(Carrier::invite), true, Offers::when_due, false, Other::ignored, 0},
    {Carrier::invite_failure, 0, false, Offers::never, false, Other::ignored, invite_offers},
    {Carrier::ack, bit(Carrier::invite_success), true, Offers::never, false, Other::forbidden, 0},
    {Carrier::prack, bit(Carrier::reliable_provisional), true, Offers::when_settled, false, Other::forbidden,
     0},
    {Carrier::prack_success, bit(Carrier::prack), true, Offers::never, false, Other::forbidden, 0},
    {Carrier::prack_failure, 0, false, Offers::never, false, Other::ignored, bit(Carrier::prack)},
    {Carrier::update, 0, false, Offers::when_settled, true, Other::forbidden, 0},
    {Carrier::update_success, bit(Carrier::update), true, Offers::never, false, Other::forbidden, 0},
    {Carrier::update_failure, 0, false, Offers::never, false, Other::ignored, bit(Carrier::update)},
}};

constexpr const Rule& rule_of(Carrier carrier) { return rules[static_cast<std::size_t>(carrier)]; }

Direction other(Direction direction) {
  return direction == Direction::sent ? Direction::received : Direction::sent;
}

OfferState offered_by(Direction direction) {
  return direction == Direction::sent ? OfferState::local_offer : OfferState::remote_offer;
}

} // namespace

// An offer of the receiver of this message is open, and this is where it may be answered.
bool OfferAnswer::can_answer(Direction direction, Carrier carrier) const {
  return state_ == offered_by(other(direction)) && (rule_of(carrier).answers & bit(offered_in_)) != 0;
}

bool OfferAnswer::may_offer(Direction direction, Carrier carrier) const {
  switch (rule_of(carrier).offers) {
  case Offers::never:
    return false;
  case Offers::when_idle:
    return !is_open();
  case Offers::when_due:
    return offer_due_ == direction;
  case Offers::when_settled:
    return state_ == OfferState::settled;
  }
  return false;
}

void OfferAnswer::drop_offer() {
  if (is_open()) state_ = ever_settled_ ? OfferState::settled : OfferState::none;
}

Result<Meaning> OfferAnswer::take_offer(Direction direction, Carrier carrier) {
  state_ = offered_by(direction);
  offered_in_ = carrier;
  offer_due_.reset();
  return Meaning::offer;
}

Result<Meaning> OfferAnswer::with_sdp(Direction direction, Carrier carrier) {
  const Rule& rule = rule_of(carrier);
  if (can_answer(direction, carrier)) {
    state_ = OfferState::settled;
    ever_settled_ = true;
    return Meaning::answer;
  }
  if (may_offer(direction, carrier)) return take_offer(direction, carrier);
  if (rule.can_collide && is_open())
    return state_ == offered_by(direction) ? Meaning::too_early : Meaning::glare;
  // Only while the INVITE's offer waits does a description in an unreliable response say anything.
  const bool waiting = state_ == offered_by(other(direction)) && offered_in_ == Carrier::invite;
  if (rule.other == Other::preview) return waiting ? Meaning::preview : Meaning::ignored;
  if (rule.other == Other::ignored) return Meaning::ignored;
  return fail(
      fmt::format("{} carries a session description, but may be neither offer nor answer in state \"{}\"",
                  to_string(carrier), to_string(state_)));
}

Result<Meaning> OfferAnswer::without_sdp(Direction direction, Carrier carrier) {
  const Rule& rule = rule_of(carrier);
  if (rule.last_chance && can_answer(direction, carrier))
    return fail(
        fmt::format("{} lacks the answer to the offer in {}", to_string(carrier), to_string(offered_in_)));
  if (rule.offers == Offers::when_due && offer_due_ == direction)
    return fail(fmt::format("{} lacks an offer, which was not in the INVITE either", to_string(carrier)));
  if (carrier == Carrier::invite) {
    if (is_open()) return state_ == offered_by(direction) ? Meaning::too_early : Meaning::glare;
    offer_due_ = other(direction);
  }
  return Meaning::nothing;
}

Result<Meaning> OfferAnswer::message(Direction direction, Carrier carrier, bool has_sdp) {
  const Rule& rule = rule_of(carrier);
  if ((rule.drops & bit(offered_in_)) != 0) drop_offer();
  if (carrier == Carrier::invite_failure) offer_due_.reset();
  return has_sdp ? with_sdp(direction, carrier) : without_sdp(direction, carrier);
}

std::string_view to_string(OfferState state) {
  constexpr std::array<std::string_view, 4> names = {"none", "local offer", "remote offer", "settled"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(Carrier carrier) {
  constexpr std::array<std::string_view, 12> names = {
      "INVITE",        "unreliable 1xx",    "reliable 1xx",
      "2xx to INVITE", "failure of INVITE", "ACK",
      "PRACK",         "2xx to PRACK",      "failure of PRACK",
      "UPDATE",        "2xx to UPDATE",     "failure of UPDATE"};
  return names[static_cast<std::size_t>(carrier)];
}

std::string_view to_string(Meaning meaning) {
  constexpr std::array<std::string_view, 7> names = {"nothing", "offer", "answer",   "preview",
                                                     "ignored", "glare", "too early"};
  return names[static_cast<std::size_t>(meaning)];
}

} // namespace sipvet::dialog
