#include "keying/mikey_replay.hpp"

#include "crypto/hash.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::keying {

namespace {

Result<void> check_clock(const mikey::Timestamp& timestamp, Instant now, Duration skew) {
  const Duration away = mikey::to_instant(timestamp, now) - now;
  if (away <= skew && away >= -skew) return {};
  const auto away_s = std::chrono::duration_cast<std::chrono::seconds>(away).count();
  const auto skew_s = std::chrono::duration_cast<std::chrono::seconds>(skew).count();
  return fail(fmt::format("the timestamp is {} s {} our clock, expected at most {} s",
                          away_s < 0 ? -away_s : away_s, away_s < 0 ? "behind" : "ahead of", skew_s));
}

} // namespace

Result<void> MikeyReplayGuard::check(ByteView octets, const mikey::Message& message, Instant now,
                                     MikeyReplayLenience lenience) const {
  SIPVET_TRY(const mikey::Timestamp* const stamp, mikey::require<mikey::Timestamp>(message));
  const mikey::Timestamp& timestamp = *stamp;
  const bool counter = timestamp.kind == mikey::TimestampType::counter;
  const Bytes hash = crypto::digest(crypto::Hash::sha256, octets);
  if (!counter && !lenience.any_timestamp) SIPVET_CHECK(check_clock(timestamp, now, limits_.skew));
  if (!lenience.repeated &&
      std::ranges::any_of(seen_, [&](const Seen& seen) { return seen.octets_hash == hash; }))
    return fail("the message is a replay: it was accepted before");
  const auto value = static_cast<std::uint32_t>(timestamp.value);
  if (counter && !lenience.repeated && last_counter_ && value <= *last_counter_)
    return fail(fmt::format("the timestamp counter is {}, expected more than {}", value, *last_counter_));
  return {};
}

Result<void> MikeyReplayGuard::accept(const mikey::InitMessage& init, Instant now,
                                      MikeyReplayLenience lenience) {
  // Whatever was accepted more than two skews ago is refused by its timestamp alone.
  while (!seen_.empty() && now - seen_.front().accepted > 2 * limits_.skew) seen_.pop_front();
  SIPVET_CHECK(check(init.octets, init.message, now, lenience));
  if (seen_.size() >= limits_.messages)
    return fail(fmt::format("{} messages within {} s are all that is remembered", limits_.messages,
                            std::chrono::duration_cast<std::chrono::seconds>(2 * limits_.skew).count()));
  const mikey::Timestamp& timestamp = init.timestamp();
  if (timestamp.kind == mikey::TimestampType::counter)
    last_counter_ = static_cast<std::uint32_t>(timestamp.value);
  seen_.push_back({now, crypto::digest(crypto::Hash::sha256, init.octets)});
  return {};
}

} // namespace sipvet::keying
