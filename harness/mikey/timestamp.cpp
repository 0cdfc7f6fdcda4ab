#include "mikey/timestamp.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

constexpr std::int64_t ntp_to_unix_s = 2'208'988'800; // RFC 5905 §6: 1900 to 1970
constexpr std::int64_t nanoseconds_per_s = 1'000'000'000;

} // namespace

Result<Timestamp> parse_timestamp(Reader& reader) {
  Timestamp out;
  const std::size_t at = reader.offset();
  SIPVET_TRY(const std::uint8_t kind, reader.u8("timestamp type"));
  out.kind = static_cast<TimestampType>(kind);
  if (kind > static_cast<std::uint8_t>(TimestampType::counter))
    return fail(
        fmt::format("timestamp type {} is unknown, expected 0 (NTP-UTC), 1 (NTP) or 2 (counter)", kind), at);
  if (out.kind == TimestampType::counter) {
    SIPVET_TRY(out.value, reader.u32("timestamp counter"));
  } else {
    SIPVET_TRY(out.value, reader.u64("NTP timestamp"));
  }
  return out;
}

Bytes value_octets(const Timestamp& timestamp) {
  Writer writer;
  if (timestamp.kind == TimestampType::counter)
    writer.u32(static_cast<std::uint32_t>(timestamp.value));
  else
    writer.u64(timestamp.value);
  return writer.take();
}

void write(Writer& writer, const Timestamp& timestamp) {
  writer.u8(static_cast<std::uint8_t>(timestamp.kind)).bytes(value_octets(timestamp));
}

Timestamp ntp_utc(Instant time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto seconds = static_cast<std::uint32_t>(whole.time_since_epoch().count() + ntp_to_unix_s);
  const auto nanoseconds = static_cast<std::uint64_t>((time - whole).count());
  const std::uint64_t fraction = (nanoseconds << 32) / nanoseconds_per_s;
  return {TimestampType::ntp_utc, static_cast<std::uint64_t>(seconds) << 32 | fraction};
}

Instant to_instant(const Timestamp& timestamp, Instant near) {
  const auto near_s =
      std::chrono::floor<std::chrono::seconds>(near).time_since_epoch().count() + ntp_to_unix_s;
  // The signed difference of the low 32 bits is the way to the nearest reading.
  const auto away_s = static_cast<std::int32_t>(static_cast<std::uint32_t>(timestamp.value >> 32) -
                                                static_cast<std::uint32_t>(near_s));
  const std::uint64_t fraction = timestamp.value & 0xFFFFFFFF;
  const auto nanoseconds = static_cast<std::int64_t>((fraction * nanoseconds_per_s) >> 32);
  return Instant(std::chrono::seconds(near_s - ntp_to_unix_s + away_s) + Duration(nanoseconds));
}

} // namespace sipvet::mikey
