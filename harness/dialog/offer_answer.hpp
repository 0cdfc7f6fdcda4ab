// SDP offers and answers: which SIP message may carry which, as a table (RFC 3264, RFC 3261 §13.2.1 and §14,
// RFC 3262 §5, RFC 3311 §5, RFC 6337).
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string_view>

namespace sipvet::dialog {

enum class OfferState { none, local_offer, remote_offer, settled };

enum class Carrier {
  invite,
  unreliable_provisional, // 1xx to INVITE without RSeq
  reliable_provisional,   // 1xx to INVITE with RSeq (RFC 3262)
  invite_success,
  invite_failure, // 300 to 699; its body is no offer or answer
  ack,
  prack,
  prack_success,
  prack_failure,
  update,
  update_success,
  update_failure
};

enum class Direction { sent, received };

// What the session description in a message is.
enum class Meaning {
  nothing, // no SDP, and none was needed
  offer,
  answer,
  preview,  // in an unreliable 1xx (or again after the answer): says what the answer is going to be (RFC 6337
            // §3.1)
  ignored,  // SDP where none is expected: not part of the exchange
  glare,    // an offer while one of the receiver's is open: answer 491 (RFC 3261 §14.2, RFC 3311 §5.2)
  too_early // an offer while one of the sender's own is open: answer 500 with Retry-After (RFC 3261 §14.2,
            // RFC 3311 §5.2)
};

class OfferAnswer {
 public:
  // A message of the dialog went by. Fails, and changes nothing, when the rules forbid it: an offer or answer
  // missing where it was due, or one that may not be there. `glare` and `too_early` change nothing either.
  Result<Meaning> message(Direction direction, Carrier carrier, bool has_sdp);

  // The message that was to bring the answer came without one: the open offer counts for nothing any more.
  void abandon() { drop_offer(); }

  OfferState state() const { return state_; }
  // Whether an offer of ours that went out in such a message waits for its answer.
  bool offered_in(Carrier carrier) const {
    return state_ == OfferState::local_offer && offered_in_ == carrier;
  }
  // An answer was exchanged at least once: a failed later offer falls back to it.
  bool ever_settled() const { return ever_settled_; }

 private:
  bool is_open() const { return state_ == OfferState::local_offer || state_ == OfferState::remote_offer; }
  Result<Meaning> with_sdp(Direction direction, Carrier carrier);
  Result<Meaning> without_sdp(Direction direction, Carrier carrier);
  Result<Meaning> take_offer(Direction direction, Carrier carrier);
  bool may_offer(Direction direction, Carrier carrier) const;
  bool can_answer(Direction direction, Carrier carrier) const;
  void drop_offer();

  OfferState state_ = OfferState::none;
  bool ever_settled_ = false;
  std::optional<Direction>
      offer_due_; // an INVITE went by without offer: who must bring one in a reliable response
  Carrier offered_in_ = Carrier::invite; // where the open offer came
};

std::string_view to_string(OfferState state);
std::string_view to_string(Carrier carrier);
std::string_view to_string(Meaning meaning);

} // namespace sipvet::dialog
