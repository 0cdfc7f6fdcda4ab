#include "rtp/udptl.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

#include <algorithm>
#include <array>

namespace sipvet::rtp {
namespace {

constexpr std::uint8_t long_length = 0x80;     // X.691 §10.9.3.7: two octets, 14 bits
constexpr std::uint8_t fragmented = 0xc0;      // §10.9.3.8: 16K pieces, which no fax needs
constexpr std::uint8_t parity_choice = 0x80;   // error-recovery: the second alternative
constexpr std::size_t short_length_most = 127; // one octet
// IFP: no data field, the alternative t30-indicator, not extended, then four bits of value.
constexpr std::uint8_t value_shift = 1;
constexpr std::uint8_t highest_indicator = 3;

Result<std::size_t> read_length(Reader& reader, std::string_view field) {
  const std::size_t at = reader.offset();
  SIPVET_TRY(const std::uint8_t first, reader.u8(field));
  if ((first & fragmented) == fragmented)
    return fail("expected fewer than 16384 octets of " + std::string(field), at);
  if ((first & long_length) == 0) return std::size_t{first};
  SIPVET_TRY(const std::uint8_t second, reader.u8(field));
  return static_cast<std::size_t>(first & ~long_length) << 8 | second;
}

Result<Bytes> read_field(Reader& reader, std::string_view field) {
  SIPVET_TRY(const std::size_t count, read_length(reader, field));
  SIPVET_TRY(const ByteView octets, reader.bytes(count, field));
  return {boost::system::in_place_value, to_bytes(octets)};
}

void write_field(Writer& writer, ByteView octets) {
  const ByteView kept = octets.first(std::min(octets.size(), max_udptl_field_octets));
  if (kept.size() <= short_length_most)
    writer.u8(static_cast<std::uint8_t>(kept.size()));
  else
    writer.u16(static_cast<std::uint16_t>(kept.size() | long_length << 8));
  writer.bytes(kept);
}

} // namespace

Result<Udptl> parse_udptl(ByteView datagram) {
  Reader reader(datagram);
  Udptl out;
  SIPVET_TRY(out.sequence, reader.u16("seq-number"));
  SIPVET_TRY(out.primary, read_field(reader, "primary-ifp-packet"));
  const std::size_t at = reader.offset();
  SIPVET_TRY(const std::uint8_t choice, reader.u8("error-recovery"));
  if ((choice & parity_choice) != 0) {
    out.parity_fec = true;
    reader.rest();
    return out;
  }
  if (choice != 0) return fail("expected secondary IFP packets or parity FEC", at);
  SIPVET_TRY(const std::size_t count, read_length(reader, "secondary-ifp-packets"));
  if (count > max_udptl_secondaries)
    return fail("expected at most 16 secondary IFP packets, found " + std::to_string(count), at + 1);
  for (std::size_t i = 0; i < count; ++i) {
    SIPVET_TRY(Bytes secondary, read_field(reader, "secondary-ifp-packet"));
    out.secondaries.push_back(std::move(secondary));
  }
  SIPVET_CHECK(reader.expect_end("UDPTL packet"));
  return out;
}

Bytes serialize(const Udptl& packet) {
  Writer writer;
  writer.u16(packet.sequence);
  write_field(writer, packet.primary);
  writer.u8(0);
  const std::size_t count = std::min(packet.secondaries.size(), max_udptl_secondaries);
  writer.u8(static_cast<std::uint8_t>(count));
  for (std::size_t i = 0; i < count; ++i) write_field(writer, packet.secondaries[i]);
  return writer.take();
}

Bytes ifp_of(T30Indicator indicator) {
  return {static_cast<std::uint8_t>(static_cast<unsigned>(indicator) << value_shift)};
}

std::optional<T30Indicator> indicator_of(ByteView ifp) {
  if (ifp.size() != 1 || (ifp[0] & 1) != 0 || ifp[0] >> value_shift > highest_indicator) return std::nullopt;
  return static_cast<T30Indicator>(ifp[0] >> value_shift);
}

std::string_view name(T30Indicator indicator) {
  constexpr std::array<std::string_view, 4> names = {"no-signal", "cng", "ced", "v21-preamble"};
  return names.at(static_cast<std::size_t>(indicator));
}

} // namespace sipvet::rtp
