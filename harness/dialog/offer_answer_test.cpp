#include "dialog/offer_answer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace sipvet;
using namespace sipvet::dialog;

namespace {

struct Step {
  Direction direction;
  Carrier carrier;
  bool has_sdp;
};

constexpr Step out(Carrier carrier, bool has_sdp = true) { return {Direction::sent, carrier, has_sdp}; }
constexpr Step in(Carrier carrier, bool has_sdp = true) { return {Direction::received, carrier, has_sdp}; }
constexpr bool without = false;

// What each step means and the last state: "offer answer | settled"; "refused" where the rules forbid a step.
std::string ladder(const std::vector<Step>& steps) {
  OfferAnswer exchange;
  std::string done;
  for (const Step& step : steps) {
    const OfferState before = exchange.state();
    const auto meaning = exchange.message(step.direction, step.carrier, step.has_sdp);
    done += meaning ? std::string(to_string(*meaning)) + ' ' : "refused ";
    if (!meaning) BOOST_TEST((exchange.state() == before));
  }
  return done + "| " + std::string(to_string(exchange.state()));
}

// The ladder and its mirror image mean the same; only who made the offer changes.
std::string both(const std::vector<Step>& steps) {
  std::vector<Step> mirrored = steps;
  for (Step& step : mirrored)
    step.direction = step.direction == Direction::sent ? Direction::received : Direction::sent;
  const std::string one = ladder(steps);
  const std::string other = ladder(mirrored);
  BOOST_TEST(one.substr(0, one.find('|')) == other.substr(0, other.find('|')));
  return one;
}

using C = Carrier;

} // namespace

// The six patterns of RFC 6337 §2.2, table 1.
BOOST_AUTO_TEST_SUITE(offer_answer_patterns)

BOOST_AUTO_TEST_CASE(pattern_1_offer_in_invite_answer_in_2xx) {
  BOOST_TEST(both({out(C::invite)}) == "offer | local offer");
  BOOST_TEST(ladder({in(C::invite)}) == "offer | remote offer");
  BOOST_TEST(both({out(C::invite), in(C::invite_success), out(C::ack, without)}) ==
             "offer answer nothing | settled");
}

BOOST_AUTO_TEST_CASE(pattern_2_offer_in_2xx_answer_in_ack) {
  BOOST_TEST(both({out(C::invite, without), in(C::invite_success)}) == "nothing offer | remote offer");
  BOOST_TEST(both({out(C::invite, without), in(C::invite_success), out(C::ack)}) ==
             "nothing offer answer | settled");
}

BOOST_AUTO_TEST_CASE(pattern_3_offer_in_invite_answer_in_reliable_1xx) {
  BOOST_TEST(both({out(C::invite), in(C::reliable_provisional), out(C::prack, without),
                   in(C::prack_success, without), in(C::invite_success, without), out(C::ack, without)}) ==
             "offer answer nothing nothing nothing nothing | settled");
}

BOOST_AUTO_TEST_CASE(pattern_4_offer_in_reliable_1xx_answer_in_prack) {
  BOOST_TEST(both({out(C::invite, without), in(C::reliable_provisional), out(C::prack),
                   in(C::prack_success, without), in(C::invite_success, without), out(C::ack, without)}) ==
             "nothing offer answer nothing nothing nothing | settled");
}

BOOST_AUTO_TEST_CASE(pattern_5_offer_in_prack_answer_in_its_2xx) {
  BOOST_TEST(both({out(C::invite), in(C::reliable_provisional), out(C::prack), in(C::prack_success)}) ==
             "offer answer offer answer | settled");
}

BOOST_AUTO_TEST_CASE(pattern_6_update) {
  BOOST_TEST(both({out(C::invite), in(C::reliable_provisional), out(C::update), in(C::update_success)}) ==
             "offer answer offer answer | settled");
  BOOST_TEST(both({out(C::invite), in(C::invite_success), in(C::update), out(C::update_success)}) ==
             "offer answer offer answer | settled");
  BOOST_TEST(both({out(C::invite), in(C::invite_success), out(C::update, without),
                   in(C::update_success, without)}) == "offer answer nothing nothing | settled");
}

BOOST_AUTO_TEST_CASE(a_second_invite_either_way) {
  BOOST_TEST(both({out(C::invite), in(C::invite_success), in(C::invite), out(C::invite_success)}) ==
             "offer answer offer answer | settled");
  BOOST_TEST(both({out(C::invite), in(C::invite_success), in(C::invite, without), out(C::invite_success),
                   in(C::ack)}) == "offer answer nothing offer answer | settled");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(offer_answer_rules)

// RFC 3261 §13.2.1: the answer is what a reliable message brings; later descriptions do not count.
BOOST_AUTO_TEST_CASE(descriptions_that_are_neither) {
  BOOST_TEST(both({out(C::invite), in(C::unreliable_provisional), in(C::invite_success)}) ==
             "offer preview answer | settled");
  BOOST_TEST(both({out(C::invite), in(C::reliable_provisional), in(C::invite_success)}) ==
             "offer answer ignored | settled");
  BOOST_TEST(both({out(C::invite, without), in(C::unreliable_provisional), in(C::invite_success)}) ==
             "nothing ignored offer | remote offer");
  BOOST_TEST(both({out(C::invite), in(C::reliable_provisional), in(C::unreliable_provisional)}) ==
             "offer answer ignored | settled");
}

BOOST_AUTO_TEST_CASE(what_is_due_must_come) {
  BOOST_TEST(both({out(C::invite), in(C::invite_success, without)}) == "offer refused | local offer");
  BOOST_TEST(both({out(C::invite, without), in(C::invite_success, without)}) == "nothing refused | none");
  BOOST_TEST(both({out(C::invite, without), in(C::reliable_provisional, without)}) ==
             "nothing refused | none");
  BOOST_TEST(both({out(C::invite, without), in(C::invite_success), out(C::ack, without)}) ==
             "nothing offer refused | remote offer");
  BOOST_TEST(both({out(C::invite, without), in(C::reliable_provisional), out(C::prack, without)}) ==
             "nothing offer refused | remote offer");
  BOOST_TEST(both({out(C::invite), in(C::invite_success), out(C::update), in(C::update_success, without)}) ==
             "offer answer offer refused | local offer");
}

BOOST_AUTO_TEST_CASE(what_may_not_be_there) {
  BOOST_TEST(both({out(C::invite), in(C::invite_success), out(C::ack)}) == "offer answer refused | settled");
  BOOST_TEST(both({out(C::update)}) == "refused | none"); // RFC 3311 §5.1: not before the first answer
  BOOST_TEST(both({out(C::invite), in(C::reliable_provisional, without), out(C::prack)}) ==
             "offer nothing refused | local offer");
  BOOST_TEST(both({out(C::invite), in(C::invite_success), out(C::update, without), in(C::update_success)}) ==
             "offer answer nothing refused | settled");
  // Not even from the one who made the offer.
  BOOST_TEST(both({out(C::invite), out(C::invite_success)}) == "offer ignored | local offer");
}

// RFC 3261 §14.2: 491 when both offer, 500 when the same side offers again.
BOOST_AUTO_TEST_CASE(offers_that_meet) {
  const std::vector<Step> call = {out(C::invite), in(C::invite_success)};
  const auto after_call = [&](std::vector<Step> more) {
    std::vector<Step> steps = call;
    steps.insert(steps.end(), more.begin(), more.end());
    return both(steps);
  };
  BOOST_TEST(after_call({out(C::invite), in(C::invite)}) == "offer answer offer glare | local offer");
  BOOST_TEST(after_call({out(C::invite), in(C::update)}) == "offer answer offer glare | local offer");
  BOOST_TEST(after_call({out(C::update), in(C::invite)}) == "offer answer offer glare | local offer");
  BOOST_TEST(after_call({in(C::update), in(C::update)}) == "offer answer offer too early | remote offer");
  BOOST_TEST(after_call({in(C::update), in(C::invite)}) == "offer answer offer too early | remote offer");
  BOOST_TEST(after_call({out(C::update), in(C::invite, without)}) ==
             "offer answer offer glare | local offer");
}

// RFC 3261 §14.1: a refused offer leaves the session as it was.
BOOST_AUTO_TEST_CASE(failures_end_their_offer) {
  BOOST_TEST(both({out(C::invite), in(C::invite_failure, without)}) == "offer nothing | none");
  BOOST_TEST(both({out(C::invite), in(C::invite_failure)}) ==
             "offer ignored | none"); // 488 with capabilities
  BOOST_TEST(both({out(C::invite), in(C::invite_success), in(C::invite), out(C::invite_failure, without)}) ==
             "offer answer offer nothing | settled");
  BOOST_TEST(both({out(C::invite), in(C::invite_success), out(C::update), in(C::update_failure, without)}) ==
             "offer answer offer nothing | settled");
  BOOST_TEST(both({out(C::invite), in(C::reliable_provisional), out(C::prack),
                   in(C::prack_failure, without)}) == "offer answer offer nothing | settled");
  // The failure of another transaction ends no offer.
  BOOST_TEST(both({out(C::invite), in(C::invite_success), out(C::update), in(C::invite_failure, without)}) ==
             "offer answer offer nothing | local offer");
  BOOST_TEST(both({out(C::invite, without), in(C::reliable_provisional), in(C::invite_failure, without)}) ==
             "nothing offer nothing | none");
}

BOOST_AUTO_TEST_CASE(a_refusal_says_why) {
  OfferAnswer exchange;
  exchange.message(Direction::sent, C::invite, true).value();
  const auto refused = exchange.message(Direction::received, C::invite_success, false);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().what == "2xx to INVITE lacks the answer to the offer in INVITE");
  BOOST_TEST(!exchange.ever_settled());
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_comes) {
  OfferAnswer offers;
  BOOST_TEST((offers.message(Direction::sent, Carrier::invite, true).value() == Meaning::offer));
  BOOST_TEST(offers.offered_in(Carrier::invite));
  BOOST_TEST(!offers.offered_in(Carrier::update));
  BOOST_TEST(!offers.message(Direction::received, Carrier::invite_success, false));
  offers.abandon();
  BOOST_TEST((offers.state() == OfferState::none));
  offers.abandon(); // nothing is open
  BOOST_TEST((offers.message(Direction::sent, Carrier::invite, true).value() == Meaning::offer));
  BOOST_TEST((offers.message(Direction::received, Carrier::invite_success, true).value() == Meaning::answer));
  offers.abandon();
  BOOST_TEST((offers.state() == OfferState::settled));
  BOOST_TEST(!offers.offered_in(Carrier::invite));
}

BOOST_AUTO_TEST_SUITE_END()
