// The part of a peer's call that is fax over T.38.
#include "peers/leg_media.hpp"

#include "ua/t38_description.hpp"

#include <utility>

namespace sipvet::peers {

Result<void> LegMedia::open_fax() {
  if (fax_) return {};
  fax_ = std::make_unique<ua::T38Session>(network_, options_.pace);
  return fax_->open(address_);
}

Result<sdp::Session> LegMedia::offer_t38() {
  SIPVET_CHECK(open_fax());
  our_offer_ = ua::make_t38_offer(address_, fax_->port(), origin_, our_offer_.value_or(sdp::Session{}));
  ++origin_.version;
  t38_offered_ = true;
  return *our_offer_;
}

Result<void> LegMedia::take_t38_answer(const sdp::Session& answer) {
  SIPVET_TRY(const Endpoint remote, ua::t38_endpoint(answer));
  begin_fax(remote, rtp::T30Indicator::cng);
  return {};
}

Result<sdp::Session> LegMedia::answer_t38(const sdp::Session& offer, std::size_t section) {
  SIPVET_CHECK(open_fax());
  SIPVET_TRY(const Endpoint remote, ua::t38_endpoint(offer));
  const sdp::Session answer = ua::make_t38_answer(offer, section, address_, fax_->port(), origin_);
  ++origin_.version;
  fax_to_begin_ = remote;
  return answer;
}

void LegMedia::hold() { held_ = true; }

void LegMedia::answer_sent() {
  if (std::exchange(held_, false) && agreed_ && agreed_->may_send)
    active_->start(voiceprint_, agreed_->send_payload_type);
  if (const auto remote = std::exchange(fax_to_begin_, std::nullopt))
    begin_fax(*remote, rtp::T30Indicator::ced);
}

void LegMedia::begin_fax(const Endpoint& remote, rtp::T30Indicator signal) {
  if (active_ != nullptr) active_->pause();
  fax_->set_remote(remote);
  fax_->start(signal);
  in_fax_ = true;
}

std::optional<rtp::T30Indicator> LegMedia::fax_signal() const { return fax_ ? fax_->heard() : std::nullopt; }

} // namespace sipvet::peers
