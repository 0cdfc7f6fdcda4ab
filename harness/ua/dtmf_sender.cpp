#include "ua/dtmf_sender.hpp"

#include "rtp/telephone_event.hpp"
#include "ua/media_session.hpp"

#include <algorithm>
#include <vector>

namespace sipvet::ua {

Result<void> DtmfSender::press(std::string_view digits) {
  std::vector<std::uint8_t> events;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto event = rtp::event_of_key(digits[i]);
    if (!event) return fail("expected one of 0-9, *, #, A-D", i);
    events.push_back(*event);
  }
  queue_.insert(queue_.end(), events.begin(), events.end());
  return {};
}

std::optional<DtmfSender::Next> DtmfSender::next() {
  if (queue_.empty()) return std::nullopt;
  const unsigned step = step_++;
  if (step >= event_packets + end_packets) {
    if (step + 1 == event_packets + end_packets + pause_packets) {
      queue_.pop_front();
      step_ = 0;
    }
    return std::nullopt;
  }
  // The end packets say the duration of the last one before them, and all say the timestamp of the event's
  // start.
  const unsigned units = std::min(step + 1, event_packets);
  rtp::TelephoneEvent event;
  event.event = queue_.front();
  event.end = step >= event_packets;
  event.duration = static_cast<std::uint16_t>(units * samples_per_packet);
  return Next{rtp::serialize(event), step == 0, static_cast<std::uint16_t>(step * samples_per_packet)};
}

} // namespace sipvet::ua
