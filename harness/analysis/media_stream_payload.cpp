// What an RTP or SRTP stream carries once it can be read: codecs, sound, and the keys of telephone events.
#include "analysis/media_stream.hpp"
#include "analysis/rtp_fields.hpp"
#include "base/text.hpp"
#include "rtp/packet.hpp"
#include "rtp/telephone_event.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::analysis {
namespace {

constexpr std::size_t max_dtmf = 1024; // of one stream

} // namespace

void MediaStreamFollower::read_payload(ByteView packet, frames::Captured at) {
  const auto law = law_of(packet[1] & 0x7f);
  if (!payloads_.add(sequence_of(packet), payload_of(packet), law)) {
    ++facts_.duplicates;
    if (state_ == State::secured) --facts_.authenticated; // each packet once
    return;
  }
  if (event_type_ == (packet[1] & 0x7f)) read_event(packet);
  for (auto* sink : context_.sinks) sink->on_rtp(facts_, packet, at, law);
}

// All packets of one key press have the timestamp of its start (RFC 4733 §2.2.1).
void MediaStreamFollower::read_event(ByteView packet) {
  const auto event = rtp::parse_telephone_event(payload_of(packet));
  const std::uint32_t timestamp = timestamp_of(packet);
  if (!event || last_event_timestamp_ == timestamp) return;
  last_event_timestamp_ = timestamp;
  const auto key = rtp::key_of_event(event->event);
  if (key && facts_.dtmf.size() < max_dtmf) facts_.dtmf.push_back(*key);
}

// By the formats of the descriptions, the sender's first; else by RFC 3551 table 4.
std::optional<sdp::Codec> MediaStreamFollower::codec_of(std::uint8_t payload_type) const {
  if (const auto match = leg())
    for (const auto* side : {&match->receiver(), &match->sender()})
      for (const auto& codec : side->codecs)
        if (codec.payload_type == payload_type) return codec;
  return sdp::static_codec(payload_type);
}

std::optional<rtp::Law> MediaStreamFollower::law_of(std::uint8_t payload_type) {
  if (law_of_ == payload_type) return law_;
  if (law_of_) {
    if (!laws_) laws_ = std::make_unique<std::vector<KnownLaw>>();
    if (std::ranges::find(*laws_, *law_of_, &KnownLaw::type) == laws_->end())
      laws_->push_back({*law_of_, law_});
    if (const auto known = std::ranges::find(*laws_, payload_type, &KnownLaw::type); known != laws_->end()) {
      law_of_ = payload_type;
      return law_ = known->law;
    }
  }
  law_of_ = payload_type;
  const auto codec = codec_of(payload_type);
  law_.reset();
  if (codec && codec->clock_hz == rtp::sample_rate_hz && codec->channels == 1) {
    if (iequals(codec->encoding, "PCMU")) law_ = rtp::Law::mu;
    if (iequals(codec->encoding, "PCMA")) law_ = rtp::Law::a;
  }
  if (codec && facts_.codec.empty() && !iequals(codec->encoding, "telephone-event"))
    facts_.codec = fmt::format("{}/{}", codec->encoding, codec->clock_hz);
  if (codec && iequals(codec->encoding, "telephone-event")) event_type_ = payload_type;
  return law_;
}

} // namespace sipvet::analysis
