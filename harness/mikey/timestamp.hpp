// The timestamp payload, T (RFC 3830 §6.6), and its way to and from points in time.
#pragma once

#include "base/clock.hpp"
#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>

namespace sipvet::mikey {

enum class TimestampType : std::uint8_t { ntp_utc = 0, ntp = 1, counter = 2 };

struct Timestamp {
  static constexpr PayloadType type = PayloadType::timestamp;
  TimestampType kind = TimestampType::ntp_utc;
  std::uint64_t value = 0; // NTP: seconds since 1900 in the upper half; counter: 32 bits
  bool operator==(const Timestamp&) const = default;
};

Result<Timestamp> parse_timestamp(Reader& reader);
void write(Writer& writer, const Timestamp& timestamp);

// The value alone, as it stands in the payload (8 octets, of a counter 4): what the MAC of a verification
// message adds.
Bytes value_octets(const Timestamp& timestamp);

Timestamp ntp_utc(Instant time);
// NTP seconds wrap every 136 years (2036 next): the reading nearest to `near` is meant.
Instant to_instant(const Timestamp& timestamp, Instant near);

} // namespace sipvet::mikey
