#include "srtp/master_keys.hpp"

#include <algorithm>

namespace sipvet::srtp {
namespace {

// RFC 3711 §9.2: what a key may protect at most.
constexpr std::uint64_t max_rtcp_packets = std::uint64_t{1} << 31;
// Packets of several SSRCs, and late ones, are under keys of neighbouring periods.
constexpr std::size_t max_kept_periods = 8;

} // namespace

MasterKeys::MasterKeys(const rtp::SrtpContext& context, crypto::Direction direction)
    : options_(context.options), direction_(direction), mki_octets_(context.keys.front().mki.size()),
      aead_(is_aead(context.keys.front().suite)) {
  for (const auto& key : context.keys) keys_.push_back({.key = key, .rtp = {}, .rtcp = {}});
}

// SRTCP is authenticated always (RFC 3711 §3.4).
Services MasterKeys::services(Traffic traffic) const {
  if (traffic == Traffic::rtcp) return {options_.encrypt_rtcp, true};
  return {options_.encrypt_rtp, options_.authenticate_rtp};
}

std::size_t MasterKeys::tag_octets(Traffic traffic) const {
  return srtp::tag_octets(keys_.front().key.suite, traffic, services(traffic));
}

std::optional<std::size_t> MasterKeys::find(ByteView mki) const {
  if (mki_octets_ == 0) return 0;
  for (std::size_t position = 0; position < keys_.size(); ++position)
    if (std::ranges::equal(keys_[position].key.mki, mki)) return position;
  return std::nullopt;
}

void MasterKeys::count(std::size_t position, Traffic traffic, std::uint32_t ssrc) {
  MasterKey& key = keys_[position];
  if (traffic == Traffic::rtcp) {
    ++key.rtcp_used;
    return;
  }
  ++key.rtp_used;
  if (key.first_ssrc.value_or(ssrc) != ssrc) key.shared = true;
  key.first_ssrc = key.first_ssrc.value_or(ssrc);
}

// RFC 4568 §6.1 calls the lifetime the most packets that a key protects, and says in the same breath that the
// counts stay below it: here as many as it says are protected.
bool MasterKeys::expired(std::size_t position) const {
  const MasterKey& key = keys_[position];
  const auto most = [&](std::uint64_t limit) {
    return std::min(key.key.lifetime_packets.value_or(limit), limit);
  };
  const std::uint64_t rtp = key.shared ? options_.most_shared_packets : options_.most_packets;
  return key.rtp_used >= most(rtp) || key.rtcp_used >= most(max_rtcp_packets);
}

Result<PacketTransform*> MasterKeys::transform(std::size_t position, Traffic traffic, std::uint64_t index) {
  MasterKey& key = keys_[position];
  auto& derived = traffic == Traffic::rtp ? key.rtp : key.rtcp;
  const std::uint64_t rate = options_.key_derivation_rate;
  const std::uint64_t period = rate == 0 ? 0 : index / rate;
  const auto known = std::ranges::find(derived, period, &Derived::period);
  if (known != derived.end()) {
    derived.splice(derived.begin(), derived, known);
    return &derived.front().transform;
  }
  SIPVET_TRY(const auto session, derive_session_keys(key.key, traffic, period));
  SIPVET_TRY(auto made,
             PacketTransform::make(session, key.key.suite, traffic, services(traffic), direction_));
  derived.push_front({period, std::move(made)});
  if (derived.size() > max_kept_periods) derived.pop_back();
  return &derived.front().transform;
}

} // namespace sipvet::srtp
